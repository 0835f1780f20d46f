"""What somebody had typed when her session ended: kept for her alone until she is back."""

import json
from datetime import timedelta

from domain.common import clock
from models import UnsentForm, write

KEPT_FOR = timedelta(hours=12)
MOST_CHARACTERS = 20_000
LONGEST_PATH = 255  # that a column holds; none of ours comes near


def keep(owner: str, path: str, fields: dict[str, list[str]]) -> None:
    """Keep the fields of a form that could not be sent; the last one of a page counts."""
    text = json.dumps(fields)
    if len(text) > MOST_CHARACTERS or len(path) > LONGEST_PATH:
        return
    with write():
        UnsentForm.insert(owner=owner, path=path, fields=text, at=clock.now()).on_conflict(
            conflict_target=[UnsentForm.owner, UnsentForm.path],
            update={UnsentForm.fields: text, UnsentForm.at: clock.now()},
        ).execute()


def take(owner: str, path: str) -> dict[str, list[str]]:
    """Return what was kept of a page, and forget it; nothing when there is nothing."""
    row = UnsentForm.get_or_none(UnsentForm.owner == owner, UnsentForm.path == path)
    if row is None:
        return {}
    with write():
        row.delete_instance()
    return json.loads(row.fields)


def forget_expired() -> None:
    """Delete what nobody came back for."""
    with write():
        UnsentForm.delete().where(UnsentForm.at < clock.now() - KEPT_FOR).execute()
