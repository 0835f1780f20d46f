"""Setting people apart: a household of their own, and every door of the one before closed."""

from city import City
from domain.access import credentials, doors, email_undo
from domain.common import audit, clock, numbering, outbox
from domain.common.letters import Letters
from domain.people.household import (
    address_of,
    codes_of,
    keep_from_import,
    note_move,
    take_cart_along,
    warn_unconfirmed,
)
from models import Account, EmergencyContact, Household, Membership, Person, write


class NotTogether(Exception):
    """Tried to set people apart who do not share a household, or everyone of it."""


def split(leaving: list[Person], staying_too: list[Person], letters: Letters, city: City) -> Household:
    """Set people apart in a new household; those of `staying_too`, such as a child, belong to both from now on.

    Invoices stay with the household they were made for. Every session of those concerned ends, nobody's password opens
    anything until it is chosen anew (who lived together may know each other's), each adult is told, and the nightly
    import does not undo it. Raises: NotTogether.
    """
    before = _shared_by([*leaving, *staying_too])
    everyone = list(Person.select().join(Membership).where(Membership.household == before))
    if len(leaving) >= len(everyone):
        raise NotTogether
    nobodys = credentials.hash_of_nobody()
    with write():
        Account.update(password_hash=nobodys).where(Account.person.in_(everyone)).execute()
        apart = Household.create(code=numbering.own_code("household"))
        for person in [*leaving, *staying_too]:
            _move(person, before, apart, stays=person in staying_too)
        for person in everyone:
            doors.close_of(person)
            email_undo.forget_of(person)
            if person.age_on(clock.today()) >= city.adult_age:
                warn_unconfirmed(person, letters)
                letter = letters.write("household_split", person=person)
                outbox.write(address_of(person), *letter, open_to_all=True)
    return apart


def _move(person: Person, before: Household, apart: Household, *, stays: bool) -> None:
    codes = codes_of(person)
    if not stays:
        Membership.delete().where(Membership.person == person, Membership.household == before).execute()
        EmergencyContact.delete().where(
            EmergencyContact.person == person, EmergencyContact.household == before
        ).execute()
        take_cart_along(person.id, before.id, apart.id)
    Membership.create(household=apart, person=person)
    keep_from_import(person, before, apart, stays=stays)
    note_move(person, codes)
    audit.by_system(audit.Act.HOUSEHOLD_SPLIT, person, apart.code)


def _shared_by(people: list[Person]) -> Household:
    """Return the household that all of them belong to. Raises: NotTogether."""
    shared = [set(Membership.select(Membership.household).where(Membership.person == one).scalars()) for one in people]
    common = set.intersection(*shared) if shared else set()
    if len(common) != 1:
        raise NotTogether
    return Household.get_by_id(common.pop())
