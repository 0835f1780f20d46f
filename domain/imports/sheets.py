"""Files with a row a thing: places, activities, registrations, reservations."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from peewee import Expression, Field

from domain.common.batches import among, columns_among, cut, insert_all
from domain.imports import belonging
from domain.imports.outcome import Cells, Change, Outcome, Plan, Problem, Reason, Row, Watch, by_key
from domain.imports.two_sources import Ours, refuse_unmade, texts
from models import Activity, Household, Person, Place, Registration, Reservation, Table, Value

Coded = Place | Activity | Registration | Reservation
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
    check: Callable[[Cells], Iterator[tuple[str, Reason]]] = lambda _values: iter(())
    codes_made_here: bool = False  # too
    once: tuple[str, ...] = ()  # no two that are not cancelled share these fields

    def plan(self, rows: Sequence[Row], ours: Ours, progress: Watch = iter) -> Plan:
        """Plan what the rows create and update; nothing is written."""
        made = Plan()
        wanted = self._read(rows, made.outcome)
        known = by_key(among(self.table.select(), self.table.code, wanted), "code")
        if self.codes_made_here:
            for code, one in wanted.items():
                refuse_unmade(one.line, self.key, code, known, made.outcome)
        if made.outcome.rejected:
            return made
        read = len(wanted)
        if self.once and ours.since is None:
            wanted = self._once_each(wanted, known, ours, made.outcome)
        split = self._split(wanted)
        fresh = []
        for code, one in progress(wanted.items()):
            have = known.get(code)
            if have is None and one.values.get("household") in split:
                made.outcome.left_alone.append(self._of_nobody(one, code))
            elif have is None:
                fresh += [{"code": code, **one.values}] if ours.may_create(made, one.line, self.key, code) else []
            else:
                self._compare(have, one, ours, split, made)
        made.changes += [self._insert(batch) for batch in cut(fresh, AT_ONCE)]
        made.outcome.created = len(fresh)
        made.outcome.unchanged += read - len(fresh) - made.outcome.updated - len(made.outcome.left_alone)
        return made

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

    def _compare(self, have: Coded, one: Wanted, ours: Ours, split: set[int], made: Plan) -> None:
        """Plan what the file may change of something that is here."""
        differing = {name for name in one.said if have.__data__[name] != one.values[name]}
        if not (may := ours.sift(made, one.line, have.code, one.said, differing)):
            return
        if one.values.get("household") in split:
            made.outcome.left_alone.append(self._of_nobody(one, have.code))
        else:
            made.changes.append(self._update(have, {name: one.values[name] for name in may}, one.line))
            made.outcome.updated += 1

    def _insert(self, rows: Sequence[Cells]) -> Change:
        return lambda _outcome: insert_all(self.table, rows)

    def _update(self, have: Coded, differing: Cells, line: int) -> Change:
        """Plan to write what differs, unless somebody changed the same meanwhile."""

        def change(outcome: Outcome) -> None:
            fields = self.table._meta.fields
            as_planned = [_is(fields[name], have.__data__[name]) for name in differing]
            if not self.table.update(**differing).where(self.table.id == have.id, *as_planned).execute():
                told = {"key": have.code}
                outcome.not_updated(Problem(line, self.key, Reason.THING_CHANGED, told, have.code))

        return change

    def _read(self, rows: Sequence[Row], outcome: Outcome) -> dict[str, Wanted]:
        """Return what each row says by its key, names replaced by what they name."""
        known = {column: self._ids(link, {row.values[column] for row in rows}) for column, link in self.links.items()}
        wanted: dict[str, Wanted] = {}
        for row in rows:
            values = dict(row.values)
            code = values.pop(self.key)
            said = texts({name: value for name, value in values.items() if name not in row.absent})
            if code in wanted:
                told = {"key": code, "line": wanted[code].line}
                outcome.rejected.append(Problem(row.line, self.key, Reason.THING_TWICE, told))
            outcome.rejected += [Problem(row.line, column, reason) for column, reason in self.check(values)]
            for column, link in self.links.items():
                name = values.pop(column)
                said[link.field] = said.pop(column)
                values[link.field] = known[column].get(name)
                if values[link.field] is None:
                    outcome.rejected.append(Problem(row.line, column, link.unknown, {"key": name}))
            wanted[code] = Wanted(row.line, values, said)
        return wanted

    @staticmethod
    def _ids(link: Link, names: set[str]) -> dict[str, int]:
        key = getattr(link.table, link.key)
        return dict(columns_among(link.table.select(key, link.table.id), key, names))


def _is_live(values: Cells) -> bool:
    return bool(values["status"] != Registration.CANCELLED)


def _is(field: Field, value: Value) -> Expression:
    return field.is_null() if value is None else field == value


def _check_activity(values: Cells) -> Iterator[tuple[str, Reason]]:
    if values["ends_on"] < values["starts_on"]:
        yield "ends_on", Reason.LAST_DAY_FIRST
    if values["ends_at"] <= values["starts_at"]:
        yield "ends_at", Reason.ENDS_BEFORE_HOUR


def _check_reservation(values: Cells) -> Iterator[tuple[str, Reason]]:
    if values["ends_at"] <= values["starts_at"]:
        yield "ends", Reason.ENDS_BEFORE


A_PLACE = Link(Place, "code", Reason.UNKNOWN_PLACE, "place")
A_CARD = Link(Person, "card_number", Reason.UNKNOWN_CARD, "person")
AN_ACTIVITY = Link(Activity, "code", Reason.UNKNOWN_ACTIVITY, "activity")
A_HOUSEHOLD = Link(Household, "code", Reason.UNKNOWN_HOUSEHOLD, "household")

places = Sheet(Place, "place")
activities = Sheet(Activity, "activity", {"place": A_PLACE}, _check_activity)
registrations = Sheet(
    Registration,
    "registration",
    {"activity": AN_ACTIVITY, "card_number": A_CARD},
    codes_made_here=True,
    once=("person", "activity"),
)
reservations = Sheet(
    Reservation, "reservation", {"place": A_PLACE, "household": A_HOUSEHOLD}, _check_reservation, codes_made_here=True
)
