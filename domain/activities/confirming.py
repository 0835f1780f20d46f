"""What a cart costs, line by line, and making it owed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from peewee import fn

from city import City
from domain.activities import enrolled, price_list, pricing
from domain.activities.choosing import Acting
from domain.activities.enrolments import Enrolment
from domain.activities.pricing import PriceLine
from domain.billing.issuing import LineDraft
from domain.billing.listener import Listener
from domain.cart import confirm, holds, items
from domain.cart.confirm import Priced
from domain.common import clock
from domain.payments import card_consents
from models import CartItem, CartLine, Invoice, InvoiceLine, hold, write

TAXES = ("tps_cents", "tvq_cents")


@dataclass(frozen=True)
class Shown:
    """One thing of the cart as its page shows it: what it costs with tax, and each line of that."""

    item: CartItem
    lines: Sequence[PriceLine]
    amount_cents: int


@dataclass(frozen=True)
class Cart:
    """A household's cart as its page shows it; `total_cents` is what confirming makes owed, tax included.

    `schedule` says when, and how much then.
    """

    shown: Sequence[Shown]
    total_cents: int
    schedule: Sequence[tuple[date, int]]


def cart(household_id: int, city: City) -> Cart:
    """Price everything in a household's cart: what is held as it will be invoiced, wishes as if they were held."""
    found = items.of_household(household_id)
    wanted = [one for one in found if one.state in (CartItem.WISH, CartItem.HELD, CartItem.OFFERED)]
    of_wishes = _price(household_id, [one for one in wanted if not one.invoice_id], city)
    held = priced(household_id, items.to_invoice(found), city)
    amounts = _amounts(household_id, held) | _invoiced(found)
    shown = []
    for item in found:
        lines = of_wishes.get(item.id, [])
        shown.append(Shown(item, lines, amounts.get(item.id, pricing.shown_cents(lines))))
    total_cents = sum(amounts[one.item.id] for one in held)
    return Cart(shown, total_cents, confirm.schedule(household_id, held, clock.today()))


def _amounts(household_id: int, held: Sequence[Priced]) -> dict[int, int]:
    """Return what each place to be invoiced comes to, tax included, by item: the taxes are the whole's, shared out."""
    if not held:
        return {}
    lines = iter(confirm.whole(household_id, held, clock.today()).lines)
    cents = [
        sum(int(str(line[name])) for line in (next(lines) for _ in one.lines) for name in ("net_cents", *TAXES))
        for one in held
    ]
    return dict(zip([one.item.id for one in held], cents, strict=True))


def _invoiced(found: Sequence[CartItem]) -> dict[int, int]:
    """Return what the places that are on an invoice already come to, by item."""
    of_those = CartLine.item.in_([one.id for one in found if one.invoice_id])
    cents = fn.SUM(InvoiceLine.net_cents + InvoiceLine.tps_cents + InvoiceLine.tvq_cents)
    rows = CartLine.select(CartLine.item, cents).join(InvoiceLine).where(of_those).group_by(CartLine.item)
    return {item: int(total) for item, total in rows.tuples().iterator()}


def priced(household_id: int, held: Sequence[CartItem], city: City) -> list[Priced]:
    """Return held places with the lines of their invoice."""
    prices = _price(household_id, held, city)
    return [
        Priced(
            item,
            [_draft(item, line) for line in prices[item.id]],
            [line.option for line in prices[item.id]],
            city.instalments.get(item.activity.instalments, confirm.AT_ONCE),
        )
        for item in held
    ]


def _price(household_id: int, wanted: Sequence[CartItem], city: City) -> dict[int | str, list[PriceLine]]:
    """Price places that are on no invoice yet, beside those that are."""
    if not wanted:
        return {}
    now = clock.now()
    in_order = sorted(wanted, key=lambda one: (one.held_at or now, one.position, one.id))
    places = [enrolment_of(item, order) for order, item in enumerate(in_order, 1)]
    activities = [one.activity for one in wanted]
    settled = enrolled.of_household(household_id, activities)
    return pricing.price(places, settled.places, settled.paid_cents, price_list.rules_for(activities), city)


def enrolment_of(item: CartItem, order: int) -> Enrolment:
    """Return a place of the cart as it is priced."""
    day = clock.local(item.held_at or clock.now()).date()
    return Enrolment(item.id, item.person, item.activity, tuple(item.options.split()), day, order)


def _draft(item: CartItem, line: PriceLine) -> LineDraft:
    """Make an invoice's line: its title and label are the city's own words."""
    words = ", ".join(filter(None, (item.activity.title, line.label)))
    return LineDraft(words, 1000, line.net_cents, line.tax_code, line.category, line.ledger_account, item.person_id)


def confirm_cart(acting: Acting, seen_cents: int, listener: Listener, charge_later: str = "") -> list[Invoice]:
    """Make what is held owed, in one transaction; return the invoices, the one due first first.

    `charge_later` is the version of the words by which she has the later ones charged to her card; empty: she does not.
    Raises: NothingHeld, TotalChanged.
    """
    with write():
        held = _to_invoice(acting)
        return _confirm(acting, held, seen_cents, listener, charge_later)


def confirm_these(acting: Acting, ids: Collection[int], listener: Listener) -> list[Invoice]:
    """Make some held places owed at their price, in the caller's transaction. Raises: NothingHeld."""
    held = [item for item in _to_invoice(acting) if item.id in ids]
    prices = priced(acting.household_id, held, acting.city)
    return _confirm(acting, held, confirm.total_cents(acting.household_id, prices, clock.today()), listener)


def _to_invoice(acting: Acting) -> list[CartItem]:
    mine = CartItem.household == acting.household_id
    hold(CartItem.select().where(mine, CartItem.state == CartItem.HELD))
    return items.to_invoice(items.of_household(acting.household_id))


def _confirm(
    acting: Acting, held: Sequence[CartItem], seen_cents: int, listener: Listener, charge_later: str = ""
) -> list[Invoice]:
    prices = priced(acting.household_id, held, acting.city)
    made = confirm.invoice(acting.household_id, prices, seen_cents, clock.today(), listener)
    if charge_later and acting.account_id:
        card_consents.give(acting.account_id, made, charge_later)
    those = CartItem.id.in_([one.id for one in held])
    left = list(CartItem.select().where(those, CartItem.state == CartItem.HELD))
    holds.keep_a_moment(left, acting.durations, clock.now())
    return made


def unpaid(shown: Cart) -> list[Invoice]:
    """Return the invoices of a cart's places that wait to be paid, the one due first first."""
    ids = {one.item.invoice_id for one in shown.shown if one.item.state == CartItem.HELD and one.item.invoice_id}
    return list(Invoice.select().where(Invoice.id.in_(list(ids))).order_by(Invoice.due_on, Invoice.id))
