"""Instalments agreed to, for tests: three invoices of a confirmation, the first paid with a card that is kept."""

from datetime import date, timedelta

from domain.common import clock
from domain.payments import card_consents
from models import Account, CardConsent, Household, Instalment, Invoice, write
from tests.factories import make_invoice

AMOUNTS = (5_000, 2_500, 2_500)


def invoices(home: Household, *amounts: int, today: date | None = None) -> list[Invoice]:
    """One a date: today, 30 and 60 days from now."""
    first = today or clock.today()
    return [
        make_invoice(home, cents, issued_on=first, due_on=first + timedelta(days=30 * number))
        for number, cents in enumerate(amounts or AMOUNTS)
    ]


def agree(account: Account, home: Household, *amounts: int) -> tuple[CardConsent, list[Invoice]]:
    made = invoices(home, *amounts)
    with write():
        consent = card_consents.give(account.id, made, card_consents.WORDS)
    return consent, made


def is_today(instalment: Instalment, **values) -> Instalment:
    """Have an instalment's day come."""
    Instalment.update(next_on=clock.today(), **values).where(Instalment.id == instalment.id).execute()
    return Instalment.get_by_id(instalment.id)
