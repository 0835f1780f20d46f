"""A resident at the counter: her file, a one-time code to read out, a card to unblock."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from domain.access import verification
from domain.access.identification import known_form
from domain.billing import overpayments, payment_slips, refund_status
from domain.common import clock
from domain.people import household, mailboxes
from domain.privacy import own_data
from domain.staff import counter
from models import Person
from views.forms.account import EmptyForm
from views.forms.staff import CardFileForm, InvoiceFileForm
from views.messages import dossier, staff
from views.messages.methods import methods
from views.staff import guard
from views.web.portal import portal
from views.web.rendering import page, see

blueprint = Blueprint("cards", __name__)


@blueprint.route("/carte", methods=["GET", "POST"])
def card() -> ResponseReturnValue:
    """Open a card's file and do what is asked. The number is posted, so that no address holds it."""
    form = CardFileForm()
    if not form.validate_on_submit():
        return page("staff/cards/card.html", form=form, person=None)
    person = counter.open_file(guard.my_session(), known_form(form.card_number.data, portal().city))
    if person is None:
        form.card_number.errors = [staff.no_such_card()]
        return page("staff/cards/card.html", form=form, person=None)
    done = carry_out(form, person)
    account, wants_code = counter.account_of(person), verification.wants_code(person)
    return page(
        "staff/cards/card.html",
        form=form,
        person=person,
        account=account,
        reads_out=account or wants_code,
        divided=mailboxes.is_divided(household.address_of(person), portal().city),
        done=done,
    )


@blueprint.route("/comptes-a-verifier", methods=["GET", "POST"])
def unverified() -> ResponseReturnValue:
    """List the accounts whose opening could be told to nobody; note of one that it is its holder's."""
    if request.method == "GET":
        return page("staff/cards/unverified.html", owed=counter.accounts_to_verify(guard.my_session()))
    asked = request.form.get("account", 0, type=int)
    if EmptyForm().validate_on_submit() and counter.verify_account(guard.me(), asked):
        flash(staff.account_verified())
    return see("staff.cards.unverified")


@blueprint.route("/facture", methods=["GET", "POST"])
def invoice() -> ResponseReturnValue:
    """Find the invoice of a payment slip: what is left to pay, what was paid, and whether it is being paid online."""
    form, found = InvoiceFileForm(), None
    if form.validate_on_submit():
        try:
            found = counter.open_invoice(guard.my_session(), form.reference.data)
            if found is None:
                form.reference.errors = [staff.no_such_invoice()]
        except payment_slips.BadReference:
            form.reference.errors = [staff.mistyped_reference()]
    being_paid = found is not None and counter.is_being_paid(found)
    asked = refund_status.asked_by_invoice([found] if found else [])
    paid = counter.paid_on(found) if found else []
    owed_back = overpayments.owed_by_invoice([found.id] if found else [])
    return page(
        "staff/cards/invoice.html",
        form=form,
        invoice=found,
        being_paid=being_paid,
        refund_asked_cents=sum(asked.values()),
        owed_back_cents=sum(owed_back.values()),
        paid=paid,
        methods=methods(),
        today=clock.today(),
    )


def carry_out(form: CardFileForm, person: Person) -> str:
    """Read out a code, unblock the card, end the sessions, close a stranger's account; return what to say of it.

    Nothing to open the file only.
    """
    act = form.act.data
    if act == "sessions":
        return staff.sessions_ended(counter.end_sessions(guard.me(), person))
    if act == "unblock":
        return staff.unblocked(counter.unblock(guard.me(), person))
    if act not in ("code", "close") or not guard.takes_code(form):
        return ""
    if act == "close":
        return close_a_strangers(person)
    try:
        has_one = counter.account_of(person) is not None
        code = counter.read_out_code(guard.me(), person, portal().letters)
        return staff.one_time_code(code) if has_one else staff.sign_up_code(code)
    except counter.NoAccount:
        return staff.no_account()


def close_a_strangers(person: Person) -> str:
    """Close the account that somebody else opened with a card; return what to say of it."""
    account = counter.account_of(person)
    if account is None:
        return staff.no_account()
    try:
        own_data.close_a_strangers(guard.me(), account, portal().letters, portal().city)
    except own_data.PaymentUnderWay:
        return dossier.close_strangers_later()
    return dossier.strangers_closed()
