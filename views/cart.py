"""Panier: what is wished and held, until when, what it costs, and making it owed."""

from flask import Blueprint, Response, abort, flash, request, session
from flask.typing import ResponseReturnValue
from flask_login import login_required

from domain.activities import choosing, confirming, seen
from domain.billing import parts
from domain.cart import confirm, holds, items, keeping
from domain.common import clock
from domain.payments import card_consents
from models import CartItem
from views.forms.account import EmptyForm
from views.messages import cart as words
from views.messages import catalogue, conditions, errors, instalments
from views.web.acting import CHOSEN, acting, household_id, household_ids
from views.web.held import held
from views.web.hour import hour_of
from views.web.portal import portal
from views.web.rendering import by_htmx, page, part, see
from views.web.security import signed_in_session

blueprint = Blueprint("cart", __name__, url_prefix="/panier")


@blueprint.get("")
@login_required
def show() -> ResponseReturnValue:
    """Show the cart."""
    return cart_page()


def cart_page(problem: str = "") -> Response:
    """Show the cart: places first and until when, then each price and why, one thing to press."""
    who = acting()
    cart = confirming.cart(who.household_id, who.city)
    wishes = [one.item for one in cart.shown if one.item.state == CartItem.WISH]
    invoices = confirming.unpaid(cart)
    return page(
        "cart/show.html",
        status=422 if problem else 200,
        cart=cart,
        problem=problem,
        **held(who.household_id, [one.item for one in cart.shown]),
        hour=hour_of(wishes),
        invoices=invoices,
        instalments=parts.of(invoices) if invoices else {},
        households=household_choices(),
        words=words,
        missing=conditions.missing,
        when=catalogue.when,
        consent=instalments.consent(card_consents.WORDS),
        consent_shown=consent_shown(),
        may_consent=bool(signed_in_session().account.confirmed_email),
    )


@blueprint.get("/attente")
@login_required
def waiting() -> ResponseReturnValue:
    """Tell a page that waits for the hour whether it has come: that panel alone, for a whole town asks."""
    if request.headers.get("HX-Target") != "div#hour":
        return see("cart.show")
    return part("cart/waiting.html", hour=hour_of(items.wishes(acting().household_id)))


def household_choices() -> list[tuple[int, str, bool]]:
    """Return the households one may act for, when there are several: its id, its code, and whether it is chosen."""
    mine = household_ids()
    return [(one.id, one.code, one.id == household_id()) for one in keeping.households(mine)] if len(mine) > 1 else []


@blueprint.post("/famille")
@login_required
def household() -> ResponseReturnValue:
    """Choose for which household one acts in this browser."""
    if EmptyForm().validate_on_submit():
        session[CHOSEN] = request.form.get("household", 0, type=int)  # of another's, household_id() makes nothing
    return see("cart.show")


@blueprint.post("/prendre")
@login_required
def take() -> ResponseReturnValue:
    """At and after the hour: take every wish that is open, in order, each or what would do instead."""
    if not EmptyForm().validate_on_submit():
        return cart_page(errors.too_old())
    try:
        outcome = choosing.take_wishes(acting())
    except choosing.NothingOpen:
        return cart_page(words.not_open_yet())
    for said in catalogue.missed(outcome):
        flash(said, "note")
    return see("cart.show")


@blueprint.post("/reprendre")
@login_required
def take_again() -> ResponseReturnValue:
    """Take again the places whose time is over: those named, or all of them."""
    if not EmptyForm().validate_on_submit():
        return cart_page(errors.too_old())
    outcome = choosing.take_again(acting(), request.form.getlist("item", type=int))
    for said in catalogue.missed(outcome):
        flash(said, "note")
    return see("cart.show")


@blueprint.post("/ordre")
@login_required
def order() -> ResponseReturnValue:
    """Put the cart in an order of preference."""
    wanted = request.form.getlist("item", type=int)
    if not EmptyForm().validate_on_submit():
        return cart_page(errors.too_old())
    try:
        keeping.put_in_order(acting().household_id, wanted)
    except items.NoSuchItem:
        abort(404)
    return see("cart.show")


@blueprint.post("/retirer")
@login_required
def remove() -> ResponseReturnValue:
    """Take something out: its place is free at once, and what was owed for it is owed no more."""
    if not EmptyForm().validate_on_submit():
        return cart_page(errors.too_old())
    try:
        keeping.remove(acting().household_id, request.form.get("item", 0, type=int))
    except items.NoSuchItem:
        abort(404)
    except holds.StillPaid:
        return cart_page(words.being_paid())
    return see("cart.show")


@blueprint.post("/prolonger")
@login_required
def prolong() -> ResponseReturnValue:
    """Give more time; a page that asks by script, such as the one where a card is typed, stays as it is."""
    if not EmptyForm().validate_on_submit():
        return cart_page(errors.too_old())
    who = acting()
    before = items.ends_first(items.of_household(who.household_id))
    said = words.prolonged(before, keeping.prolong(who.household_id, who.durations, clock.now()))
    if by_htmx():
        return part("cart/held.html", **held(who.household_id, prolonged=said))
    flash(said)
    return see("cart.show")


@blueprint.post("/confirmer")
@login_required
def confirmation() -> ResponseReturnValue:
    """Make what is held owed, and go and pay what is due now."""
    if not EmptyForm().validate_on_submit():
        return cart_page(errors.too_old())
    agreed = request.form.get("charge_later", "")
    if agreed and (agreed != consent_shown() or not signed_in_session().account.confirmed_email):
        return cart_page(instalments.not_as_shown())
    try:
        version = card_consents.WORDS if agreed else ""
        invoices = confirming.confirm_cart(
            acting(), seen_cents(), portal().listeners, version, request.form.get("when_seen", "")
        )
    except confirm.NothingHeld:
        return cart_page(words.nothing_held(items.of_household(acting().household_id)))
    except confirm.ConfirmedEnough:
        return cart_page(words.confirmed_enough())
    except choosing.Refused:
        return cart_page(words.no_price())
    except seen.CartChanged:
        return cart_page(words.cart_changed())
    except seen.DatesChanged:
        return cart_page(words.dates_changed())
    except confirming.WeeksMissing as fewer:
        return cart_page(conditions.refused(fewer.lacking))
    except confirm.TotalChanged as changed:
        return cart_page(words.total_changed(changed.total_cents))
    due = invoices and invoices[0].balance_cents
    return see("payment.pay", facture=invoices[0].number) if due else see("activities.upcoming")


def consent_shown() -> str:
    """Return what a consent given on today's page bears: the version of its words, and the day its dates count from."""
    return f"{card_consents.WORDS}/{clock.today()}"


def seen_cents() -> int:
    """Return the total that was seen, or one that no cart has when the field was tampered with."""
    text = request.form.get("total_seen_cents", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
