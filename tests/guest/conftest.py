"""Someone without an account, with a paper invoice in her hand."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from models import Invoice, Payment
from tests.factories import make_household, make_invoice, make_person
from tests.pages import CheckedClient

PATH = "/payer-une-facture"


class Guest:
    """A browser without an account."""

    def __init__(self, app: Flask) -> None:
        app.test_client_class = CheckedClient
        self.client = app.test_client()

    def post(self, path: str, **fields: object) -> TestResponse:
        """Post a form with its page's token."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get(PATH).text)
        return self.client.post(path, data={"csrf_token": token[1] if token else "", **fields})

    def finds(self, invoice: Invoice, **changes: str) -> TestResponse:
        """Send what the paper says."""
        paper = {"invoice_number": invoice.number, "amount": "100,00", "postal_code": "j1x2b6"}
        return self.post(PATH, **(paper | changes))

    def pays(
        self, cents: int = 10_000, name: str = "Club de hockey", nonce: str = "fake-valid-nonce", **more: str
    ) -> TestResponse:
        """Send the payment."""
        fields = {"amount_seen_cents": cents, "payment_method_nonce": nonce, "payer_name": name}
        return self.post(f"{PATH}/payer", **(fields | more))

    def payment(self) -> Payment:
        return Payment.select().order_by(Payment.id.desc()).get()


@pytest.fixture
def guest(app: Flask) -> Guest:
    return Guest(app)


@pytest.fixture
def invoice(db) -> Invoice:
    """An invoice of 100.00 of a household at J1X 2B6, with a name on it."""
    household = make_household()
    person = make_person(household, first_name="Zoé-Secrète")
    return make_invoice(household, 10_000, person=person, description="Camp confidentiel")
