"""How the portal is doing, in figures."""

from datetime import timedelta

from peewee import PeeweeException

from domain.outbox import FAR
from models import Message, Payment, utcnow

MAIL_LATE_AFTER = timedelta(hours=2)


def report(schema: str, version: str) -> dict[str, object]:
    """Return status ("ok" or what is wrong), version, schema, and what waits."""
    still_tried = Message.sent_at.is_null() & (Message.due_at < FAR)
    too_old = Message.created_at < utcnow() - MAIL_LATE_AFTER
    try:
        unresolved = Payment.select().where(Payment.state.in_(Payment.OPEN_STATES)).count()
        waiting = Message.select().where(still_tried).count()
        late = Message.select().where(still_tried, too_old).count()
    except PeeweeException as problem:
        return {"status": f"database: {type(problem).__name__}", "version": version, "schema": schema}
    return {
        "status": f"mail late: {late}" if late else "ok",
        "version": version,
        "schema": schema,
        "payments_unresolved": unresolved,
        "mail_waiting": waiting,
        "last_backup": None,
    }
