"""Imports under way, and what they leave for a person: an accepted file is applied whole, however often it is cut."""

from domain.common import alerts, clock
from domain.common.batches import among
from domain.imports.outcome import Plan
from models import Alert, Counter, ImportRun, write

LENGTH = "rows of"
FROM_PORTAL = "import from a portal"  # the last run of such a file


def begin(kind: str, name: str, kept: str, *, from_portal: bool = False) -> ImportRun:
    """Note that an accepted file is about to be applied; `kept` is where a copy of it lies until it is."""
    with write():
        run = ImportRun.create(kind=kind, name=name, kept=kept)
        if from_portal:
            Counter.keep(FROM_PORTAL, run.id)
        return run


def is_from_portal(run: ImportRun) -> bool:
    """Tell whether the file of an import was another portal's: it is read again as it was."""
    return Counter.kept(FROM_PORTAL) == run.id


def cut() -> list[ImportRun]:
    """Return the imports that were begun and never finished, the oldest first."""
    return list(ImportRun.select().where(ImportRun.finished_at.is_null()).order_by(ImportRun.id))


def finish(run: ImportRun) -> None:
    """Note that all of a file is applied."""
    with write():
        _end(run)


def give_up(run: ImportRun) -> None:
    """Tell a person that an import was cut, and that its file cannot be read again."""
    with write():
        alerts.raise_alert(alerts.Kind.IMPORT_CUT, str(run.id), file=run.name)
        _end(run)


def _end(run: ImportRun) -> None:
    ImportRun.update(finished_at=clock.now()).where(ImportRun.id == run.id).execute()


def last_length(kind: str) -> int:
    """Return how many rows the last accepted file of a kind had; 0 before any."""
    return Counter.kept(f"{LENGTH} {kind}") or 0


def keep_length(kind: str, rows: int) -> None:
    """Note how many rows an accepted file had; nothing is written when that is known, or of an empty one."""
    if rows not in (0, last_length(kind)):
        with write():
            Counter.keep(f"{LENGTH} {kind}", rows)


def is_short(rows: int, last: int) -> bool:
    """Tell whether a file is shorter by a tenth than the last one: half-written, it would lower what people owe."""
    return rows * 10 <= last * 9 and rows < last


def put_before_a_person(kind: str, planned: Plan) -> None:
    """List what an import left alone, once however many nights bring it; what it left alone once and took is settled.

    Nothing is written, no lock taken, when all is listed already.
    """
    alert = alerts.of_import(kind)
    problems = [*planned.outcome.listed, *planned.outcome.left_alone]
    told = {problem.key: {**problem.values, "reason": problem.reason} for problem in problems}
    mine = list(among(Alert.select().where(Alert.kind == alert), Alert.subject, planned.keys))
    listed = {one.subject: one.values for one in mine}
    fresh = {key: values for key, values in told.items() if listed.get(key) != values}
    settled = [one.subject for one in mine if one.closed_at is None and one.subject not in told]
    if not fresh and not settled:
        return
    with write():
        for key, values in fresh.items():
            alerts.list_once(alert, key, **values)
        for key in settled:
            alerts.settle(alert, key)
