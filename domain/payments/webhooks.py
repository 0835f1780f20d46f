"""Notices from the gateway: verified, kept once, and then the truth is asked from the gateway itself."""

from datetime import timedelta

from peewee import IntegrityError

from domain.common import clock, lifecycle
from domain.payments import settlement
from domain.payments.context import Context
from domain.payments.gateway import NoSuchCharge, Notice, Uncertain
from models import WebhookEvent, digest, write

TRY_AGAIN = timedelta(minutes=1)


def receive(notice: Notice, payload: str) -> None:
    """Keep what a verified notice is about; the same notice twice is kept once."""
    for gateway_id in notice.gateway_ids or ("",):
        try:
            with write():
                WebhookEvent.create(digest=digest(f"{payload}|{gateway_id}"), kind=notice.kind, gateway_id=gateway_id)
        except IntegrityError:
            continue


def due_for_work() -> list[int]:
    """Return the ids of the notices to act on now."""
    due = WebhookEvent.handled_at.is_null() & lifecycle.is_due(WebhookEvent.due_at, clock.now(), TRY_AGAIN)
    return list(WebhookEvent.select(WebhookEvent.id).where(due).scalars())


def advance(event_id: int, context: Context) -> None:
    """Ask the gateway how the charge of a notice stands, and bring its payment into line."""
    event = WebhookEvent.get_by_id(event_id)
    try:
        if event.gateway_id:
            settlement.follow(event.gateway_id, context.because("webhook"))
    except (Uncertain, NoSuchCharge):
        with write():
            WebhookEvent.update(due_at=clock.now() + TRY_AGAIN).where(WebhookEvent.id == event.id).execute()
        return
    with write():
        WebhookEvent.update(handled_at=clock.now()).where(WebhookEvent.id == event.id).execute()
