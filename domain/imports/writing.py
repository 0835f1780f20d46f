"""Writing the rows of a kind of file, each unless somebody changed the same meanwhile, or the database refuses it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from peewee import Expression, Field, IntegrityError

from domain.common.batches import insert_all
from domain.imports.outcome import Cells, Change, Outcome, Problem, Reason
from domain.imports.places_left import Limits, Refusal
from models import Activity, Place, PriceRule, Registration, Reservation, Table, Value, database

Coded = Place | Activity | PriceRule | Registration | Reservation
Fresh = tuple[int, Cells]  # a line, and the row to make of it


@dataclass(frozen=True)
class Writing:
    """A table, the column that is its key, and what its rows run into."""

    table: type[Coded]
    key: str
    limits: Limits
    changed: Callable[[Cells, Cells], None]  # is told of what was, and of what is, of a row that was written

    def problem(self, line: int, code: str, refusal: Refusal) -> Problem:
        """Return what is listed of what cannot be written."""
        return Problem(line, min(refusal.columns, default=self.key), refusal.reason, refusal.values, code)

    def insert(self, fresh: Sequence[Fresh]) -> Change:
        """Plan to make rows: together, or when one is refused, each that the database takes."""

        def change(outcome: Outcome) -> None:
            self.limits.keep([row for _line, row in fresh])
            late = self.limits.late([row for _line, row in fresh])
            for line, row in fresh:
                if row["code"] in late:
                    outcome.not_created(self.problem(line, row["code"], late[row["code"]]))
            left = [one for one in fresh if one[1]["code"] not in late]
            if not _taken(self.table, [row for _line, row in left]):
                for line, row in left:
                    if not _taken(self.table, [row]):
                        outcome.not_created(self.problem(line, row["code"], self.limits.why(row)))

        return change

    def update(self, have: Coded, differing: Cells, line: int) -> Change:
        """Plan to write what differs, unless somebody changed the same meanwhile."""

        def change(outcome: Outcome) -> None:
            after = have.__data__ | differing
            self.limits.keep([after])
            if late := self.limits.late([after] if self.limits.takes(have.__data__, after) else []):
                outcome.not_updated(self.problem(line, have.code, late[have.code]))
                return
            try:
                if not self._write(have, differing):
                    told = Refusal(Reason.THING_CHANGED, {"key": have.code})
                    outcome.not_updated(self.problem(line, have.code, told))
            except IntegrityError:
                refusal = self.limits.why(after)
                rest = {name: value for name, value in differing.items() if name not in refusal.columns}
                if refusal.columns and rest and self._write(have, rest):
                    outcome.left_alone.append(self.problem(line, have.code, refusal))
                else:
                    outcome.not_updated(self.problem(line, have.code, refusal))

        return change

    def _write(self, have: Coded, differing: Cells) -> int:
        """Write what differs, if it still is as planned. Raises: IntegrityError, the transaction going on."""
        fields = self.table._meta.fields
        as_planned = [_is(fields[name], have.__data__[name]) for name in differing]
        with database.atomic():
            written = self.table.update(**differing).where(self.table.id == have.id, *as_planned).execute()
            if written:
                self.changed(have.__data__, have.__data__ | differing)
        return written


def _taken(table: type[Table], rows: Collection[Cells]) -> bool:
    """Insert rows, and tell whether the database takes them all; else none is there, and the transaction goes on."""
    try:
        with database.atomic():
            insert_all(table, list(rows))
    except IntegrityError:
        return False
    return True


def _is(field: Field, value: Value) -> Expression:
    return field.is_null() if value is None else field == value
