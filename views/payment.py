"""Step 4: pay, and what happened."""

from functools import partial

from flask import Blueprint, Response, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from domain.access import sessions
from domain.billing import credit_notes, readers, receipts, refund_status
from domain.billing import invoices as reads
from domain.cart import items, lapses
from domain.common import clock
from domain.payments import card_consents, card_tries, checkout, saved_cards, unmatched_charges
from models import Account, Payment, SavedCard
from views.billing import accounts, chosen_numbers
from views.forms.payment import PayForm
from views.messages import cart as cart_words
from views.messages import paying
from views.web import cards, client
from views.web.acting import household_id
from views.web.held import held
from views.web.portal import portal
from views.web.rendering import by_htmx, page, see
from views.web.security import signed_in_session

blueprint = Blueprint("payment", __name__)


@blueprint.route("/mon-dossier/payer", methods=["GET", "POST"])
@login_required
def pay() -> ResponseReturnValue:
    """Show what will be paid, with the card fields; or commit a payment and answer at once."""
    chosen = chosen_numbers()
    if not chosen:
        return accounts(nothing_chosen=True)
    numbers = chosen[: checkout.MOST_AT_ONCE]  # the page says how many are left for the next payment
    return start(numbers) if request.method == "POST" else pay_page(numbers, later=len(chosen) - len(numbers))


def start(numbers: list[str]) -> ResponseReturnValue:
    """Commit a payment; the charge itself happens off the request."""
    form, account = PayForm(), signed_in_session().account
    if not form.validate_on_submit():
        return pay_page(numbers, paying.too_old())
    if not form.names_a_card or form.seen_cents is None:
        return pay_page(numbers, paying.no_card())
    payment: Payment | None
    try:
        nonce, card, keep = how_to_pay(form, account)
        create = partial(checkout.create, account, numbers, form.seen_cents, nonce, card=card, keep=keep)
        payment = cards.committed(partial(create, address=client.origin()), form.altcha.data or "")
    except card_tries.NotNow as problem:
        return pay_page(numbers, cards.said(problem))
    except saved_cards.NotKeptAnyMore:
        return pay_page(numbers, paying.card_gone())
    except checkout.SomeUnderWay as busy:
        return pay_page(numbers, paying.under_way(invoice.number for invoice in busy.invoices))
    except checkout.AlreadyUnderWay as busy:
        payment = busy.payment
    except checkout.AmountChanged as changed:
        return pay_page(numbers, paying.amount_changed(changed.due_cents))
    except checkout.SeveralHouseholds:
        return pay_page(numbers, paying.several_households())
    except checkout.NothingDue:
        payment = reads.last_payment(account, numbers)
    except (reads.NoSuchInvoice, saved_cards.NoSuchCard):
        abort(404)
    portal().worker.wake()
    return to_payment(payment)


def to_payment(payment: Payment | None) -> ResponseReturnValue:
    """Lead to what became of a payment; without one nothing was left to pay, and it is said."""
    if payment is None:
        flash(paying.nothing_left(), "note")
        return see("billing.accounts")
    return see("payment.outcome", reference=payment.reference)


def how_to_pay(form: PayForm, account: Account) -> tuple[str, SavedCard | None, bool]:
    """Return the nonce of the card typed, the saved card that pays instead, and whether the one typed is to be kept.

    Raises: NoSuchCard, NotKeptAnyMore.
    """
    if form.payment_method.data:
        return "", saved_cards.to_pay_with(account, form.payment_method.data, clock.today()), False
    return form.payment_method_nonce.data, None, bool(form.save_payment_method.data)


@blueprint.get("/mon-dossier/paiements/<reference>")
@login_required
def outcome(reference: str) -> ResponseReturnValue:
    """Tell whether money was taken: paid, refused, or being verified; 204 to a waiting page while nothing changes."""
    session = signed_in_session()
    try:
        payment = reads.payment(reference, session.account)
    except reads.NoSuchPayment:
        abort(404)
    state = shown_state(payment)
    if by_htmx() and request.args.get("vu") == payment.state:
        return Response(status=204)
    part, is_mine = part_of(payment), payment.account_id == session.account_id
    invoices, households = reads.invoices_of(payment), session.account.household_ids()
    ours = [one.invoice for one in invoices if one.invoice.household_id in households]
    places = items.of_invoices(ours)
    return page(
        "payment/outcome.html",
        payment=payment,
        state=state,
        part=part,
        heading=paying.heading(part),
        credit_notes=credit_notes.of(payment),
        refund=refund_status.of(payment),
        unmatched=unmatched_charges.of(payment),
        invoices=invoices,
        due_cents=sum(invoice.balance_cents for invoice in ours),
        numbers=[invoice.number for invoice in ours],
        shows_card=readers.reads_card(payment, session.account),
        receipt=receipts.of(payment),
        why=paying.refusal(payment.refusal),
        saved_card=saved_cards.of(payment, session.account),
        why_not_kept=paying.not_kept(saved_cards.Unkept.NOT_TAKEN),
        message=receipts.message_of(payment) if is_mine else None,
        places_given=cart_words.given(len(places)) if places else "",
        later=[invoice for invoice in lapses.invoices_of(places) if invoice.balance_cents],
        waiting_email=session.account.waiting_email if is_mine else "",
    )


def shown_state(payment: Payment) -> str:
    """Return what a payment's page says of it: verifying, paid, or refused (also when the money went back)."""
    if payment.is_open or (payment.state == payment.UNEXPECTED and unmatched_charges.is_held(payment)):
        return "verifying"
    kept = payment.state in payment.BOOKED_STATES and not payment.is_reversed
    return "paid" if kept else "refused"


def part_of(payment: Payment) -> str:
    """Return which words a payment's page is made of."""
    if payment.state == payment.UNEXPECTED:
        return unmatched_charges.standing_of(payment)
    if payment.is_reversed:
        return "reversed"
    return "refunded" if payment.state == payment.REFUNDED else shown_state(payment)


@blueprint.get("/mon-dossier/recus/<number>.pdf")
@login_required
def receipt(number: str) -> ResponseReturnValue:
    """Draw a receipt's PDF, now that it is asked for; asked by a payment's reference, its page tells how it stands."""
    account = signed_in_session().account
    try:
        found = receipts.find(number, account)
    except receipts.NoSuchReceipt:
        return tell_of_payment(number, account)
    pdf = portal().documents.receipt_pdf(receipts.for_reader(found, account, portal().city))
    headers = {"Content-Disposition": f'inline; filename="recu-{found.number}.pdf"'}
    return Response(pdf, mimetype="application/pdf", headers=headers)


def tell_of_payment(reference: str, account: Account) -> ResponseReturnValue:
    """Lead to the page of a payment that she may see whose receipt was asked for; 404 when there is none."""
    try:
        payment = reads.payment(reference, account)
    except reads.NoSuchPayment:
        abort(404)
    issued = receipts.of(payment)
    if issued:
        return see("payment.receipt", number=issued.number)
    return see("payment.outcome", reference=payment.reference)


def pay_page(numbers: list[str], problem: str = "", later: int = 0) -> ResponseReturnValue:
    """Show what will be paid; settled invoices are taken out and named, `later` ones are too many for one payment.

    422 when there is a problem to tell.
    """
    session = signed_in_session()
    try:
        chosen = reads.chosen(numbers, session.account.household_ids())
    except reads.NoSuchInvoice:
        abort(404)
    due = [one for one in chosen if one.invoice.balance_cents]
    under_way = reads.references_under_way([one.invoice for one in due])
    if len(under_way) == len(due):
        return to_payment(reads.last_payment(session.account, numbers))
    if under_way and not problem:
        problem = paying.under_way(under_way)
    return page(
        "payment/pay.html",
        status=422 if problem else 200,
        invoices=due,
        total_cents=sum(one.invoice.balance_cents for one in due),
        left_out=[one.invoice.number for one in chosen if not one.invoice.balance_cents],
        later=later,
        problem=problem,
        nothing_taken=not under_way,
        first_visit=sessions.counts_steps(session),
        saved=[] if wants_to_type() else saved_cards.usable(session.account, clock.today()),
        client_token=portal().tokens.current(),
        door=cards.door(where_tried(session.account, [one.invoice.number for one in due])),
        charged_later=card_consents.begins_with(session.account, [one.invoice for one in due]),
        **held(household_id() or 0),
    )


def where_tried(account: Account, numbers: list[str]) -> card_tries.Places:
    """Return where a card counts that an account tries on these invoices."""
    return card_tries.places(client.origin(), account.person_id, numbers)


def wants_to_type() -> bool:
    """Tell whether the card fields are wanted although a card is saved: asked for, or just filled in."""
    return "autre" in request.args or "payment_method_nonce" in request.form
