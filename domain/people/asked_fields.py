"""Fields of a card's file that a resident asks to have changed, and that the city accepts with one press that does it.

What the file said is kept beside what is asked: what has become of it, or of the people, is told to whoever decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from city import City
from domain.common import audit, clock, outbox
from domain.common.letters import Letters
from domain.common.local_changes import as_text
from domain.people import corrections, household
from domain.people.corrections import ChangedSince, Correction, Value
from domain.people.requests import MOST_OPEN, TooManyRequests
from models import Account, AskedField, ChangeRequest, Membership, Person, UnverifiedAccount, write

ADDRESS = ("address", "city", "postal_code")
ALONE = ("phone", "email", "birth_date")  # each asked by itself
NAME = ("first_name", "last_name")
FIELDS = (*NAME, "birth_date", *ADDRESS, "phone", "email")


A_DAY = timedelta(days=1)
MOST_REPLACED = 10  # in a day, of one person


class Standing(StrEnum):
    """What stands in the way of a field being written, or nothing."""

    TO_DO = "to do"
    DONE = "done"  # the file says it already
    CHANGED = "changed"  # the file says something else than when it was asked
    DECEASED = "deceased"
    APART = "apart"  # the person and who asks are no more of one household
    GROWN = "grown"  # she was a child: now it is hers to ask


IMPOSSIBLE = (Standing.DECEASED, Standing.APART, Standing.GROWN)


class TooOften(Exception):
    """Tried to replace requests that wait again and again."""


class NothingToDo(Exception):
    """Tried to accept a request of which nothing can be done any more."""


class AskerNotVerified(Exception):
    """Tried to accept what an account asks before the city knows whose it is: it may ask for the number called."""


class ResidenceUndecided(Exception):
    """Tried to accept an address in another city without saying whether who lives there is a resident."""


@dataclass(frozen=True)
class Asked:
    """A field that is asked, as it stands now."""

    row: AskedField
    now: str  # what the file says
    standing: Standing

    @property
    def is_possible(self) -> bool:
        return self.standing not in IMPOSSIBLE

    @property
    def moves(self) -> bool:
        """Tell whether it takes somebody to another city, which may change her price class."""
        elsewhere = self.row.wanted.casefold() != self.now.casefold()
        return self.row.field == "city" and self.is_possible and elsewhere


def ask(
    account: Account,
    person: Person,
    wanted: Mapping[str, str],
    also: Sequence[Person],
    words: str,
    letters: Letters,
    city: City,
) -> bool:
    """Ask the city to write fields in the file of someone, and of others she lives with; those concerned are told.

    `words` say the same to a reader. The same, asked twice, is one request; one that waits for the same fields of the
    same person is replaced, of which the other adults alone are written to again: return whether one was.
    Raises: TooManyRequests, TooOften.
    """
    mine = ChangeRequest.select().where(ChangeRequest.asked_by == account.person_id, ChangeRequest.person == person)
    waiting = mine.where(ChangeRequest.decided_at.is_null())
    with write():
        if waiting.where(ChangeRequest.words == words, ChangeRequest.kind == ChangeRequest.FIELDS).exists():
            return False
        replaced = _replace(account, person, wanted)
        lately = ChangeRequest.created_at > clock.now() - A_DAY
        again = mine.where(ChangeRequest.decision == ChangeRequest.REPLACED, lately)
        if again.count() > MOST_REPLACED:
            raise TooOften
        if waiting.count() >= MOST_OPEN:
            raise TooManyRequests
        asked = ChangeRequest.create(kind=ChangeRequest.FIELDS, person=person, asked_by=account.person_id, words=words)
        for one in [person, *also]:
            for field, value in wanted.items():
                seen = as_text(getattr(one, field))
                AskedField.create(request=asked, person=one, field=field, seen=seen, wanted=value)
        audit.by_resident(account, audit.Act.CORRECTION_ASKED, subject=str(asked.id))
        _tell_at_home(account.person, asked, also, letters, city)
        if not replaced:
            asker = account.person
            outbox.write(household.address_of(asker), *letters.write("correction_asked", person=asker))
            outbox.write(city.help.email, *letters.write("correction_to_decide", asked=asked))
    return replaced


def _replace(account: Account, person: Person, wanted: Mapping[str, str]) -> bool:
    """Put aside what the same person asked of the same fields and nobody decided; another's words are her own."""
    same = (
        AskedField.select(AskedField.request)
        .join(ChangeRequest)
        .where(
            AskedField.person == person,
            AskedField.field.in_(list(wanted)),
            ChangeRequest.person == person,
            ChangeRequest.asked_by == account.person_id,
            ChangeRequest.decided_at.is_null(),
        )
    )
    replaced = ChangeRequest.update(decision=ChangeRequest.REPLACED, decided_at=clock.now())
    ids = list(same.distinct().scalars())
    return bool(replaced.where(ChangeRequest.id.in_(ids), ChangeRequest.decided_at.is_null()).execute())


def _tell_at_home(asker: Person, asked: ChangeRequest, also: Sequence[Person], letters: Letters, city: City) -> None:
    """Tell the other adults of the person's home of what is asked: whose own file it is about, of that."""
    homes = household.homes_of_both(asker, asked.person)
    for other in household.other_adults(asker, city.adult_age, clock.today(), homes):
        concerned = other if other in also else asked.person
        household.tell_adult(other, "asked_at_home", letters, person=asker, concerned=concerned, added=False)


def standing(request: ChangeRequest, city: City) -> list[Asked]:
    """Return the fields of a request as they stand now, in the order in which they are read, person by person."""
    rows = AskedField.select(AskedField, Person).join(Person).where(AskedField.request == request)
    found = sorted(rows, key=lambda row: (row.person_id != request.person_id, row.person_id, FIELDS.index(row.field)))
    people = {row.person_id: row.person for row in found}
    reasons = {one.id: _impossible(request, one, city) for one in people.values()}
    return [_asked(row, people[row.person_id], reasons[row.person_id]) for row in found]


def _asked(row: AskedField, person: Person, impossible: Standing | None) -> Asked:
    now = as_text(getattr(person, row.field))
    unchanged = Standing.TO_DO if now == row.seen else Standing.CHANGED
    return Asked(row, now, impossible or (Standing.DONE if now == row.wanted else unchanged))


def _impossible(request: ChangeRequest, person: Person, city: City) -> Standing | None:
    """Tell why nothing asked of somebody can be done: life went on since."""
    asker, today = request.asked_by or request.person, clock.today()
    if Person.DECEASED in {person.status, asker.status}:
        return Standing.DECEASED
    if person.id == asker.id:
        return None
    homes = Membership.select(Membership.household).where(Membership.person == asker)
    if not Membership.select().where(Membership.person == person, Membership.household.in_(homes)).exists():
        return Standing.APART
    adult_then = person.age_on(clock.local(request.created_at).date()) >= city.adult_age
    return Standing.GROWN if person.age_on(today) >= city.adult_age and not adult_then else None


def is_unverified(request: ChangeRequest) -> bool:
    """Tell whether the city does not know yet whose the account is that asks."""
    asker = request.asked_by_id or request.person_id
    return UnverifiedAccount.select().join(Account).where(Account.person == asker).exists()


def carry_out(
    request: ChangeRequest, shown: Mapping[int, str], resident: bool | None, made_by: str, city: City
) -> list[tuple[Person, list[str]]]:
    """Write what was asked, in the caller's transaction; return who was before, each with the fields that changed.

    `shown` is what the file said of each row that the page showed as possible; without any, what it said when it was
    asked. `resident` is what those who change city are from now on. `made_by` is a staff user name.
    Raises: AskerNotVerified, NothingToDo, ResidenceUndecided, corrections.ChangedSince.
    """
    if is_unverified(request):
        raise AskerNotVerified
    possible = [one for one in standing(request, city) if one.is_possible]
    if not possible:
        raise NothingToDo
    if shown and set(shown) != {one.row.id for one in possible}:
        raise ChangedSince
    if any(one.now != shown.get(one.row.id, one.row.seen) and one.standing != Standing.DONE for one in possible):
        raise ChangedSince
    if resident is None and any(one.moves for one in possible):
        raise ResidenceUndecided
    done = []
    for person in {one.row.person_id: one.row.person for one in possible}.values():
        hers = [one for one in possible if one.row.person_id == person.id and one.standing != Standing.DONE]
        wanted = {one.row.field: _correction(person, one.row) for one in hers}
        if resident is not None and person.resident != resident and any(one.moves for one in hers):
            wanted["resident"] = Correction(person.resident, resident)
        corrections.correct(person, wanted, made_by)
        if wanted:
            done.append((person, list(wanted)))
    return done


def _correction(person: Person, row: AskedField) -> Correction:
    wanted: Value = date.fromisoformat(row.wanted) if row.field == "birth_date" else row.wanted
    return Correction(getattr(person, row.field), wanted)
