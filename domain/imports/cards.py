"""Citizen cards: a person each, and the households she belongs to."""

from collections.abc import Sequence
from typing import Protocol

from domain.common.batches import BATCH, insert_all
from domain.imports.outcome import Outcome, Problem, by_key
from models import Account, Household, Membership, Person, Separation, Session

FIELDS = (
    "last_name", "first_name", "birth_date", "expires_on", "address", "city", "postal_code", "phone", "email",
    "resident", "status",
)  # fmt: skip


class Row(Protocol):
    """A line of the file, read."""

    line: int
    values: dict


def bring_in(rows: Sequence[Row], progress=iter) -> Outcome:
    """Create and update persons and their memberships, in the caller's transaction.

    Two rows of one card with different households put a child in both; a card's rows are its memberships as a set.
    """
    outcome = Outcome()
    grouped = _group(rows, outcome)
    if outcome.rejected:
        return outcome
    known = by_key(Person.select(), "card_number")
    _store_people(grouped, known, outcome, progress)
    _store_memberships(grouped)
    _sign_out_deceased()
    return outcome


def _group(rows: Sequence[Row], outcome: Outcome) -> dict[str, list[Row]]:
    """Put a card's rows together; all but the household must agree."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        same = grouped.setdefault(row.values["card_number"], [])
        if same and any(row.values[name] != same[0].values[name] for name in FIELDS):
            reason = f"cette carte est déjà à la ligne {same[0].line}, avec d’autres renseignements"
            outcome.rejected.append(Problem(row.line, "card_number", reason))
        same.append(row)
    return grouped


def _store_people(grouped: dict[str, list[Row]], known: dict[str, Person], outcome: Outcome, progress) -> None:
    fresh, changed = [], []
    for number, rows in progress(grouped.items()):
        values = {name: rows[0].values[name] for name in FIELDS}
        person = known.get(number)
        if person is None:
            fresh.append({"card_number": number, **values})
        elif any(getattr(person, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(person, name, value)
            changed.append(person)
    insert_all(Person, fresh)
    if changed:
        Person.bulk_update(changed, [getattr(Person, name) for name in FIELDS], batch_size=BATCH)
    outcome.created, outcome.updated = len(fresh), len(changed)
    outcome.unchanged = len(grouped) - len(fresh) - len(changed)


def _store_memberships(grouped: dict[str, list[Row]]) -> None:
    households = by_key(Household.select(), "code")
    codes = {row.values["household"] for rows in grouped.values() for row in rows}
    insert_all(Household, [{"code": code} for code in sorted(codes - set(households))])
    ids = {household.code: household.id for household in Household.select()}
    people = {number: key for key, number in Person.select(Person.id, Person.card_number).tuples()}
    have: dict[int, set[int]] = {}
    for household, person in Membership.select(Membership.household, Membership.person).tuples():
        have.setdefault(person, set()).add(household)
    fresh, separations = [], _separations()
    for number, rows in grouped.items():
        person = people[number]
        told = {ids[row.values["household"]] for row in rows}
        want = _homes(person, told, separations)
        fresh += [{"household": household, "person": person} for household in want - have.get(person, set())]
        for household in have.get(person, set()) - want:
            Membership.delete().where(Membership.person == person, Membership.household == household).execute()
    insert_all(Membership, fresh)


def _sign_out_deceased() -> None:
    """End the sessions of those who died: nobody goes on as them."""
    theirs = Account.select(Account.id).join(Person).where(Person.status == Person.DECEASED)
    Session.delete().where(Session.account.in_(theirs)).execute()


def _homes(person: int, told: set[int], separations: dict[tuple[int, int], set[int]]) -> set[int]:
    """Return where someone belongs whom the file says to be of some households: one she left may lead to another."""
    homes, seen, left = set(), set(), list(told)
    while left:
        place = left.pop()
        if place in seen:
            continue
        seen.add(place)
        instead = separations.get((person, place), {place})
        homes |= instead & {place}
        left += instead
    return homes


def _separations() -> dict[tuple[int, int], set[int]]:
    """Return where people set apart from a household belong instead, by person and household."""
    return {
        (row.person_id, row.household_id): {row.apart_id, row.household_id} if row.stays else {row.apart_id}
        for row in Separation.select()
    }
