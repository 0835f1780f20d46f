"""Ma famille: who is of the household, her card, whom to call for her, and what the city is asked to change."""

from dataclasses import dataclass
from datetime import date, timedelta

from city import City
from domain.common import audit, clock, letter_limits, outbox
from domain.common.letters import Letters, Told
from domain.people import contacts, household
from domain.people.requests import MOST_OPEN, TooManyRequests
from models import Account, ChangeRequest, EmergencyContact, JoinRequest, Membership, Person, write

WARN_FROM = timedelta(days=60)


class NoSuchMember(Exception):
    """Tried to see or change someone who is not of the household, or another adult's own details."""


class AlreadyMember(Exception):
    """Tried to add someone who is of the household."""


@dataclass(frozen=True)
class Member:
    """Someone of the household as another of it sees her: another adult's contact details are her own business."""

    person: Person
    age: int
    is_open: bool  # changes may be asked for her: oneself, and children
    tells_where: bool  # her address and telephone may be seen: those of a child of two homes are the other home's too
    contacts: list[EmergencyContact]  # in the order in which they are called
    waiting: list[ChangeRequest]
    answered: ChangeRequest | None  # the last that the city decided, of what the account's person asked
    days_left: int

    @property
    def is_expired(self) -> bool:
        return self.days_left < 0

    @property
    def expires_soon(self) -> bool:
        return 0 <= self.days_left <= WARN_FROM.days


def members(account: Account, city: City, today: date) -> list[Member]:
    """Return everyone of the account's households, oneself first: four queries, however many."""
    mine = account.household_ids()
    theirs = Membership.select(Membership.person).where(Membership.household.in_(mine))
    people = list(
        Person.select().where(Person.id.in_(theirs), Person.status != Person.DECEASED).order_by(Person.birth_date)
    )
    people.sort(key=lambda person: person.id != account.person_id)
    reads = household.reads_contacts(account)
    called = contacts.of_several(people, mine) if reads else {}
    asked: dict[int, list[ChangeRequest]] = {}
    mine_of_them = ChangeRequest.person.in_(people), ChangeRequest.asked_by == account.person_id
    for row in ChangeRequest.select().where(*mine_of_them).order_by(ChangeRequest.id):
        asked.setdefault(row.person_id, []).append(row)
    hidden = set() if reads else {person.id for person in people}
    hidden |= household.shared(mine) - {account.person_id}
    return [_member(account, person, called, asked, person.id in hidden, city, today) for person in people]


def find(account: Account, person_id: int, city: City, today: date) -> Member:
    """Return someone whose details the account may change. Raises: NoSuchMember."""
    for member in members(account, city, today):
        if member.person.id == person_id and member.is_open:
            return member
    raise NoSuchMember(person_id)


def living_with(account: Account, person: Person) -> list[Person]:
    """Return who else is of those of the account's households that someone is of, the eldest first."""
    mine = Membership.household.in_(account.household_ids())
    homes = Membership.select(Membership.household).where(Membership.person == person, mine)
    theirs = Membership.select(Membership.person).where(Membership.household.in_(homes))
    living = Person.select().where(Person.id.in_(theirs), Person.id != person.id, Person.status != Person.DECEASED)
    return list(living.order_by(Person.birth_date, Person.id))


def ask_member(account: Account, person: Person, words: str, letters: Letters, city: City) -> None:
    """Ask the city to add someone to the account's household; she and the adults concerned are told.

    The same request sent twice is one. Raises: AlreadyMember, TooManyRequests, TooManyLetters.
    """
    mine = account.household_ids()
    if Membership.select().where(Membership.household.in_(mine), Membership.person == person).exists():
        raise AlreadyMember
    asking = account.person
    waiting = ChangeRequest.select().where(ChangeRequest.person == asking, ChangeRequest.decided_at.is_null())
    with write():
        if JoinRequest.select().where(JoinRequest.person == person, JoinRequest.request.in_(waiting)).exists():
            return
        if waiting.count() >= MOST_OPEN:
            raise TooManyRequests
        asked = ChangeRequest.create(kind=ChangeRequest.MEMBER, person=asking, asked_by=asking, words=words)
        JoinRequest.create(request=asked, person=person, household=min(mine))
        audit.by_resident(account, audit.Act.MEMBER_ASKED, subject=str(asked.id))
        told: dict[str, Told] = {"concerned": person, "added": True}
        household.tell_other_adults(asking, "asked_at_home", letters, city, [min(mine)], **told)
        for other in [person, *household.other_adults(person, city.adult_age, clock.today())]:
            household.warn_unconfirmed(other, letters)
            if address := household.address_of(other):
                letter_limits.count_stranger(account.person_id, address)
                outbox.write(address, *letters.write("asked_at_home", person=asking, **told))
        outbox.write(city.help.email, *letters.write("correction_to_decide", asked=asked))


def add_member(joined: JoinRequest, made_by: str, letters: Letters, city: City) -> None:
    """Put somebody in the household that asked for her, in the caller's transaction; every adult concerned is told.

    `made_by` is a staff user name. A letter goes to confirmed addresses alone, and not to one that somebody set apart
    from its reader may read, before and after: it would tell where she is. Whom that cannot hide any more (she is put
    back where the other is) is told.
    """
    person, home = joined.person, joined.household
    people = household.people_of(home.id)
    if person in people:
        return
    here = [one for one in people if _is_adult(one, city)] + [person] * _is_adult(person, city)
    elsewhere = _parents_elsewhere(person, people, city)
    unsafe = [one for one in [*here, *elsewhere] if _is_overheard(one, city)]
    household.join(person, home, made_by)
    for one in [*here, *elsewhere]:
        household.warn_unconfirmed(one, letters)
        account = Account.get_or_none(Account.person == one)
        if account and account.confirmed_email and not (one in unsafe and _is_overheard(one, city)):
            told: dict[str, Told] = {"reader": one, "person": person, "asker": joined.request.asked_by}
            letter = letters.write("member_added", elsewhere=one in elsewhere, moment=clock.now(), **told)
            outbox.write(account.confirmed_email, *letter)


def _parents_elsewhere(person: Person, home: list[Person], city: City) -> list[Person]:
    """Return the adults of a child's other homes, who hear that she is added to one more, and not to which.

    None when the city set her, or somebody of that home, apart: not even that there is another home is theirs to know.
    An adult's other homes are her own matter.
    """
    if _is_adult(person, city) or any(household.is_set_apart(one.id) for one in [person, *home]):
        return []
    others = household.other_adults(person, city.adult_age, clock.today())
    return [one for one in others if one not in home]


def _is_adult(person: Person, city: City) -> bool:
    return person.age_on(clock.today()) >= city.adult_age


def _is_overheard(person: Person, city: City) -> bool:
    account = Account.get_or_none(Account.person == person)
    return account is not None and household.is_read_by_who_is_apart(account, city)


def _member(
    account: Account,
    person: Person,
    called: dict[int, list[EmergencyContact]],
    asked: dict[int, list[ChangeRequest]],
    is_hidden: bool,
    city: City,
    today: date,
) -> Member:
    age, is_oneself, requests = person.age_on(today), person.id == account.person_id, asked.get(person.id, [])
    return Member(
        person=person,
        age=age,
        is_open=is_oneself or age < city.adult_age,
        tells_where=(is_oneself or age < city.adult_age) and not is_hidden,
        contacts=called.get(person.id, []),
        waiting=[one for one in requests if not one.decided_at],
        answered=next((one for one in reversed(requests) if one.is_answered), None),
        days_left=(person.expires_on - today).days,
    )
