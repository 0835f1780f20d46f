"""Who belongs together, whom to tell when something changes, and setting people apart."""

from datetime import date

from city import City
from domain import audit, outbox, sessions
from domain.common import clock
from models import Account, Household, Membership, Person, Separation, write


class NotTogether(Exception):
    """Tried to set people apart who do not share a household, or everyone of it."""


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
    """Return where to write to someone: her account's confirmed e-mail, else the one on the card's file.

    Nothing for a deceased person: her card gets no mail.
    """
    if person.status == Person.DECEASED:
        return ""
    account = Account.get_or_none(Account.person == person)
    return (account.confirmed_email if account else "") or person.email


def tell_of_change(account: Account, letter: str, letters: object, city: City) -> None:
    """Tell of a change to an account: its own e-mail, the address on file, and the household's other adults.

    A former spouse may know a card number and a birth date: whoever is concerned must hear of it.
    """
    person = account.person
    values = {"person": person, "moment": clock.now()}
    on_file = "" if person.status == Person.DECEASED else person.email
    for address in sorted({address_of(person), on_file}):
        outbox.write(address, *letters.write(letter, **values))
    for other in other_adults(person, city.adult_age, clock.today()):
        outbox.write(address_of(other), *letters.write("change_at_home", letter=letter, **values))


def tell_other_adults(person: Person, letter: str, letters: object, city: City, **values: object) -> None:
    """Write to the other adults of someone's households, in the caller's transaction."""
    for other in other_adults(person, city.adult_age, clock.today()):
        outbox.write(address_of(other), *letters.write(letter, person=person, **values))


def join(person: Person, household: Household) -> None:
    """Put someone in one more household, in the caller's transaction; the nightly import does not undo it."""
    theirs = [row.household_id for row in Membership.select().where(Membership.person == person)]
    if household.id in theirs:
        return
    Membership.create(household=household, person=person)
    for before in theirs:
        Separation.insert(person=person, household=before, apart=household, stays=True).on_conflict(
            conflict_target=[Separation.person, Separation.household],
            update={Separation.apart: household, Separation.stays: True},
        ).execute()
    audit.by_system("household joined", person, household.code)


def split(leaving: list[Person], staying_too: list[Person], letters: object, city: City) -> Household:
    """Set people apart in a new household; those of `staying_too`, such as a child, belong to both from now on.

    Invoices stay with the household they were made for. Every session of those concerned ends, each adult is told, and
    the nightly import does not undo it. Raises: NotTogether.
    """
    before = _shared_by([*leaving, *staying_too])
    everyone = list(Person.select().join(Membership).where(Membership.household == before))
    if len(leaving) >= len(everyone):
        raise NotTogether
    with write():
        apart = Household.create(code=_code_after(before))
        for person in leaving:
            Membership.delete().where(Membership.person == person, Membership.household == before).execute()
        for person in [*leaving, *staying_too]:
            stays = person in staying_too
            Membership.create(household=apart, person=person)
            Separation.create(person=person, household=before, apart=apart, stays=stays)
            audit.by_system("household split", person, apart.code)
        for person in everyone:
            sessions.end_all(person)
            if person.age_on(clock.today()) >= city.adult_age:
                outbox.write(address_of(person), *letters.write("household_split", person=person))
    return apart


def _shared_by(people: list[Person]) -> Household:
    """Return the household that all of them belong to. Raises: NotTogether."""
    shared = [
        {household for (household,) in Membership.select(Membership.household).where(Membership.person == one).tuples()}
        for one in people
    ]
    common = set.intersection(*shared) if shared else set()
    if len(common) != 1:
        raise NotTogether
    return Household.get_by_id(common.pop())


def _code_after(household: Household) -> str:
    """Return a code that no household of the city's files has."""
    return f"{household.code}/{Separation.select().where(Separation.household == household).count() + 1}"
