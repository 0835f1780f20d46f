"""A mother at her browser, her child, and what was paid for them in the years before."""

from datetime import date

import pytest

from tests.domain.taxes.conftest import LAST_YEAR, charged, city, environment, give_back, issuing, pays, spring
from tests.factories import make_person

__all__ = ["LAST_YEAR", "charged", "city", "environment", "give_back", "issuing", "pays", "spring"]


@pytest.fixture
def member(citizen):
    citizen.account = citizen.joins()
    citizen.child = make_person(citizen.household, first_name="Léa", birth_date=date(LAST_YEAR - 6, 5, 4))
    return citizen


@pytest.fixture
def online(member):
    """The member accepts to receive her receipts online."""
    member.post("/mon-dossier/recus-fiscaux/consentement", "/mon-dossier/recus-fiscaux", wanted="1")
    return member
