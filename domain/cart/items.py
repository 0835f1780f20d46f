"""What stands in a household's cart."""

from collections.abc import Sequence
from datetime import datetime

from peewee import Expression, fn

from models import Account, Activity, CartItem, CartLine, Invoice, InvoiceLine, Membership, Person, Place


class NoSuchItem(Exception):
    """Tried to change what is not in the household's cart."""


def is_of_the_home() -> Expression:
    """Return the condition that a place is for a living person of the household whose cart it is in.

    Whoever was set apart, or that the city's file moved, is the other home's affair. What is invoiced stays with the
    household it was invoiced to, as every invoice does.
    """
    there = Membership.select(Membership.person).where(
        Membership.household == CartItem.household, Membership.person == CartItem.person
    )
    dead = Person.select(Person.id).where(Person.id == CartItem.person, Person.status == Person.DECEASED)
    return CartItem.invoice.is_null(False) | (fn.EXISTS(there) & ~fn.EXISTS(dead))


def of_household(household_id: int) -> list[CartItem]:
    """Return everything in a household's cart, in its order of preference, with whom and what it is for."""
    in_cart = CartItem.state.in_(CartItem.IN_CART)
    rows = (
        CartItem.select(CartItem, Person, Activity, Place)
        .join(Person)
        .switch(CartItem)
        .join(Activity)
        .join(Place)
        .where(CartItem.household == household_id, in_cart, is_of_the_home())
    )
    return list(rows.order_by(CartItem.position, CartItem.id))


def wishes(household_id: int) -> list[CartItem]:
    """Return the wishes of a household, in its order of preference, with whom and what each is for."""
    rows = CartItem.select(CartItem, Person, Activity).join(Person).switch(CartItem).join(Activity)
    mine = rows.where(CartItem.household == household_id, CartItem.state == CartItem.WISH)
    return list(mine.where(is_of_the_home()).order_by(CartItem.position, CartItem.id))


def of(household_id: int, item_id: int) -> CartItem:
    """Return one thing of a household's cart. Raises: NoSuchItem."""
    found = [item for item in of_household(household_id) if item.id == item_id]
    if not found:
        raise NoSuchItem(item_id)
    return found[0]


def taken_by(item: CartItem) -> Account | None:
    """Return the account that took a place; None when staff did, or when it is not of that home any more.

    Whoever pressed may have died, been set apart, or have closed her account.
    """
    if not item.account_id:
        return None
    of_that_home = Membership.household == item.household_id, Person.status != Person.DECEASED
    rows = Account.select(Account, Person).join(Person).join(Membership)
    return rows.where(Account.id == item.account_id, *of_that_home).first()


def last_position(household_id: int) -> int:
    """Return the place in the order of what stands last in a cart."""
    mine = CartItem.select(CartItem.position).where(CartItem.household == household_id)
    return mine.order_by(CartItem.position.desc()).limit(1).scalar() or 0


def put_in_order(household_id: int, wanted: Sequence[int]) -> None:
    """Put a cart in an order of preference, in the caller's transaction; what is not named comes after, as it stood.

    Raises: NoSuchItem.
    """
    items = {item.id: item for item in of_household(household_id)}
    if unknown := [one for one in wanted if one not in items]:
        raise NoSuchItem(unknown[0])
    in_order = list(dict.fromkeys([*wanted, *items]))
    for position, item_id in enumerate(in_order, 1):
        CartItem.update(position=position).where(CartItem.id == item_id).execute()


def of_invoices(invoices: Sequence[Invoice]) -> list[CartItem]:
    """Return the places that are somebody's for good and stand on some invoices."""
    lines = CartLine.select(CartLine.item).join(InvoiceLine).where(InvoiceLine.invoice.in_(list(invoices)))
    return list(CartItem.select().where(CartItem.id.in_(lines), CartItem.state == CartItem.CONFIRMED))


def to_invoice(items: Sequence[CartItem]) -> list[CartItem]:
    """Return what the next confirmation makes an invoice of: held, and on none yet."""
    return [item for item in items if item.state == CartItem.HELD and item.invoice_id is None]


def ends_first(items: Sequence[CartItem]) -> datetime | None:
    """Return when the first held place ends, in UTC; None when none is held."""
    return min((item.held_until for item in items if item.state == CartItem.HELD and item.held_until), default=None)
