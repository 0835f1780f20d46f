"""What a person at the city must look at."""

from domain.common import clock
from models import Alert


def raise_alert(kind: str, subject: str, words: str) -> None:
    """Say something once for a kind and a subject, in the caller's transaction; a closed alert is opened again."""
    Alert.insert(kind=kind, subject=subject, words=words).on_conflict(
        conflict_target=[Alert.kind, Alert.subject], update={Alert.words: words, Alert.closed_at: None}
    ).execute()


def list_once(kind: str, subject: str, words: str) -> None:
    """Say something that comes again every night once, in the caller's transaction: closed, it stays closed.

    It is opened again when there is something else to say of it.
    """
    changed = Alert.words != words
    Alert.insert(kind=kind, subject=subject, words=words).on_conflict(
        conflict_target=[Alert.kind, Alert.subject], update={Alert.words: words, Alert.closed_at: None}, where=changed
    ).execute()


def settle(kind: str, subject: str) -> None:
    """Note, in the caller's transaction, that what was said of a subject holds no more."""
    Alert.update(closed_at=clock.now()).where(
        Alert.kind == kind, Alert.subject == subject, Alert.closed_at.is_null()
    ).execute()


def open_alerts() -> list[Alert]:
    """Return what is not settled, the oldest first."""
    return list(Alert.select().where(Alert.closed_at.is_null()).order_by(Alert.created_at))


def close(alert_id: int) -> bool:
    """Note, in the caller's transaction, that a person has settled it; return whether it was open."""
    return bool(Alert.update(closed_at=clock.now()).where(Alert.id == alert_id, Alert.closed_at.is_null()).execute())
