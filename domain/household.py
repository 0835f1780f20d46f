"""Who belongs together, and whom to tell when something changes."""

from datetime import date

from models import Account, Membership, Person


def other_adults(person: Person, adult_age: int, today: date) -> list[Person]:
    """Return the other living adults of the person's households, each once."""
    mine = Membership.select(Membership.household).where(Membership.person == person)
    others = (
        Person.select()
        .join(Membership)
        .where(Membership.household.in_(mine), Person.id != person.id, Person.status != Person.DECEASED)
        .distinct()
    )
    return [other for other in others if other.age_on(today) >= adult_age]


def address_of(person: Person) -> str:
    """Return where to write to someone: her account's confirmed e-mail, else the one on the card's file."""
    account = Account.get_or_none(Account.person == person)
    return (account.confirmed_email if account else "") or person.email
