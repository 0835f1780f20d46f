"""What attackers walk over: every address of the portal, with ids that are somebody else's."""

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.common import clock
from models import Account, Activity, EmergencyContact, Household, Receipt, StaffRole
from tests.factories import (
    make_accompaniment,
    make_consent,
    make_contract,
    make_group,
    make_health_form,
    make_household,
    make_invoice,
    make_person,
    make_saved_card,
    make_tax_receipt,
    pay_elsewhere,
)
from tests.pages import CheckedClient
from tests.staff.conftest import Clerk
from tests.walker import Citizen

SAID = "Allergie aux noix de Grenoble"  # what a home says of its child: nobody else may read it


@dataclass
class Ids:
    """What stands in the variable parts of addresses."""

    number: str = "F00000"
    reference: str = "PAAA-0000"
    receipt: str = "R-0"
    token: str = "token"  # noqa: S105  not one
    username: str = "personne"
    code: str = "lieu"
    person_id: int = 0
    card: str = "guichet-x"
    tax: str = "D-0"
    activity: str = "activite"
    household: str = "D00000000"
    child_id: int = 0
    contact_id: int = 0
    accompaniment_id: int = 0
    consent: str = "F-0"
    contract: str = "P-0"

    def fill(self, rule) -> str:
        """Return an address of a rule of the url map."""
        values = {
            "number": {
                "payment.receipt": self.receipt,
                "taxes.receipt": self.tax,
                "vault.withdraw": self.consent,
                **dict.fromkeys(("activities.contract", "activities.cancellation_form"), self.contract),
            }.get(rule.endpoint, self.number),
            "reference": self.reference,
            "token": self.token,
            "username": self.username,
            "code": self.code,
            "alert_id": 1,
            "change_id": 1,
            "overpayment_id": 1,
            "charge_id": 1,
            "request_id": self.accompaniment_id if rule.endpoint == "staff.care.decide" else 1,
            "review_id": 1,
            "contact_id": self.contact_id,
            "what": "telephone",
            "person_id": self.child_id if "care." in rule.endpoint else self.person_id,
            "kind": "csv" if rule.endpoint == "registering.open_data" else "json",
            "card_reference": self.card,
            "activity": self.activity,
            "program": self.activity,
            "household": self.household,
        }
        return rule.build({name: values[name] for name in rule.arguments})[1]


def rules(app: Flask, method: str) -> list:
    """Return every rule of ours that takes a method."""
    ours = (rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith(("simulator.", "static")))
    return [rule for rule in ours if method in rule.methods]


def things_of(household: Household) -> Ids:
    """Return an invoice, a payment and a receipt of a household."""
    invoice = make_invoice(household)
    payment = pay_elsewhere((invoice, 10_000))
    receipt = Receipt.get_or_none(Receipt.payment == payment)
    ids = Ids(invoice.number, payment.reference, receipt.number if receipt else "R-0")
    ids.person_id = household.memberships.get().person_id
    called = {"person": ids.person_id, "household": household, "name": SAID, "phone": "819 843-1330"}
    ids.contact_id = EmergencyContact.create(**called).id
    child = make_person(household, birth_date=date(clock.today().year - 8, 1, 1))
    make_health_form(child, household, allergies=SAID)
    ids.child_id, ids.accompaniment_id = child.id, make_accompaniment(child, household, words=SAID).id
    ids.activity, ids.household = (Activity.get_or_none() or make_group(program="")).code, household.code
    account = Account.get_or_none(Account.person == ids.person_id)
    if account:
        ids.card = make_saved_card(account).reference
        ids.tax = make_tax_receipt(account.person).number
        ids.contract = make_contract(account.person, household).number
        ids.consent = make_consent(account, make_invoice(household), make_invoice(household)).first.number
    return ids


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """The browser of a resident of another household."""
    app.test_client_class = CheckedClient
    other = Citizen(app.test_client(), make_household())
    other.joins(username="etrangere")
    return other.client


@pytest.fixture
def admin(app: Flask) -> Clerk:
    """Someone of the city with every role, signed in."""
    clerk = Clerk(app, "admin.magog", *StaffRole.ROLES)
    clerk.sets_up()
    return clerk
