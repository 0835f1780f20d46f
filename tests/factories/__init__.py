"""Plain factories: each makes one row, or a small family of rows, with sensible values."""

from tests.factories.billing import make_invoice, make_invoice_of
from tests.factories.care import make_accompaniment, make_health_form
from tests.factories.leisure import (
    make_activity,
    make_contract,
    make_group,
    make_place,
    make_price,
    make_registration,
    make_reservation,
)
from tests.factories.payments import (
    make_consent,
    make_declined_charge,
    make_payment_under_way,
    make_saved_card,
    pay_elsewhere,
    pay_too_much,
    take_back,
)
from tests.factories.people import make_account, make_household, make_person
from tests.factories.staff import make_staff, make_visit
from tests.factories.taxes import make_tax_receipt

__all__ = [
    "make_accompaniment",
    "make_account",
    "make_activity",
    "make_consent",
    "make_contract",
    "make_declined_charge",
    "make_group",
    "make_health_form",
    "make_household",
    "make_invoice",
    "make_invoice_of",
    "make_payment_under_way",
    "make_person",
    "make_place",
    "make_price",
    "make_registration",
    "make_reservation",
    "make_saved_card",
    "make_staff",
    "make_tax_receipt",
    "make_visit",
    "pay_elsewhere",
    "pay_too_much",
    "take_back",
]
