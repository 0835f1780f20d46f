"""Citizen cards: a person each, and the households she belongs to. Who shares a household is written together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from domain.common import clock
from domain.common.batches import among, columns_among, cut, insert_all
from domain.common.facts import Values
from domain.imports import belonging
from domain.imports.outcome import Cells, Change, Outcome, Plan, Problem, Reason, Row, Watch, by_key
from domain.imports.two_sources import Ours, refuse_unmade, texts
from domain.people import household
from models import Account, Household, Membership, Person, Session

FIELDS = (
    "last_name", "first_name", "birth_date", "expires_on", "address", "city", "postal_code", "phone", "email",
    "resident", "status", "price_class", "school", "levels",
)  # fmt: skip
ADULT_AGE, MANY_ADDRESSES = 18, 3
AT_ONCE = 20  # families a write: one by one, 20,000 cards took twice the time


@dataclass
class Planned:
    """A card as the file wants it; `person` is who has it here."""

    number: str
    line: int
    values: Cells
    told: Cells  # the values of the columns that the file has: one it has not says nothing of anybody
    homes: set[str]  # codes
    person: Person | None = None
    changes: Cells = field(default_factory=dict)  # by field
    moves: bool = True


def plan(
    rows: Sequence[Row], ours: Ours, progress: Watch = iter, unprintable: Callable[[str], str] = lambda _name: ""
) -> Plan:
    """Plan the persons to create and update and their memberships; nothing is written.

    Two rows of one card with different households put a child in both; a card's rows are its memberships as a set.
    `unprintable` tells the letters of a name that no document prints.
    """
    made = Plan()
    grouped = _group(rows, made.outcome)
    made.outcome.warned = [*_at_many_addresses(grouped), *_not_printed(grouped, unprintable)]
    households = dict(_ids(row.values["household"] for row in rows))
    for row in rows:
        code = row.values["household"]
        refuse_unmade(row.line, "household", code, households, made.outcome, from_portal=ours.from_portal)
    if made.outcome.rejected:
        return made
    known = by_key(among(Person.select(), Person.card_number, grouped), "card_number")
    planned = [_plan(number, same, known.get(number)) for number, same in grouped.items()]
    moving = _moving(planned, households)
    for one in progress(planned):
        _sift(one, one.number in moving, ours, made)
    active = [one for one in planned if one.moves or one.changes]
    left_alone = {problem.key for problem in made.outcome.left_alone}
    made.outcome.created = sum(one.person is None for one in active)
    made.outcome.updated = len(active) - made.outcome.created
    made.outcome.unchanged = sum(not (one.moves or one.changes or one.number in left_alone) for one in planned)
    made.changes += [_change(families) for families in cut(_families(active), AT_ONCE)]
    return made


def _group(rows: Sequence[Row], outcome: Outcome) -> dict[str, list[Row]]:
    """Put a card's rows together; all but the household must agree."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        if not (row.values["last_name"] or row.values["first_name"]):
            outcome.rejected.append(Problem(row.line, "last_name", Reason.NO_NAME))
        same = grouped.setdefault(row.values["card_number"], [])
        if same and any(row.values[name] != same[0].values[name] for name in FIELDS):
            told = {"line": same[0].line}
            outcome.rejected.append(Problem(row.line, "card_number", Reason.CARD_DIFFERS, told))
        same.append(row)
    return grouped


def _plan(number: str, rows: list[Row], person: Person | None) -> Planned:
    first = rows[0]
    values = {name: first.values[name] for name in FIELDS} | _names(first.values)
    told = {name: value for name, value in values.items() if name not in first.absent}
    return Planned(number, first.line, values, told, {row.values["household"] for row in rows}, person)


def _at_many_addresses(grouped: dict[str, list[Row]]) -> Iterator[Problem]:
    """Yield the households whose adults live at many addresses: a code that is nobody's may have put them together."""
    homes: dict[str, dict[str, Row]] = {}
    for number, rows in grouped.items():
        for row in rows:
            if clock.today().year - row.values["birth_date"].year > ADULT_AGE:
                homes.setdefault(row.values["household"], {})[number] = row
    for code, adults in homes.items():
        addresses = {row.values["address"].casefold() for row in adults.values()} - {""}
        if len(addresses) >= MANY_ADDRESSES:
            told: Values = {"household": code, "adults": len(adults), "addresses": len(addresses)}
            first = min(row.line for row in adults.values())
            yield Problem(first, "household", Reason.MANY_ADDRESSES, told, code)


def _not_printed(grouped: dict[str, list[Row]], unprintable: Callable[[str], str]) -> Iterator[Problem]:
    """Yield the names that receipts cannot print."""
    for number, rows in grouped.items():
        for column in ("last_name", "first_name"):
            if letters := unprintable(rows[0].values[column]):
                yield Problem(rows[0].line, column, Reason.NAME_NOT_PRINTED, {"letters": letters}, number)


def _names(values: Cells) -> Cells:
    """Return the two names of a row; who has one alone is called by it, and has no other."""
    last, first = values["last_name"], values["first_name"]
    return {"last_name": last if first else "", "first_name": first or last}


def _sift(one: Planned, moving: bool, ours: Ours, made: Plan) -> None:
    """Leave of a card's changes those that the file may make."""
    if one.person is None:
        one.moves = ours.may_create(made, one.line, "card_number", one.number)
        return
    differing = {name for name, value in one.told.items() if getattr(one.person, name) != value}
    said = texts(one.told) | {"household": " ".join(sorted(one.homes))}
    may = ours.sift(made, one.line, one.number, said, differing | ({"household"} if moving else set()))
    one.moves = "household" in may
    one.changes = {name: one.told[name] for name in may - {"household"}}


def _moving(planned: Sequence[Planned], households: dict[str, int]) -> set[str]:
    """Return the numbers of the cards whose households here are not those the file leads to."""
    people = [one.person.id for one in planned if one.person]
    have, separations = belonging.memberships(people), belonging.separations(people)
    moving = set()
    for one in planned:
        if one.person and one.homes <= set(households):
            told = {households[code] for code in one.homes}
            if belonging.homes(one.person.id, told, separations) == have.get(one.person.id, set()):
                continue
        moving.add(one.number)
    return moving


def _families(planned: Sequence[Planned]) -> list[list[Planned]]:
    """Put together those whom the file's households link, directly or through a child of two homes."""
    leader: dict[str, str] = {}

    def lead(code: str) -> str:
        while leader.setdefault(code, code) != code:
            code = leader[code]
        return code

    for one in planned:
        first, *others = sorted(one.homes)
        for other in others:
            leader[lead(other)] = lead(first)
    families: dict[str, list[Planned]] = {}
    for one in planned:
        families.setdefault(lead(min(one.homes)), []).append(one)
    return list(families.values())


def _change(families: Sequence[list[Planned]]) -> Change:
    planned = [one for family in families for one in family]

    def change(outcome: Outcome) -> None:
        insert_all(Person, [{"card_number": one.number, **one.values} for one in planned if one.person is None])
        for one in planned:
            if one.person and one.changes:
                _update(one, one.person, outcome)
        _store_memberships([one for one in planned if one.moves])
        _sign_out([one.number for one in planned if one.changes.get("status") == Person.DECEASED])

    return change


def _update(one: Planned, person: Person, outcome: Outcome) -> None:
    """Write what differs, unless somebody changed the same meanwhile."""
    as_planned = [getattr(Person, name) == getattr(person, name) for name in one.changes]
    if not Person.update(**one.changes).where(Person.id == person.id, *as_planned).execute():
        told = {"card": one.number}
        outcome.not_updated(Problem(one.line, "card_number", Reason.CARD_CHANGED, told, one.number))


def _store_memberships(planned: Sequence[Planned]) -> None:
    codes = {code for one in planned for code in one.homes}
    households = dict(_ids(codes))
    insert_all(Household, [{"code": code} for code in sorted(codes - set(households))])
    households = dict(_ids(codes))
    numbers = [one.number for one in planned]
    people = dict(columns_among(Person.select(Person.card_number, Person.id), Person.card_number, numbers))
    have, separations = belonging.memberships(people.values()), belonging.separations(people.values())
    fresh = []
    for one in planned:
        person = people[one.number]
        want = belonging.homes(person, {households[code] for code in one.homes}, separations)
        joined, left = want - have.get(person, set()), have.get(person, set()) - want
        fresh += [{"household": household, "person": person} for household in joined]
        for before in left:
            Membership.delete().where(Membership.person == person, Membership.household == before).execute()
            if len(joined) == 1:  # else nobody knows whose it is: it lapses, and no cart shows it
                household.take_cart_along(person, before, min(joined))
    insert_all(Membership, fresh)


def _ids(codes: Iterable[str]) -> Iterable[tuple[str, int]]:
    return columns_among(Household.select(Household.code, Household.id), Household.code, set(codes))


def _sign_out(numbers: Sequence[str]) -> None:
    """End the sessions of those who died: nobody goes on as them."""
    if numbers:
        theirs = Account.select(Account.id).join(Person).where(Person.card_number.in_(numbers))
        Session.delete().where(Session.account.in_(theirs)).execute()
