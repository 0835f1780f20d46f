"""Coffre client: the cards kept at Braintree for an account. Pages write wishes; the worker asks the vault."""

from functools import partial

from flask import Blueprint, Response, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from domain.common import clock
from domain.payments import card_consents, card_tries, saved_cards
from domain.people.reviews import Decision
from models import SavedCard
from views.forms.account import EmptyForm
from views.forms.vault import CardToKeepForm
from views.messages import instalments, paying
from views.web import cards as card_pages
from views.web import client
from views.web.portal import portal
from views.web.rendering import by_htmx, page, see
from views.web.security import signed_in_session

blueprint = Blueprint("vault", __name__, url_prefix="/mon-dossier/coffre")
TRIES_TOLD = 2  # past them the page says that Braintree does not answer


@blueprint.get("")
@login_required
def cards() -> ResponseReturnValue:
    """List the cards, and what is being done; 204 to a waiting page while nothing changes."""
    found = saved_cards.cards(signed_in_session().account)
    waiting = [card for card in found if card.state in (card.ADDING, card.REMOVING)]
    seen = "-".join(f"{card.id}{card.state[:4]}{card.tries > TRIES_TOLD:d}" for card in waiting)
    if by_htmx() and waiting and request.args.get("vu") == seen:
        return Response(status=204)
    today = clock.today()
    return page(
        "vault/cards.html",
        cards=found,
        waiting=waiting,
        seen=seen,
        silent=any(card.tries > TRIES_TOLD for card in waiting),
        today=today,
        soon=today + saved_cards.EXPIRES_SOON,
        why=paying.not_kept,
        consents=card_consents.of(signed_in_session().account),
        stands=instalments.stands,
    )


@blueprint.route("/ajouter", methods=["GET", "POST"])
@login_required
def add() -> ResponseReturnValue:
    """Show the card fields; or commit the wish to keep a card and answer at once."""
    form, problem, account = CardToKeepForm(), "", signed_in_session().account
    where = card_tries.places(client.origin(), account.person_id)
    if form.validate_on_submit() and form.payment_method_nonce.data:
        ask = partial(saved_cards.ask_add, account, form.payment_method_nonce.data, address=client.origin())
        try:
            card_pages.committed(ask, form.altcha.data or "")
        except card_tries.NotNow as refused:
            problem = card_pages.said(refused)
        except saved_cards.TooManyCards:
            problem, form.refused = paying.too_many_cards(), Decision.CARD_NOT_ADDED
        else:
            portal().worker.wake()
            return see("vault.cards")
    elif request.method == "POST":
        problem = paying.no_card()
    token = portal().tokens.current()
    return page(
        "vault/add.html",
        status=422 if problem else 200,
        problem=problem,
        refused=form.refused,
        client_token=token,
        door=card_pages.door(where),
    )


@blueprint.route("/<card_reference>/retirer", methods=["GET", "POST"])
@login_required
def remove(card_reference: str) -> ResponseReturnValue:
    """Ask whether a card is to go; then commit the wish: it pays nothing from then on."""
    card = card_here(card_reference)
    if card.state != card.KEPT:
        return see("vault.cards")
    form = EmptyForm()
    if not form.validate_on_submit():
        return page("vault/remove.html", form=form, card=card, charged_later=card_consents.depend_on(card))
    try:
        saved_cards.ask_removal(card)
    except saved_cards.CardInUse:
        problem = paying.card_in_use()
        return page("vault/remove.html", status=422, card=card, problem=problem, charged_later=False)
    portal().worker.wake()
    return see("vault.cards")


@blueprint.post("/<card_reference>/defaut")
@login_required
def make_default(card_reference: str) -> ResponseReturnValue:
    """Have a card offered first."""
    card = card_here(card_reference)
    if EmptyForm().validate_on_submit():
        saved_cards.make_default(card)
        flash(paying.default_card())
    return see("vault.cards")


@blueprint.route("/versements/<number>/arreter", methods=["GET", "POST"])
@login_required
def withdraw(number: str) -> ResponseReturnValue:
    """Ask whether nothing more is to be charged by a consent, named by its first invoice; then charge nothing more."""
    account, form = signed_in_session().account, EmptyForm()
    try:
        consent = card_consents.find(account, number)
    except card_consents.NoSuchConsent:
        abort(404)
    left = [one for found, planned in card_consents.of(account) if found.id == consent.id for one in planned]
    if not form.validate_on_submit():
        text = instalments.consent(consent.words)
        return page("vault/withdraw.html", form=form, consent=consent, left=left, text=text, stands=instalments.stands)
    card_consents.withdraw(consent)
    flash(instalments.withdrawn())
    return see("vault.cards")


def card_here(card_reference: str) -> SavedCard:
    """Return one of the account's cards, or answer 404."""
    try:
        return saved_cards.find(signed_in_session().account, card_reference)
    except saved_cards.NoSuchCard:
        abort(404)
