"""Files with a row a thing: places, activities, registrations, reservations."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from peewee import Model

from domain.common.batches import BATCH, insert_all
from domain.imports.outcome import Outcome, Problem, by_key
from models import Activity, Household, Person, Place, Registration, Reservation


@dataclass(frozen=True)
class Link:
    """A column that names something known already: by which field of which table, and what to say else."""

    table: type[Model]
    key: str
    unknown: str
    field: str


@dataclass(frozen=True)
class Sheet:
    """A kind of file: its table, the column that is its key, the columns that name other things, and what must hold."""

    table: type[Model]
    key: str
    links: dict[str, Link] = field(default_factory=dict)
    check: Callable[[dict], Iterator[tuple[str, str]]] = lambda _values: iter(())

    def bring_in(self, rows: Sequence, progress=iter) -> Outcome:
        """Create and update what the rows describe, in the caller's transaction."""
        outcome = Outcome()
        wanted = self._read(rows, outcome)
        if outcome.rejected:
            return outcome
        known = by_key(self.table.select(), "code")
        fresh, changed = [], []
        for code, values in progress(wanted.items()):
            have = known.get(code)
            if have is None:
                fresh.append({"code": code, **values})
            elif any(have.__data__[name] != value for name, value in values.items()):
                have.__data__.update(values)
                changed.append(have)
        insert_all(self.table, fresh)
        if changed:
            names = [name for name in changed[0].__data__ if name not in ("id", "code")]
            self.table.bulk_update(changed, names, batch_size=BATCH)
        outcome.created, outcome.updated = len(fresh), len(changed)
        outcome.unchanged = len(wanted) - len(fresh) - len(changed)
        return outcome

    def _read(self, rows: Sequence, outcome: Outcome) -> dict[str, dict]:
        """Return each row's values by its key, names replaced by what they name; what is wrong goes to the outcome."""
        known = {column: dict(self._ids(link)) for column, link in self.links.items()}
        wanted, lines = {}, {}
        for row in rows:
            values = dict(row.values)
            code = values.pop(self.key)
            if code in lines:
                outcome.rejected.append(Problem(row.line, self.key, f"{code} est déjà à la ligne {lines[code]}"))
            lines[code] = row.line
            outcome.rejected += [Problem(row.line, column, reason) for column, reason in self.check(values)]
            for column, link in self.links.items():
                name = values.pop(column)
                values[link.field] = known[column].get(name)
                if values[link.field] is None:
                    outcome.rejected.append(Problem(row.line, column, link.unknown.format(name)))
            wanted[code] = values
        return wanted

    @staticmethod
    def _ids(link: Link) -> Iterator[tuple[str, int]]:
        return link.table.select(getattr(link.table, link.key), link.table.id).tuples().iterator()


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
