"""What somebody had typed when her session ended, or ticked when she looked elsewhere: hers alone, for half a day."""

import json
from datetime import timedelta

from domain.common import clock
from models import Account, UnsentForm, write

KEPT_FOR = timedelta(hours=12)
MOST_CHARACTERS = 20_000
MOST_FORMS = 10  # of an owner: addresses have numbers, and a browser whose session is over has no other limit
LONGEST_PATH = 255  # that a column holds; none of ours comes near


def keep(owner: str, path: str, fields: dict[str, list[str]]) -> bool:
    """Keep the fields of a form that could not be sent, unless too long; the last of a page counts. Tell if it is.

    The latest pages only: what is older goes.
    """
    text = json.dumps(fields)
    if len(text) > MOST_CHARACTERS or len(path) > LONGEST_PATH:
        return False
    with write():
        UnsentForm.insert(owner=owner, path=path, fields=text, at=clock.now()).on_conflict(
            conflict_target=[UnsentForm.owner, UnsentForm.path],
            update={UnsentForm.fields: text, UnsentForm.at: clock.now()},
        ).execute()
        mine = UnsentForm.owner == owner
        latest = UnsentForm.select(UnsentForm.id).where(mine).order_by(UnsentForm.at.desc(), UnsentForm.id.desc())
        UnsentForm.delete().where(mine, UnsentForm.id.not_in(list(latest.limit(MOST_FORMS).scalars()))).execute()
    return True


def read(owner: str, path: str) -> dict[str, list[str]]:
    """Return what was kept of a page; nothing when there is nothing. Only reads: its page must come at any moment."""
    row = UnsentForm.get_or_none(UnsentForm.owner == owner, UnsentForm.path == path)
    return json.loads(row.fields) if row else {}


def owner_of(account: Account) -> str:
    """Return the owner that an account's forms are kept for."""
    return f"resident {account.id}"


def forget_of(account: Account) -> None:
    """Delete an account's forms, in the caller's transaction: it is closed, and what she typed was hers."""
    UnsentForm.delete().where(UnsentForm.owner == owner_of(account)).execute()


def forget(owner: str, path: str) -> None:
    """Delete what was kept of a page: it was sent. Writes nothing where there is nothing."""
    if read(owner, path):
        with write():
            UnsentForm.delete().where(UnsentForm.owner == owner, UnsentForm.path == path).execute()


def forget_expired() -> None:
    """Delete what nobody came back for."""
    with write():
        UnsentForm.delete().where(UnsentForm.at < clock.now() - KEPT_FOR).execute()
