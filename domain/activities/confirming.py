"""What a cart costs, line by line, and making it owed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from peewee import fn

from city import City
from domain.activities import eligibility, enrolled, partner_contracts, price_list, pricing, seen
from domain.activities.choices import Choice, key_of
from domain.activities.choosing import Acting, Refused
from domain.activities.eligibility import Reason, TooFewWeeks
from domain.activities.enrolments import Enrolment
from domain.activities.partner_contracts import Schedule
from domain.activities.pricing import PriceLine
from domain.billing.issuing import LineDraft
from domain.billing.listener import Listener
from domain.cart import confirm, holds, items
from domain.cart.confirm import Priced
from domain.common import clock, rate_limits
from domain.payments import card_consents
from models import CartItem, CartLine, Invoice, InvoiceLine, PriceRule, hold, write

FOR_A_SEASON = PriceRule.ONCE_A_HOUSEHOLD, PriceRule.ONCE_A_CHILD  # fees
TAXES = ("tps_cents", "tvq_cents")
Prices = dict[int | str, list[PriceLine]]  # by item


class WeeksMissing(Exception):
    """Tried to confirm fewer weeks of a child than their programme asks; nothing is made, and the places stay."""

    def __init__(self, lacking: Sequence[TooFewWeeks]) -> None:
        super().__init__(lacking)
        self.lacking = lacking


@dataclass(frozen=True)
class Shown:
    """One thing of the cart as its page shows it: what it costs with tax, and each line of that."""

    item: CartItem
    lines: Sequence[PriceLine]
    amount_cents: int


@dataclass(frozen=True)
class Estimate:
    """What some choices would add to a cart, tax included; `beside` counts what is to be confirmed there already."""

    places: int
    total_cents: int
    beside: int


@dataclass(frozen=True)
class Cart:
    """A household's cart as its page shows it; `total_cents` is what confirming makes owed, tax included.

    `schedule` says when, and how much then, of the city's own; `by_contract` the same of each place of a partner's.
    `lacking` names of whom there are fewer weeks than confirming wants.
    """

    shown: Sequence[Shown]
    total_cents: int
    schedule: Sequence[tuple[date, int]]
    by_contract: Sequence[tuple[CartItem, Schedule]]
    lacking: Sequence[TooFewWeeks]

    @property
    def when(self) -> str:
        """Return what stands for which places, and the days, hours and whereabouts, of what confirming makes owed."""
        return seen.mark_of(items.to_invoice([one.item for one in self.shown]))

    @property
    def due_now_cents(self) -> int:
        return self.schedule[0][1] if self.schedule else 0


def cart(household_id: int, city: City) -> Cart:
    """Price everything in a household's cart: what is held as it will be invoiced, wishes as if they were held."""
    found = items.of_household(household_id)
    wanted = [one for one in found if one.state in (CartItem.WISH, CartItem.HELD, CartItem.OFFERED)]
    open_ones, to_invoice = [one for one in wanted if not one.invoice_id], items.to_invoice(found)
    of_wishes = _price(household_id, open_ones, city)
    of_held = of_wishes if len(to_invoice) == len(open_ones) else _price(household_id, to_invoice, city)
    held = _priced(to_invoice, of_held, city)
    amounts = _amounts(household_id, held) | _invoiced(found)
    shown = []
    for item in found:
        lines = of_wishes.get(item.id, [])
        shown.append(Shown(item, lines, amounts.get(item.id, pricing.shown_cents(lines))))
    total_cents, today = sum(amounts[one.item.id] for one in held), clock.today()
    ours, theirs = _apart(held)
    by_contract = [(one.item, partner_contracts.planned(household_id, one, today)) for one in theirs]
    lacking = eligibility.too_few_weeks(household_id, wanted, city, clock.now())
    return Cart(shown, total_cents, confirm.schedule(household_id, ours, today), by_contract, lacking)


def estimate(household_id: int, choices: Sequence[Choice], city: City) -> Estimate:
    """Price choices as if they were taken now, after what stands in the cart: that keeps its ranks."""
    there = [one for one in items.of_household(household_id) if one.state != CartItem.LAPSED and not one.invoice_id]
    mine = {key_of(one.person, one.activity) for one in there}
    new = [one for one in choices if key_of(one.person, one.activity) not in mine]
    if not new:
        return Estimate(0, 0, len(there))
    today, first = clock.today(), len(there) + 1
    places = [enrolment_of(item, order) for order, item in enumerate(there, 1)]
    added = [
        Enrolment(f"choice {order}", one.person, one.activity, one.options, today, order)
        for order, one in enumerate(new, first)
    ]
    activities = [*(one.activity for one in there), *(one.activity for one in new)]
    settled, rules = enrolled.of_household(household_id, activities), price_list.rules_for(activities)
    prices = pricing.price([*places, *added], settled.places, settled.paid_cents, rules, city)
    lines = [line for one in added for line in prices[one.key]]
    return Estimate(len(new), pricing.shown_cents(lines), len(there))


def _apart(held: Sequence[Priced]) -> tuple[list[Priced], list[Priced]]:
    """Return the places that are invoiced now, and those of partners, each by a contract of its own."""
    theirs = [one for one in held if partner_contracts.is_by_contract(one)]
    return [one for one in held if one not in theirs], theirs


def _amounts(household_id: int, held: Sequence[Priced]) -> dict[int, int]:
    """Return what each place comes to, tax included, by item: the taxes are the invoice's or contract's, shared out."""
    ours, theirs = _apart(held)
    found: dict[int, int] = {}
    for together in filter(None, (ours, *([one] for one in theirs))):
        lines = iter(confirm.whole(household_id, together, clock.today()).lines)
        for one in together:
            its = [next(lines) for _ in one.lines]
            found[one.item.id] = sum(int(str(line[name])) for line in its for name in ("net_cents", *TAXES))
    return found


def _invoiced(found: Sequence[CartItem]) -> dict[int, int]:
    """Return what the places that are on an invoice already come to, by item."""
    ids = [one.id for one in found if one.invoice_id]
    if not ids:
        return {}
    of_those = CartLine.item.in_(ids)
    cents = fn.SUM(InvoiceLine.net_cents + InvoiceLine.tps_cents + InvoiceLine.tvq_cents)
    rows = CartLine.select(CartLine.item, cents).join(InvoiceLine).where(of_those).group_by(CartLine.item)
    return {item: int(total) for item, total in rows.tuples().iterator()}


def priced(household_id: int, held: Sequence[CartItem], city: City) -> list[Priced]:
    """Return held places with the lines of their invoice."""
    return _priced(held, _price(household_id, held, city), city)


def _priced(held: Sequence[CartItem], prices: Prices, city: City) -> list[Priced]:
    return [
        Priced(
            item,
            [_draft(item, line) for line in prices[item.id]],
            [line.option for line in prices[item.id]],
            city.instalments.get(item.activity.instalments, confirm.AT_ONCE),
        )
        for item in held
    ]


def _price(household_id: int, wanted: Sequence[CartItem], city: City) -> Prices:
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
    """Make an invoice's line: its title and label are the city's own words; what is asked once is of no one place."""
    of_what = item.activity.season if line.fee in FOR_A_SEASON else item.activity.title
    words = ", ".join(filter(None, (line.label, of_what) if line.fee else (of_what, line.label)))
    return LineDraft(words, 1000, line.net_cents, line.tax_code, line.category, line.ledger_account, item.person_id)


def confirm_cart(
    acting: Acting, seen_cents: int, listener: Listener, charge_later: str = "", when: str = ""
) -> list[Invoice]:
    """Make what is held owed, in one transaction; return the invoices, the one due first first: none when all
    are partners' places.

    `charge_later` is the version of the words by which she has the later ones charged to her card; empty: she does not.
    `when` is the cart's as it was seen; empty: it was not looked at.
    Raises: NothingHeld, CartChanged, TotalChanged, DatesChanged, ConfirmedEnough, WeeksMissing, Refused when a place
    has no price any more.
    """
    with write():
        held = priced(acting.household_id, _to_invoice(acting), acting.city)
        if held and when:
            seen.refuse_another(when, [one.item for one in held])
        if held and not rate_limits.take(rate_limits.CARTS_CONFIRMED, str(acting.household_id)):
            raise confirm.ConfirmedEnough
        return _confirm(acting, held, seen_cents, listener, charge_later)


def confirm_these(acting: Acting, ids: Collection[int], listener: Listener) -> list[Invoice]:
    """Make some held places owed at their price, in the caller's transaction. Raises: NothingHeld, Refused."""
    held = priced(acting.household_id, [item for item in _to_invoice(acting) if item.id in ids], acting.city)
    return _confirm(acting, held, sum(_amounts(acting.household_id, held).values()), listener)


def _to_invoice(acting: Acting) -> list[CartItem]:
    mine = CartItem.household == acting.household_id
    hold(CartItem.select().where(mine, CartItem.state == CartItem.HELD))
    return items.to_invoice(items.of_household(acting.household_id))


def _confirm(
    acting: Acting, held: Sequence[Priced], seen_cents: int, listener: Listener, charge_later: str = ""
) -> list[Invoice]:
    """Invoice the city's own places, and give those of partners by their contracts: these are owed on their days."""
    home = acting.household_id
    if not held:
        raise confirm.NothingHeld
    _refuse_unpriced(acting, [one.item for one in held])
    lacking = eligibility.too_few_weeks(home, [one.item for one in held], acting.city, clock.now())
    if lacking and not acting.made_by:  # staff take weeks one by one
        raise WeeksMissing(lacking)
    amounts = _amounts(home, held)
    if sum(amounts.values()) != seen_cents:
        raise confirm.TotalChanged(sum(amounts.values()))
    ours, theirs = _apart(held)
    for one in theirs:
        _agrees(acting, one.item)
        partner_contracts.agree(home, one, acting.city, listener)
    if not ours:
        return []
    cents = sum(amounts[one.item.id] for one in ours)
    made = confirm.invoice(home, ours, cents, clock.today(), listener)
    if charge_later and acting.account_id:
        card_consents.give(acting.account_id, made, charge_later)
    those = CartItem.id.in_([one.item.id for one in ours])
    left = list(CartItem.select().where(those, CartItem.state == CartItem.HELD))
    holds.keep_a_moment(left, acting.durations, clock.now())
    return made


def _agrees(acting: Acting, item: CartItem) -> None:
    """Note who agrees to a partner's contract and is written to: who confirms, whoever put it in the cart."""
    if acting.account_id:
        item.account_id = acting.account_id
        CartItem.update(account_id=acting.account_id).where(CartItem.id == item.id).execute()


def _refuse_unpriced(acting: Acting, held: Sequence[CartItem]) -> None:
    """Raises: Refused for what has lost its price since it was held, or was held by staff without one: never 0 $."""
    rules = price_list.rules_for([item.activity for item in held])
    days = {item.id: enrolment_of(item, 0).held_on for item in held}
    refused = {
        (item.person_id, item.activity_id): [Reason.CLOSED]
        for item in held
        if not pricing.is_priced(item.person, item.activity, rules, acting.city, days[item.id])
    }
    if refused:
        raise Refused(refused)


def unpaid(shown: Cart) -> list[Invoice]:
    """Return the invoices of a cart's places that wait to be paid, the one due first first."""
    ids = {one.item.invoice_id for one in shown.shown if one.item.state == CartItem.HELD and one.item.invoice_id}
    return list(Invoice.select().where(Invoice.id.in_(list(ids))).order_by(Invoice.due_on, Invoice.id)) if ids else []
