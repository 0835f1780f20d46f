"""Households, people and their accounts."""

from datetime import date, timedelta

from domain.common import clock
from models import Account, Household, Membership, Person
from tests.factories.numbers import numbers


def make_household(code: str | None = None) -> Household:
    return Household.create(code=code or f"D{next(numbers):08}")


def make_person(household: Household | None = None, **values) -> Person:
    n = next(numbers)
    defaults = {
        "card_number": f"QMAGB{n:08}",
        "last_name": "Trần",
        "first_name": "Geneviève",
        "birth_date": date(1984, 2, 29),
        "expires_on": clock.today() + timedelta(days=400),
        "address": "12, rue Merry Nord",
        "city": "Magog",
        "postal_code": "J1X 2B6",
        "phone": "819 843-0000",
    }
    person = Person.create(**(defaults | values))
    Membership.create(household=household or make_household(), person=person)
    return person


def make_account(person: Person | None = None, username: str | None = None, **values) -> Account:
    username = username or f"citoyen{next(numbers)}"
    return Account.create(
        person=person or make_person(),
        username=username,
        username_key=username.casefold(),
        **({"password_hash": "never matches"} | values),
    )
