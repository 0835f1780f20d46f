"""Time in which the gateway does not answer does not count: nothing lapses meanwhile, and it is given back after."""

from datetime import datetime, timedelta

from domain.cart import holds
from domain.payments.gateway import Gateway, GatewayDown
from models import CartItem, Counter, PaymentInvoice, hold, write

SINCE = "gateway silent since"  # seconds; kept while it is
LOOKED_EVERY = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1)


def since() -> datetime | None:
    """Return since when the gateway may not have answered, in UTC; None when it does."""
    seconds = Counter.kept(SINCE)
    return EPOCH + timedelta(seconds=seconds) if seconds else None


def look(gateway: Gateway, now: datetime) -> None:
    """Ask the gateway whether it answers, while places are held: only the process that charges does, once a minute."""
    if not CartItem.select().where(CartItem.state == CartItem.HELD).exists():
        if since():
            with write():
                Counter.delete().where(Counter.name == SINCE).execute()
        return
    try:
        gateway.client_token()
    except GatewayDown:
        _begins(now - LOOKED_EVERY)
    else:
        _ends(now)


def _begins(moment: datetime) -> None:
    seconds = int((moment - EPOCH).total_seconds())
    with write():
        Counter.insert(name=SINCE, value=seconds).on_conflict_ignore().execute()


def _ends(now: datetime) -> None:
    """Give back what was lost to everyone, once; who is paying just then is given back her own time (`not_paid`)."""
    if not (silent_since := since()):
        return
    with write():
        if not Counter.delete().where(Counter.name == SINCE).execute():
            return
        paying = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)
        waited = CartItem.select().where(
            CartItem.state == CartItem.HELD, CartItem.invoice.is_null() | CartItem.invoice.not_in(paying)
        )
        hold(waited)
        for item in waited:
            holds.give_back_time([item], now - max(silent_since, item.held_at or silent_since))
