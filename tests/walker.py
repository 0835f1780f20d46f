"""A citizen with verbs, for tests that read as facts."""

import re
from datetime import date

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain.access import password_reset
from models import Account, Household, Invoice, Payment, Person, SavedCard, UnverifiedAccount
from tests.factories import make_household, make_person

PASSWORD = "chaloupe violette 27"
ANOTHER = "canot tranquille 38"


class Citizen:
    """A resident at her browser. The household and card exist; nothing else until she does it."""

    def __init__(self, client: FlaskClient, household: Household | None = None) -> None:
        self.client = client
        self.household = household or make_household()
        self.person: Person = make_person(self.household)

    def post(self, path: str, page: str = "", headers: dict | None = None, **fields: object) -> TestResponse:
        """Post a form with the CSRF token of the page it stands on."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get(page or path).text)
        data = {"csrf_token": token[1] if token else "", **fields}
        return self.client.post(path, data=data, headers=headers)

    def identifies(self, number: str | None = None, born: date | None = None) -> TestResponse:
        """Send step 1."""
        born = born or self.person.birth_date
        return self.post(
            "/compte/carte",
            card_number=number or self.person.card_number,
            birth_year=born.year,
            birth_month=born.month,
            birth_day=born.day,
        )

    def chooses(
        self, username: str = "genevieve", password: str = PASSWORD, again: str = "", email: str = "", code: str = ""
    ) -> TestResponse:
        """Send step 2."""
        return self.post(
            "/compte/identifiants",
            username=username,
            password=password,
            password_again=again or password,
            email=email,
            one_time_code=code,
        )

    def joins(self, *, verified: bool = True, **how: str) -> Account:
        """Go through steps 1 and 2; `verified`: the city knows her, though her file has no e-mail."""
        assert self.identifies().status_code == 303
        assert self.chooses(**how).status_code == 303
        account = Account.get(Account.person == self.person)
        if verified:
            UnverifiedAccount.delete().where(UnverifiedAccount.account == account).execute()
        return account

    def signs_in(self, username: str = "genevieve", password: str = PASSWORD, suite: str = "") -> TestResponse:
        """Send the sign-in form."""
        path = f"/connexion?suite={suite}" if suite else "/connexion"
        return self.post(path, username=username, password=password)

    def comes_back(self, username: str = "genevieve") -> TestResponse:
        """Enter with a password chosen anew, by a code that the counter reads out."""
        code = password_reset.read_out(Account.get(Account.person == self.person))
        page = self.post("/oubli/code-recu", one_time_code=code).location
        self.post(page, password=ANOTHER, password_again=ANOTHER)
        return self.signs_in(username, ANOTHER)

    def signs_out(self) -> TestResponse:
        """Press Déconnexion."""
        return self.post("/deconnexion", "/mon-dossier")

    def pays(self, *invoices: Invoice, seen_cents: int | None = None, nonce: str = "fake-valid-nonce") -> TestResponse:
        """Send step 4 for these invoices."""
        numbers = [invoice.number for invoice in invoices]
        due = sum(invoice.balance_cents for invoice in invoices)
        return self.post(
            "/mon-dossier/payer",
            "/compte/aide-memoire",
            facture=numbers,
            amount_seen_cents=due if seen_cents is None else seen_cents,
            payment_method_nonce=nonce,
        )

    def pays_with(self, card: SavedCard, *invoices: Invoice) -> TestResponse:
        """Send step 4 with a saved card."""
        return self.post(
            "/mon-dossier/payer",
            "/compte/aide-memoire",
            facture=[invoice.number for invoice in invoices],
            amount_seen_cents=sum(invoice.balance_cents for invoice in invoices),
            payment_method=card.reference,
        )

    def keeps_a_card(self, nonce: str = "fake-valid-visa-nonce") -> TestResponse:
        """Send what Hosted Fields give for a card to keep."""
        return self.post("/mon-dossier/coffre/ajouter", payment_method_nonce=nonce)

    def payment(self, response: TestResponse) -> Payment:
        """Return the payment a 303 leads to."""
        assert response.status_code == 303, response.text
        return Payment.get(Payment.reference == response.location.rpartition("/")[2])
