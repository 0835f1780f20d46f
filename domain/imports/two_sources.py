"""What a file may change: nothing that was changed here, and nothing at all once the portal is master of its kind."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from domain.common import local_changes
from domain.common.numbering import MADE_HERE
from domain.imports.outcome import Cells, Change, Outcome, Plan, Problem, Reason
from models import LocalChange


@dataclass(frozen=True)
class Ours:
    """What was changed here of what a file names, by key and field; `since` when the portal is master, if it is."""

    changes: Mapping[str, Mapping[str, LocalChange]]
    since: date | None
    from_portal: bool = False  # the file is another portal's: what it says of codes and homes is taken as it stands

    def sift(self, plan: Plan, line: int, key: str, said: dict[str, str], differing: Collection[str]) -> set[str]:
        """Return which of the differing fields the file may write; what it may not goes to the plan, listed if need be.

        `said` is the file's row as texts. The value that was replaced here, said again, changes nothing; said at last
        as it is here, the two agree; another one is for a person to choose.
        """
        changed = {name: change for name, change in self.changes.get(key, {}).items() if name in said}
        disputed = []
        for name, change in changed.items():
            if said[name] == change.value:
                plan.changes.append(_forget(change))
                continue
            other = None if said[name] == change.file_value else said[name]
            if other != change.other_value:
                plan.changes.append(_hear(change, other))
            if other is not None:
                disputed.append(name)
        if disputed:
            told = {"key": key, "columns": ", ".join(disputed)}
            plan.outcome.left_alone.append(Problem(line, disputed[0], Reason.CHANGED_HERE_TOO, told, key))
        free = set(differing) - set(changed)
        return free if self.may_change(plan, line, key, free) else set()

    def may_change(self, plan: Plan, line: int, key: str, fields: set[str]) -> bool:
        """Tell whether the file may change some fields of what is here; if not, it is listed."""
        if self.since is None or not fields:
            return True
        told = {"key": key, "since_on": self.since.isoformat(), "columns": ", ".join(sorted(fields))}
        plan.outcome.left_alone.append(Problem(line, min(fields), Reason.PORTAL_IS_MASTER, told, key))
        return False

    def may_create(self, plan: Plan, line: int, column: str, key: str) -> bool:
        """Tell whether the file may bring something new; if not, it is listed."""
        if self.since is None:
            return True
        told = {"key": key, "since_on": self.since.isoformat()}
        plan.outcome.left_alone.append(Problem(line, column, Reason.PORTAL_CREATES, told, key))
        return False


def ours(kind: str, keys: Collection[str], since: date | None, *, from_portal: bool = False) -> Ours:
    """Return what was changed here of what a file names."""
    return Ours(local_changes.of(kind, keys), since, from_portal)


def texts(values: Cells) -> dict[str, str]:
    """Return a row's values as texts."""
    return {name: local_changes.as_text(value) for name, value in values.items()}


def refuse_unmade(
    line: int, column: str, code: str, known: Collection[str], outcome: Outcome, *, from_portal: bool = False
) -> None:
    """Refuse a code of ours that we never gave: those are the portal's, files name only what it, or another, made."""
    if from_portal:
        return
    if code.upper().startswith(MADE_HERE) and code not in known:
        outcome.rejected.append(Problem(line, column, Reason.CODE_NOT_GIVEN, {"key": code, "prefix": MADE_HERE}))


def _forget(change: LocalChange) -> Change:
    """Plan to forget a change that the file says too, unless it was changed again meanwhile."""
    mine = (LocalChange.id == change.id) & (LocalChange.value == change.value)
    return lambda _outcome: LocalChange.delete().where(mine).execute()


def _hear(change: LocalChange, other: str | None) -> Change:
    """Plan to note what the file says now, unless it was changed again meanwhile."""
    mine = (LocalChange.id == change.id) & (LocalChange.value == change.value)
    return lambda _outcome: LocalChange.update(other_value=other).where(mine).execute()
