"""Refunds, and what accounting books: the code is asked again for each."""

from collections.abc import Iterable

from flask import Blueprint, Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from domain.billing import payments_export, refund_status
from domain.payments import disputes, refund_lines, refunds, unmatched_charges
from domain.staff import counter
from models import Payment
from views.forms.money import ExportForm, RefundForm
from views.messages import accounting, staff
from views.staff import guard
from views.web import files
from views.web.portal import portal
from views.web.rendering import page, see

blueprint = Blueprint("money", __name__)


@blueprint.route("/remboursement", methods=["GET", "POST"])
def refund() -> ResponseReturnValue:
    """Give back a payment, whole or in part; the amount that is left was seen."""
    reference = request.values.get("paiement", "").strip().upper()
    payment = counter.open_payment(guard.my_session(), reference) if reference else None
    refundable = payment is not None and refunds.is_refundable(payment)
    form = RefundForm()
    if payment and refundable and form.validate_on_submit() and guard.takes_code(form) and try_refund(form, payment):
        flash(staff.refund_asked(form.cents) if form.by_card else staff.settled())
        return see("staff.money.refund", paiement=reference)
    return page(
        "staff/money/refund.html",
        form=form,
        reference=reference,
        payment=payment,
        left_cents=refunds.left_cents(payment) if payment else 0,
        refund=refund_status.of(payment) if payment else None,
        lines=refund_lines.refundable(payment) if payment and refundable else [],
        refundable=refundable,
        disputes=disputes.open_of(payment) if payment and refundable else [],
        held=payment is not None and unmatched_charges.is_held(payment),
        status=status_of(reference, payment, refundable),
    )


def status_of(reference: str, payment: Payment | None, refundable: bool) -> int:
    """Say 404 of a reference nobody has, 422 of a refund asked where none can be."""
    if reference and not payment:
        return 404
    return 422 if request.method == "POST" and not refundable else 200


def try_refund(form: RefundForm, payment: Payment) -> bool:
    """Commit a refund; the worker carries out what goes to the card."""
    try:
        give(form, payment)
    except disputes.BeingDisputed:
        form.amount.errors = [staff.being_disputed()]
    except refunds.NotRefundable:
        form.amount.errors = [staff.not_refundable()]
    except refunds.TooMuch:
        form.amount.errors = [staff.too_much()]
    except refund_lines.OtherLines:
        form.amount.errors = [staff.other_lines()]
    except refunds.LeftChanged:
        form.amount.errors = [staff.left_changed()]
    else:
        portal().worker.wake()
        return True
    return False


def give(form: RefundForm, payment: Payment) -> None:
    """Commit a refund by card, or note one that was given another way. Raises: as counter.give_back."""
    given = form.cents, form.seen_cents, form.reason.data.strip(), form.shares
    knowingly = bool(form.seen_dispute.data)
    if form.by_card:
        counter.give_back(guard.me(), payment, *given, knowingly=knowingly)
    else:
        counter.hand_over(guard.me(), payment, *given, form.method.data, portal().listeners, knowingly=knowingly)


@blueprint.route("/export", methods=["GET", "POST"])
def export() -> ResponseReturnValue:
    """Send the payments of some days as a file."""
    form = ExportForm()
    if form.validate_on_submit() and guard.takes_code(form):
        counter.note_export(guard.me(), form.first.data, form.last.data)
        rows = payments_export.payments(form.first.data, form.last.data)
        return file_of(rows, f"paiements-{form.first.data}-{form.last.data}", request.form.get("kind", ""))
    return page("staff/money/export.html", form=form)


def file_of(rows: Iterable[payments_export.Row], name: str, kind: str) -> Response:
    """Answer with the payments as one asked for them: a workbook, a table for people, or what machines read."""
    sheets, known = portal().spreadsheets, (accounting.header(), accounting.rows(rows))
    if kind == "xlsx":
        return files.download(sheets.workbook((_("Paiements"), *known)), files.XLSX, f"{name}.xlsx")
    if kind == "csv":
        return files.download(sheets.csv_text(*known), files.CSV, f"{name}-tableur.csv")
    return files.download(portal().csv_files.text_of(payments_export.HEADER, rows), files.CSV, f"{name}.csv")
