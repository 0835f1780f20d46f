"""Comptes et reçus: what is due, what was paid, contracts and receipts."""

from datetime import date

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from domain import slips, statement
from views import paging
from views.rendering import page, see
from views.security import signed_in_session

blueprint = Blueprint("billing", __name__)
MOST_AT_ONCE = 100


@blueprint.get("/mon-dossier/comptes")
@login_required
def accounts(nothing_chosen: bool = False) -> ResponseReturnValue:
    """List the household's invoices, contracts and receipts; tick and pay."""
    view = statement.accounts(signed_in_session().account.household_ids(), paging.asked())
    return page(
        "billing/accounts.html",
        status=422 if nothing_chosen else 200,
        nothing_chosen=nothing_chosen,
        today=date.today(),
        **view,
    )


@blueprint.get("/mon-dossier/comptes/<number>")
@login_required
def invoice(number: str) -> ResponseReturnValue:
    """Show one invoice: its lines, whom each is for, taxes and payments."""
    try:
        view = statement.invoice(number, signed_in_session().account.household_ids())
    except statement.NoSuchInvoice:
        abort(404)
    return page("billing/invoice.html", today=date.today(), methods=methods(), **view)


@blueprint.get("/mon-dossier/bordereau")
@login_required
def slip() -> ResponseReturnValue:
    """Print what to bring or mail with a cheque: each invoice's amount and a reference that staff can key in."""
    try:
        invoices = slips.payable(chosen_numbers(), signed_in_session().account.household_ids())
    except statement.NoSuchInvoice:
        abort(404)
    if not invoices:
        return see("billing.accounts")
    total_cents = sum(invoice.balance_cents for invoice in invoices)
    return page(
        "billing/slip.html",
        invoices=invoices,
        total_cents=total_cents,
        under_way=statement.references_under_way(invoices),
        today=date.today(),
    )


def chosen_numbers() -> list[str]:
    """Return the invoice numbers of the address or the form, each once."""
    numbers = dict.fromkeys(request.values.getlist("facture"))
    return [number for number in numbers if number.isprintable()][:MOST_AT_ONCE]


def methods() -> dict[str, str]:
    """Return the names of the payment methods."""
    return {
        "card": _("carte de crédit"),
        "cash": _("comptant"),
        "cheque": _("chèque"),
        "debit": _("carte de débit"),
        "other": _("autre paiement"),
    }
