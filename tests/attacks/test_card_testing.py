"""Attack 68: stolen card numbers tried one after another, with an account, without, or in the vault."""

from datetime import timedelta

import pytest

from domain.common import clock, rate_limits
from domain.common.pseudonyms import pseudonym
from domain.payments import saved_cards
from models import Alert, Attempt, CardTry, Payment, SavedCard
from settings import LIMITS
from tests.factories import make_account, make_household, make_invoice, make_person
from tests.guest.conftest import PATH, Guest
from tests.pages import solve
from tests.walker import PASSWORD, Citizen

DECLINED, GOOD = "fake-processor-declined-visa-nonce", "fake-valid-nonce"
PROOF, CLOSED = LIMITS["cards refused: proof"].most, LIMITS["cards refused: closed"].most


def later(minutes: int = 2) -> None:
    """Let minutes pass since the last card was refused."""
    for row in CardTry.select().where(CardTry.refused_at.is_null(False)):
        CardTry.update(refused_at=row.refused_at - timedelta(minutes=minutes)).where(CardTry.id == row.id).execute()
    if minutes > 60:
        Attempt.delete().execute()


class Account:
    """A resident who pays her own invoices."""

    source, network, is_guest = "127.0.0.1", "127.0.0.0/24", False

    def __init__(self, app, client, household) -> None:
        self.citizen = Citizen(client, household)
        self.citizen.joins()
        self.client = client

    def tries(self, nonce: str = DECLINED):
        return self.citizen.pays(make_invoice(self.citizen.household), nonce=nonce)

    def charged(self) -> int:
        return Payment.select().count()


class OneInvoice(Account):
    """The same invoice each time, by whoever of the household: the account changes, the invoice does not."""

    def __init__(self, app, client, household) -> None:
        super().__init__(app, client, household)
        self.invoice = make_invoice(household)

    def tries(self, nonce: str = DECLINED):
        CardTry.delete().where(CardTry.place.startswith("account")).execute()
        return self.citizen.pays(self.invoice, nonce=nonce)


class AccountOpenedAnew(Account):
    """A resident who closes her account and opens another after each card, with an invoice each."""

    def tries(self, nonce: str = DECLINED):
        answer = super().tries(nonce)
        Attempt.delete().where(Attempt.kind == rate_limits.LETTERS_OF_A_KIND).execute()  # of another hour
        if answer.status_code == 303:
            self.paying()
            self.citizen.post("/mon-dossier/renseignements/fermer", current=PASSWORD)
            make_account()  # or SQLite gives the number anew
            self.citizen.joins()
        return answer


class AddressOfGuest(Account):
    """Somebody without an account, with many paper invoices."""

    is_guest = True

    def __init__(self, app, client, household) -> None:
        make_person(household)
        self.household, self.guest, self.client = household, Guest(app), client

    def tries(self, nonce: str = DECLINED):
        invoice = make_invoice(self.household)
        assert self.guest.finds(invoice).status_code == 303
        return self.guest.pays(nonce=nonce)


class InvoicesOfACart(Account):
    """Guests at as many addresses as they like, with the invoices that one cart makes as often as it is told to."""

    source, network, is_guest = "2001:db8:1::/64", "2001:db8:1::/48", True

    def __init__(self, app, client, household) -> None:
        super().__init__(app, client, household)
        self.app, self.addresses = app, 0

    def tries(self, nonce: str = DECLINED):
        invoice, guest = make_invoice(self.citizen.household), Guest(self.app)
        self.addresses += 1
        guest.client.environ_base["REMOTE_ADDR"] = f"2001:db8:{self.addresses:x}::1"
        assert guest.finds(invoice).status_code == 303
        return guest.pays(nonce=nonce)


class Vault(Account):
    """The vault asks the bank too, and takes nothing."""

    def tries(self, nonce: str = DECLINED):
        SavedCard.delete().where(SavedCard.state == SavedCard.REFUSED).execute()
        return self.citizen.keeps_a_card(nonce)

    def charged(self) -> int:
        return SavedCard.select().where(SavedCard.state != SavedCard.REFUSED).count()


@pytest.fixture(params=[Account, OneInvoice, AccountOpenedAnew, AddressOfGuest, InvoicesOfACart, Vault])
def trier(request, app, client, paying):
    found = request.param(app, client, make_household())
    found.paying = paying
    return found


@pytest.fixture
def tried(trier, paying, context):
    """Return what tries so many cards that their bank refuses."""

    def advance(times: int, waits: bool = True) -> None:
        for _ in range(times):
            answer = trier.tries()
            assert answer.status_code == 303, answer.text
            paying()
            for card_id in saved_cards.due_for_work():
                saved_cards.advance(card_id, context)
            if waits:
                later()

    return advance


def test_its_network_is_counted_and_of_who_has_no_account_her_address(trier):
    assert trier.tries().status_code == 303
    places = set(CardTry.select(CardTry.place).scalars())
    assert f"network {pseudonym(trier.network)}" in places
    assert (f"address {pseudonym(trier.source)}" in places) is trier.is_guest


def test_after_three_one_waits(trier, tried):
    tried(PROOF, waits=False)
    before = trier.charged()
    answer = trier.tries()
    assert answer.status_code == 422
    assert "Plusieurs cartes viennent d’être refusées" in answer.text
    assert trier.charged() == before
    later()
    tried(1)


def test_after_ten_of_a_day_the_telephone_and_the_counter_are_left(trier, tried):
    tried(CLOSED)
    before = trier.charged()
    answer = trier.tries(GOOD)
    assert answer.status_code == 422
    for words in ("appelez le 819\u00a0843-3333", "comptoir"):
        assert words in answer.text
    assert 'id="pay-button"' not in answer.text
    assert trier.charged() == before
    assert {alert.kind for alert in Alert.select()} == {"card testing"}
    later(24 * 60)
    assert trier.tries(GOOD).status_code == 303


def test_more_than_five_in_an_hour_are_said_to_a_person(trier, tried):
    tried(5)
    assert not Alert.select().exists()
    tried(1)
    assert {alert.kind for alert in Alert.select()} == {"card testing"}


def test_a_card_that_is_taken_does_not_count(trier, tried, paying, context):
    for _ in range(PROOF + 2):
        if isinstance(trier, OneInvoice):
            trier.invoice = make_invoice(trier.citizen.household)
        assert trier.tries(GOOD).status_code == 303
        paying()
        for card_id in saved_cards.due_for_work():
            saved_cards.advance(card_id, context)
    assert not CardTry.select().exists()


def test_who_pays_many_invoices_one_after_another_is_not_taken_for_a_thief(trier):
    """While a slow gateway answers none: each waits for its own answer, and nothing speaks of refusals."""
    answers = [trier.tries(GOOD) for _ in range(1 if isinstance(trier, OneInvoice) else CLOSED)]
    assert {answer.status_code for answer in answers} == {303}


def test_a_payment_under_way_is_shown_whatever_else_was_refused(app, client):
    household = make_household()
    citizen, invoice = Citizen(client, household), make_invoice(household)
    citizen.joins()
    under_way = citizen.pays(invoice).location
    rows = [{"reference": f"P{n}", "place": f"invoice {invoice.number}", "seat": n + 1} for n in range(CLOSED)]
    CardTry.insert_many([row | {"refused_at": clock.now()} for row in rows]).execute()
    assert citizen.pays(invoice).location == under_way


def test_guests_who_try_cards_keep_nobody_of_the_household_from_paying(app, client, paying):
    """Ten seats of guests: whoever has an account pays on."""
    trier = InvoicesOfACart(app, client, make_household())
    for _ in range(CLOSED):
        assert trier.tries().status_code == 303
        paying()
        later()
    assert trier.tries().status_code == 422
    assert Account.tries(trier, GOOD).status_code == 303


class TestProof:
    @pytest.fixture
    def environment(self, environment):
        return environment | {"CAPTCHA": "altcha"}

    def test_the_fourth_card_brings_a_proof_that_counts_once(self, app, client):
        household = make_household()
        guest, invoice = Guest(app), make_invoice(household)
        make_person(household)
        rows = [{"reference": f"P{n}", "place": f"invoice {invoice.number}", "seat": n} for n in range(PROOF)]
        CardTry.insert_many([row | {"refused_at": clock.now()} for row in rows]).execute()
        later()
        with guest.client.session_transaction() as kept:
            kept["guest_invoice"] = [invoice.number, 2_000_000_000_000]
        html = guest.client.get(f"{PATH}/payer").text
        assert "data-proof" in html
        proof = solve(html)
        refused = guest.post(
            f"{PATH}/payer", amount_seen_cents=10_000, payment_method_nonce=GOOD, payer_name="x", altcha="forged"
        )
        assert refused.status_code == 422
        assert "votre navigateur fait une vérification" in refused.text
        sent = {"amount_seen_cents": 10_000, "payment_method_nonce": GOOD, "payer_name": "x", "altcha": proof}
        assert guest.post(f"{PATH}/payer", **sent).status_code == 303
