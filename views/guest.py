"""Paying without an account: clubs, grandparents, someone whose card is expired. Nothing is seen but a balance.

The browser's signed cookie holds which invoice it proved to know, for half an hour, and the payments it made.
"""

import time
from functools import partial

from flask import Blueprint, Response, abort, flash, request, session
from flask.typing import ResponseReturnValue

from domain.access.proof import BadProof, TooManyUnproven
from domain.billing import credit_notes, invoices, receipts, refund_status
from domain.common import rate_limits
from domain.payments import card_tries, checkout, guest_payers, payer_letters, unmatched_charges
from domain.people.reviews import Decision
from models import Invoice, Payment
from views import payment as payment_page
from views.forms.guest import GuestForm, GuestPayForm
from views.messages import access, paying
from views.web import cards, client
from views.web.portal import portal
from views.web.rendering import by_htmx, page, see

blueprint = Blueprint("guest", __name__, url_prefix="/payer-une-facture")
OPEN_FOR = 30 * 60  # seconds: the computer may be the library's
SHOWN_FOR = 2 * 60 * 60
MOST_KEPT = 5


@blueprint.route("", methods=["GET", "POST"])
def invoice() -> ResponseReturnValue:
    """Ask for a number, an amount and a postal code that go together."""
    form = GuestForm(invoice_number=request.args.get("facture", ""))  # a paper invoice's QR code may name it
    if form.validate_on_submit() and try_find(form):
        return see("guest.pay")
    form.altcha.data = ""
    return page("guest/invoice.html", form=form, challenge=client.challenge())


def try_find(form: GuestForm) -> bool:
    """Keep the invoice found for the next page; say no, with the form saying why."""
    try:
        client.check(form.altcha.data or "")
        found = guest_payers.find(form.invoice_number.data, form.cents, form.postal_code.data, client.origin())
    except guest_payers.Mistyped:
        form.refused = Decision.INVOICE_NOT_FOUND
        form.invoice_number.errors = [paying.mistyped_reference()]
    except guest_payers.NotFound:
        form.refused = Decision.INVOICE_NOT_FOUND
        form.blame(paying.no_such_invoice(), form.invoice_number, form.amount, form.postal_code)
    except (BadProof, TooManyUnproven):
        form.altcha.errors = [access.not_proven()]
    except rate_limits.TooManyHere:
        form.refused = Decision.TOO_MANY_TRIES
        form.altcha.errors = [access.too_many_here()]
    else:
        if found.balance_cents:
            session["guest_invoice"] = [found.number, int(time.time()) + OPEN_FOR]
            return True
        form.invoice_number.errors = [paying.settled_already()]
    return False


@blueprint.route("/payer", methods=["GET", "POST"])
def pay() -> ResponseReturnValue:
    """Show what is left of the invoice, with the card fields; or commit a payment and answer at once."""
    found = invoice_here()
    if found is None:
        if request.method == "POST" and session:
            flash(access.guest_too_late(), "note")
        return see("guest.invoice")
    form = GuestPayForm()
    if request.method == "GET":
        return pay_page(form, found)
    if not form.validate_on_submit():
        return pay_page(form, found, why_not(form))
    if not form.payment_method_nonce.data or form.seen_cents is None:
        return pay_page(form, found, paying.no_card())
    return start(form, found, form.seen_cents)


def start(form: GuestPayForm, found: Invoice, seen_cents: int) -> ResponseReturnValue:
    """Commit the payment; the charge itself happens off the request."""
    nonce, name = form.payment_method_nonce.data, form.payer_name.data.strip()
    email = (form.payer_email.data or "").strip()
    wants_pdf = bool(email and form.receipt_pdf.data)
    create = partial(
        checkout.create_for_guest, found, seen_cents, nonce, name, email, wants_pdf=wants_pdf, address=client.origin()
    )
    try:
        payment = cards.committed(create, form.altcha.data or "")
    except card_tries.NotNow as problem:
        return pay_page(form, found, cards.said(problem))
    except checkout.AlreadyUnderWay as busy:
        if busy.payment.reference not in session.get("guest_payments", []):
            return pay_page(form, found, paying.someone_paying())
        payment = busy.payment
    except checkout.AmountChanged as changed:
        return pay_page(form, found, paying.amount_changed(changed.due_cents))
    except checkout.NothingDue:
        return pay_page(form, found, paying.settled_already())
    kept = [one for one in session.get("guest_payments", []) if one != payment.reference]
    session["guest_payments"] = [*kept, payment.reference][-MOST_KEPT:]
    session["guest_until"] = int(time.time()) + SHOWN_FOR
    portal().worker.wake()
    return see("guest.outcome", reference=payment.reference)


def why_not(form: GuestPayForm) -> str:
    """Say what a form to pay lacks."""
    if form.payer_name.errors:
        return paying.who_pays()
    return str(form.payer_email.errors[0]) if form.payer_email.errors else paying.too_old()


@blueprint.get("/paiements/<reference>")
def outcome(reference: str) -> ResponseReturnValue:
    """Tell whether money was taken, to the browser that paid; 204 to a waiting page while nothing changes."""
    payment = payment_here(reference)
    if by_htmx() and request.args.get("vu") == payment.state:
        return Response(status=204)
    part, guest = payment_page.part_of(payment), payer_letters.guest_of(payment)
    paid = invoices.invoices_of(payment)
    return page(
        "guest/outcome.html",
        payment=payment,
        state=payment_page.shown_state(payment),
        part=part,
        heading=paying.heading(part),
        invoices=paid,
        due_cents=sum(one.invoice.balance_cents for one in paid),
        receipt=receipts.of(payment),
        why=paying.refusal(payment.refusal),
        refund=refund_status.of(payment),
        credit_notes=credit_notes.of(payment),
        unmatched=unmatched_charges.of(payment),
        key=guest.key if guest else None,
        message=receipts.message_of(payment) if is_here(reference) else None,
    )


@blueprint.get("/recus/<reference>.pdf")
def receipt(reference: str) -> ResponseReturnValue:
    """Draw the receipt of a payment made here: what was paid, nothing that stands on the invoice."""
    found = receipts.of(payment_here(reference))
    if found is None:
        abort(404)
    pdf = portal().documents.receipt_pdf(receipts.for_guest(found, portal().city))
    headers = {"Content-Disposition": f'inline; filename="recu-{found.number}.pdf"'}
    return Response(pdf, mimetype="application/pdf", headers=headers)


def where_tried(found: Invoice) -> card_tries.Places:
    """Return where a card tried for an invoice counts."""
    return card_tries.places(client.origin(), None, [found.number], found.household.code)


def invoice_here() -> Invoice | None:
    """Return the invoice this browser proved to know, for as long as that counts."""
    number, until = session.get("guest_invoice", ["", 0])
    return guest_payers.known(number) if until > time.time() else None


def payment_here(reference: str) -> Payment:
    """Return a payment made by this browser, or named by the link its payer was given; else answer 404."""
    if not is_here(reference) and not guest_payers.opens(request.args.get("cle", ""), reference):
        abort(404)
    return guest_payers.payment(reference)


def is_here(reference: str) -> bool:
    """Tell whether a payment was made by this browser, and lately."""
    return session.get("guest_until", 0) >= time.time() and reference in session.get("guest_payments", [])


def pay_page(form: GuestPayForm, found: Invoice, problem: str = "") -> ResponseReturnValue:
    """Show what is left of the invoice. 422 when there is a problem to tell: a card that was read then stays read."""
    return page(
        "guest/pay.html",
        status=422 if problem else 200,
        fields=form,
        invoice=found,
        total_cents=found.balance_cents,
        problem=problem,
        kept_nonce=form.payment_method_nonce.data if problem else "",
        busy=bool(invoices.references_under_way([found])),
        client_token=portal().tokens.current(),
        door=cards.door(where_tried(found)),
    )
