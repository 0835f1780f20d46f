"""Files with a row a thing: places, activities, prices, registrations, reservations."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from domain.activities import told_days
from domain.common.batches import among, columns_among, cut
from domain.imports import activity_rules, belonging, price_rules
from domain.imports.activity_rules import Fault
from domain.imports.outcome import Cells, Outcome, Plan, Problem, Reason, Row, Watch, by_key
from domain.imports.places_left import Capacities, Limits, PlacesLeft
from domain.imports.two_sources import Ours, refuse_unmade, texts
from domain.imports.writing import Coded, Writing
from domain.rentals import reservations as reservation_changes
from models import Activity, Household, Person, Place, PriceRule, Registration, Reservation, Table, Value

AT_ONCE = 100  # new rows a write


@dataclass(frozen=True)
class Link:
    """A column that names something known already: by which field of which table, and why it is refused else."""

    table: type[Table]
    key: str
    unknown: Reason
    field: str


@dataclass(frozen=True)
class Wanted:
    """A row as it is to be here, by field; `said` are the texts of the columns that the file has."""

    line: int
    values: Cells
    said: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A kind of file: its table, the column that is its key, the columns that name other things, and what must hold."""

    table: type[Coded]
    key: str
    links: dict[str, Link] = field(default_factory=dict)
    check: Callable[[Cells], Iterator[tuple[str, Reason]]] = lambda _row: iter(())
    together: Callable[[dict[str, Cells]], Iterator[Fault]] = lambda _rows: iter(())
    notices: Callable[[dict[str, Cells]], Iterator[Fault]] = lambda _rows: iter(())  # what is written all the same
    limits: type[Limits] = Limits
    codes_made_here: bool = False  # too
    once: tuple[str, ...] = ()  # no two that are not cancelled share these fields
    changed: Callable[[Cells, Cells], None] = lambda _before, _after: None  # is told of a row, in the write

    def plan(self, rows: Sequence[Row], ours: Ours, progress: Watch = iter) -> Plan:
        """Plan what the rows create and update; nothing is written."""
        made = Plan()
        wanted = self._read(rows, made, ours)
        known = by_key(among(self.table.select(), self.table.code, wanted), "code")
        after = {code: _after(one, known.get(code)) for code, one in wanted.items()}
        self._refuse(wanted, known, after, ours, made.outcome)
        if made.outcome.rejected:
            return made
        read = len(wanted)
        if self.once and ours.since is None:
            wanted = self._once_each(wanted, known, ours, made.outcome)
        writing = Writing(self.table, self.key, self.limits(list(after.values()), list(known.values())), self.changed)
        split = self._split(wanted)
        fresh, updated = [], set()
        for code, one in progress(_in_order(wanted, known, after, writing.limits)):
            have = known.get(code)
            if have and self._updates(have, one, ours, split, writing, made):
                updated.add(code)
            elif have is None and self._creates(code, one, ours, split, writing, made):
                fresh.append((one.line, one.values))
        made.changes += [writing.insert(batch) for batch in cut(fresh, AT_ONCE)]
        made.outcome.created, made.outcome.updated = len(fresh), len(updated)
        made.outcome.left_alone.sort(key=lambda problem: problem.line)
        touched = updated | {problem.key for problem in made.outcome.left_alone}
        made.outcome.unchanged = read - len(fresh) - len(touched)
        for code, column, reason, values in self.notices({code: after[code] for code in wanted}):
            made.outcome.tell(Problem(wanted[code].line, column, reason, values, code))
        return made

    def _refuse(
        self, wanted: dict[str, Wanted], known: Collection[str], after: dict[str, Cells], ours: Ours, outcome: Outcome
    ) -> None:
        """Refuse what is wrong in the rows as they will be, each and together, and codes of ours that we never gave."""
        for code, one in wanted.items():
            outcome.rejected += [Problem(one.line, column, reason) for column, reason in self.check(after[code])]
            if self.codes_made_here:
                refuse_unmade(one.line, self.key, code, known, outcome, from_portal=ours.from_portal)
        for code, column, reason, values in self.together(after):
            outcome.rejected.append(Problem(wanted[code].line, column, reason, values))

    def _once_each(
        self, wanted: dict[str, Wanted], known: dict[str, Coded], ours: Ours, outcome: Outcome
    ) -> dict[str, Wanted]:
        """Leave out, and list, what would be there twice; what is cancelled comes first, for it makes room."""
        holders = self._holders(wanted, known, ours)
        kept = {}
        for code, one in sorted(wanted.items(), key=lambda item: (_is_live(item[1].values), item[0] not in known)):
            key = tuple(one.values[name] for name in self.once)
            holder = holders.setdefault(key, code) if _is_live(one.values) else code
            if holder == code:
                kept[code] = one
                continue
            values = {"key": code, "holder": holder}
            outcome.left_alone.append(Problem(one.line, self.key, Reason.REGISTERED_ALREADY, values, code))
        return kept

    def _holders(self, wanted: dict[str, Wanted], known: dict[str, Coded], ours: Ours) -> dict[tuple[Value, ...], str]:
        """Return by what must be there once the code that has it, unless the file is about to free it."""
        first = getattr(self.table, self.once[0])
        those = {one.values[self.once[0]] for one in wanted.values()}
        holders = {}
        for code, row in by_key(among(self.table.select(), first, those), "code").items():
            one = wanted.get(code)
            as_said = one.values if one and code not in ours.changes else row.__data__
            if _is_live(row.__data__) and _is_live(as_said):
                holders[tuple(as_said[name] for name in self.once)] = code
        return holders

    def _split(self, wanted: dict[str, Wanted]) -> set[int]:
        """Return the households that were split, of those the file names: without a card, nobody knows whose it is."""
        named = {one.values["household"] for one in wanted.values() if "household" in one.values}
        return belonging.of((), named).split

    def _of_nobody(self, one: Wanted, code: str) -> Problem:
        return Problem(one.line, "household", Reason.HOUSEHOLD_SPLIT, {"key": code}, code)

    def _creates(self, code: str, one: Wanted, ours: Ours, split: set[int], writing: Writing, made: Plan) -> bool:
        """Tell whether the file may bring something new; if not, it is listed."""
        if one.values.get("household") in split:
            made.outcome.left_alone.append(self._of_nobody(one, code))
            return False
        if not ours.may_create(made, one.line, self.key, code):
            return False
        if refusal := writing.limits.refusal(None, one.values):
            made.outcome.left_alone.append(writing.problem(one.line, code, refusal))
        return not refusal

    def _updates(self, have: Coded, one: Wanted, ours: Ours, split: set[int], writing: Writing, made: Plan) -> bool:
        """Plan what the file may change of something that is here, and tell whether it is anything."""
        differing = {name for name in one.said if have.__data__[name] != one.values[name]}
        if not (may := ours.sift(made, one.line, have.code, one.said, differing)):
            return False
        if one.values.get("household") in split:
            made.outcome.left_alone.append(self._of_nobody(one, have.code))
            return False
        changes = {name: one.values[name] for name in may}
        if refusal := writing.limits.refusal(have.__data__, have.__data__ | changes):
            made.outcome.left_alone.append(writing.problem(one.line, have.code, refusal))
            changes = {name: changes[name] for name in changes if name not in (refusal.columns or changes)}
        if changes:
            made.changes.append(writing.update(have, changes, one.line))
        return bool(changes)

    def _read(self, rows: Sequence[Row], made: Plan, ours: Ours) -> dict[str, Wanted]:
        """Return what each row says by its key, names replaced by what they name."""
        known = {column: self._ids(link, {row.values[column] for row in rows}) for column, link in self.links.items()}
        wanted: dict[str, Wanted] = {}
        outcome = made.outcome
        for row in rows:
            values = dict(row.values)
            code = values.pop(self.key)
            said = texts({name: value for name, value in values.items() if name not in row.absent})
            if code in wanted:
                told = {"key": code, "line": wanted[code].line}
                outcome.rejected.append(Problem(row.line, self.key, Reason.THING_TWICE, told))
            for column, link in self.links.items():
                name = values.pop(column)
                said[link.field] = said.pop(column)
                values[link.field] = known[column].get(name)
                if values[link.field] is None and ours.from_portal and link is A_HOUSEHOLD:
                    made.homes.add(name)
                elif values[link.field] is None:
                    outcome.rejected.append(Problem(row.line, column, link.unknown, {"key": name}))
            values["code"] = code
            wanted[code] = Wanted(row.line, values, said)
        return wanted

    @staticmethod
    def _ids(link: Link, names: set[str]) -> dict[str, int]:
        key = getattr(link.table, link.key)
        return dict(columns_among(link.table.select(key, link.table.id), key, names))


def _is_live(values: Cells) -> bool:
    return bool(values["status"] != Registration.CANCELLED)


def _after(one: Wanted, have: Coded | None) -> Cells:
    """Return a row as the file wants it: what it does not say stays as it is here."""
    if have is None:
        return one.values
    return have.__data__ | {name: one.values[name] for name in one.said}


def _in_order(
    wanted: dict[str, Wanted], known: dict[str, Coded], after: dict[str, Cells], limits: Limits
) -> list[tuple[str, Wanted]]:
    """Return the rows with those that take what others free last, in the file's order."""

    def when(item: tuple[str, Wanted]) -> tuple[bool, int]:
        code, one = item
        takes = limits.takes(known[code].__data__ if code in known else None, after[code])
        return takes, one.line if takes else 0

    return sorted(wanted.items(), key=when)


def _check_reservation(values: Cells) -> Iterator[tuple[str, Reason]]:
    if values["ends_at"] <= values["starts_at"]:
        yield "ends", Reason.ENDS_BEFORE


A_PLACE = Link(Place, "code", Reason.UNKNOWN_PLACE, "place")
A_CARD = Link(Person, "card_number", Reason.UNKNOWN_CARD, "person")
AN_ACTIVITY = Link(Activity, "code", Reason.UNKNOWN_ACTIVITY, "activity")
A_HOUSEHOLD = Link(Household, "code", Reason.UNKNOWN_HOUSEHOLD, "household")

places = Sheet(Place, "place")
activities = Sheet(
    Activity,
    "activity",
    {"place": A_PLACE},
    activity_rules.check,
    activity_rules.together,
    activity_rules.without_price,
    Capacities,
    changed=told_days.note_activity,
)
prices = Sheet(PriceRule, "price", check=price_rules.check, together=price_rules.together)
registrations = Sheet(
    Registration,
    "registration",
    {"activity": AN_ACTIVITY, "card_number": A_CARD},
    limits=PlacesLeft,
    codes_made_here=True,
    once=("person", "activity"),
    changed=told_days.note_registration,
)
reservations = Sheet(
    Reservation,
    "reservation",
    {"place": A_PLACE, "household": A_HOUSEHOLD},
    _check_reservation,
    codes_made_here=True,
    changed=reservation_changes.note,
)
