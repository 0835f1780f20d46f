"""Imports under way, and what they leave for a person: an accepted file is applied whole, however often it is cut."""

from domain.common import alerts, clock
from domain.common.batches import columns_among
from domain.imports.outcome import Plan
from models import Alert, ImportRun, write


def begin(kind: str, name: str, kept: str) -> ImportRun:
    """Note that an accepted file is about to be applied; `kept` is where a copy of it lies until it is."""
    with write():
        return ImportRun.create(kind=kind, name=name, kept=kept)


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
        alerts.raise_alert("import cut", str(run.id), run.name)
        _end(run)


def _end(run: ImportRun) -> None:
    ImportRun.update(finished_at=clock.now()).where(ImportRun.id == run.id).execute()


def put_before_a_person(kind: str, planned: Plan) -> None:
    """List what an import left alone, once however many nights bring it; what it left alone once and took is settled.

    Nothing is written, no lock taken, when all is listed already.
    """
    name = f"import {kind}"
    told = {problem.key: problem.reason for problem in planned.outcome.left_alone}
    mine = Alert.select(Alert.subject, Alert.words, Alert.closed_at).where(Alert.kind == name)
    listed = {
        subject: (words, closed_at is None)
        for subject, words, closed_at in columns_among(mine, Alert.subject, planned.keys)
    }
    fresh = {key: words for key, words in told.items() if listed.get(key, ("", False))[0] != words}
    settled = [key for key, (_words, is_open) in listed.items() if is_open and key not in told]
    if not fresh and not settled:
        return
    with write():
        for key, words in fresh.items():
            alerts.list_once(name, key, words)
        for key in settled:
            alerts.settle(name, key)
