"""Files with a row a thing: places, activities, registrations, reservations."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from peewee import Expression, Field

from domain.common.batches import among, cut, insert_all
from domain.imports.outcome import Change, Outcome, Plan, Problem, Row, by_key
from models import Activity, Household, Person, Place, Registration, Reservation, Table

AT_ONCE = 100  # new rows a write


@dataclass(frozen=True)
class Link:
    """A column that names something known already: by which field of which table, and what to say else."""

    table: type[Table]
    key: str
    unknown: str
    field: str


@dataclass(frozen=True)
class Sheet:
    """A kind of file: its table, the column that is its key, the columns that name other things, and what must hold."""

    table: type[Table]
    key: str
    links: dict[str, Link] = field(default_factory=dict)
    check: Callable[[dict], Iterator[tuple[str, str]]] = lambda _values: iter(())

    def plan(self, rows: Sequence[Row], progress=iter) -> Plan:
        """Plan what the rows create and update; nothing is written."""
        made = Plan()
        wanted = self._read(rows, made.outcome)
        if made.outcome.rejected:
            return made
        known = by_key(among(self.table.select(), self.table.code, wanted), "code")
        fresh = []
        for code, (line, values) in progress(wanted.items()):
            have = known.get(code)
            if have is None:
                fresh.append({"code": code, **values})
            elif differing := {name: value for name, value in self._told(values, rows) if have.__data__[name] != value}:
                made.changes.append(self._update(have, differing, line))
                made.outcome.updated += 1
            else:
                made.outcome.unchanged += 1
        made.changes += [self._insert(batch) for batch in cut(fresh, AT_ONCE)]
        made.outcome.created = len(fresh)
        return made

    def _told(self, values: dict, rows: Sequence[Row]) -> Iterator[tuple[str, object]]:
        """Yield the values of the columns that the file has."""
        return ((name, value) for name, value in values.items() if name not in rows[0].absent)

    def _insert(self, rows: Sequence[dict]) -> Change:
        return lambda _outcome: insert_all(self.table, rows)

    def _update(self, have: Table, differing: dict, line: int) -> Change:
        """Plan to write what differs, unless somebody changed the same meanwhile."""

        def change(outcome: Outcome) -> None:
            fields = self.table._meta.fields
            as_planned = [_is(fields[name], have.__data__[name]) for name in differing]
            if not self.table.update(**differing).where(self.table.id == have.id, *as_planned).execute():
                reason = f"{have.code} a changé pendant l’import : non modifié"
                outcome.not_updated(Problem(line, self.key, reason, have.code))

        return change

    def _read(self, rows: Sequence[Row], outcome: Outcome) -> dict[str, tuple[int, dict]]:
        """Return each row's line and values by its key, names replaced by what they name."""
        known = {column: self._ids(link, {row.values[column] for row in rows}) for column, link in self.links.items()}
        wanted: dict[str, tuple[int, dict]] = {}
        for row in rows:
            values = dict(row.values)
            code = values.pop(self.key)
            if code in wanted:
                outcome.rejected.append(Problem(row.line, self.key, f"{code} est déjà à la ligne {wanted[code][0]}"))
            outcome.rejected += [Problem(row.line, column, reason) for column, reason in self.check(values)]
            for column, link in self.links.items():
                name = values.pop(column)
                values[link.field] = known[column].get(name)
                if values[link.field] is None:
                    outcome.rejected.append(Problem(row.line, column, link.unknown.format(name)))
            wanted[code] = row.line, values
        return wanted

    @staticmethod
    def _ids(link: Link, names: set[str]) -> dict[str, int]:
        key = getattr(link.table, link.key)
        return dict(among(link.table.select(key, link.table.id).tuples(), key, names))


def _is(field: Field, value: object) -> Expression:
    return field.is_null() if value is None else field == value


def _check_activity(values: dict) -> Iterator[tuple[str, str]]:
    if values["ends_on"] < values["starts_on"]:
        yield "ends_on", "le dernier jour vient avant le premier"
    if values["ends_at"] <= values["starts_at"]:
        yield "ends_at", "l’heure de fin ne vient pas après celle du début"


def _check_reservation(values: dict) -> Iterator[tuple[str, str]]:
    if values["ends_at"] <= values["starts_at"]:
        yield "ends", "la fin ne vient pas après le début"


A_PLACE = Link(Place, "code", "le lieu {} est inconnu", "place")
A_CARD = Link(Person, "card_number", "la carte {} est inconnue", "person")
AN_ACTIVITY = Link(Activity, "code", "l’activité {} est inconnue", "activity")
A_HOUSEHOLD = Link(Household, "code", "le foyer {} est inconnu", "household")

places = Sheet(Place, "place")
activities = Sheet(Activity, "activity", {"place": A_PLACE}, _check_activity)
registrations = Sheet(Registration, "registration", {"activity": AN_ACTIVITY, "card_number": A_CARD})
reservations = Sheet(Reservation, "reservation", {"place": A_PLACE, "household": A_HOUSEHOLD}, _check_reservation)
