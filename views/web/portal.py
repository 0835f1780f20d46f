"""What app.py built, at hand in the views."""

from dataclasses import dataclass

from flask import current_app

from city import City
from domain.access.proof import Box, Captcha
from domain.activities.catalogue import Catalogue
from domain.billing.listener import Listener
from domain.cart.holds import Durations
from domain.common.calendars import CalendarFiles
from domain.common.letters import Letters
from domain.payments.gateway import Gateway
from settings import Settings
from views.web.neighbours import (
    ContractDocuments,
    CsvFiles,
    Documents,
    Simulator,
    Spreadsheets,
    TaxDocuments,
    Tokens,
    Worker,
)


@dataclass(frozen=True)
class Portal:
    """The settings and the neighbours outside, as app.py built them."""

    settings: Settings
    listeners: Listener
    letters: Letters
    captcha: Captcha | None
    recaptcha: Box | None
    worker: Worker
    gateway: Gateway
    tokens: Tokens
    documents: Documents
    tax_documents: TaxDocuments
    contract_documents: ContractDocuments
    calendar: CalendarFiles
    csv_files: CsvFiles
    spreadsheets: Spreadsheets
    simulator: Simulator | None
    catalogue: Catalogue
    durations: Durations
    version: str

    @property
    def city(self) -> City:
        return self.settings.city


def portal() -> Portal:
    """Return the running portal's parts."""
    return current_app.extensions["portal"]
