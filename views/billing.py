"""Comptes et reçus: what is due, what was paid, contracts and receipts."""

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from werkzeug.utils import secure_filename

from domain.billing import account_statement as movements
from domain.billing import household_credits, invoice_document, invoice_page, overpayments, payment_slips, refund_status
from domain.billing import invoices as reads
from domain.common import clock
from domain.payments import card_consents
from domain.people import household
from views.forms.billing import InvoicesForm, PeriodForm
from views.messages import instalments
from views.messages.billing import MOVEMENTS
from views.messages.methods import methods
from views.web import paging
from views.web.portal import portal
from views.web.rendering import page, see
from views.web.security import signed_in_session

blueprint = Blueprint("billing", __name__)


@blueprint.get("/mon-dossier/comptes")
@login_required
def accounts(nothing_chosen: bool = False) -> ResponseReturnValue:
    """List the household's invoices, contracts and receipts; tick and pay."""
    account = signed_in_session().account
    households = account.household_ids()
    return page(
        "billing/accounts.html",
        status=422 if nothing_chosen else 200,
        nothing_chosen=nothing_chosen,
        today=clock.today(),
        owed_back=overpayments.owed_to(households),
        credit_cents=household_credits.left_cents(households),
        **vars(reads.accounts(account)),
    )


@blueprint.get("/mon-dossier/comptes/factures")
@login_required
def invoices() -> ResponseReturnValue:
    """List every invoice, by person, year and state."""
    households, form = signed_in_session().account.household_ids(), InvoicesForm(request.args)
    form.offer(*reads.choices(households))
    number = paging.asked()
    found, pages = reads.invoices(households, number, clock.today(), form.wanted())
    return page(
        "billing/invoices.html",
        filters=form,
        invoices=found,
        today=clock.today(),
        page_number=number,
        pages=pages,
        query=form.query(),
    )


@blueprint.get("/mon-dossier/comptes/recus")
@login_required
def receipts() -> ResponseReturnValue:
    """List every receipt and credit note."""
    number, account = paging.asked(), signed_in_session().account
    found, pages = reads.documents(account, number)
    under_way = reads.payments_under_way(account.household_ids())
    return page("billing/receipts.html", receipts=found, page_number=number, pages=pages, under_way=under_way)


@blueprint.get("/mon-dossier/comptes/releve")
@login_required
def account_statement() -> ResponseReturnValue:
    """Show what was invoiced and paid over a period, and what was owed after each line."""
    form, number = PeriodForm(request.args), paging.asked()
    if not form.validate():
        return page("billing/account_statement.html", form=form, statement=None)
    drawn = draw_statement(form)
    shown, pages = paging.cut(drawn.movements, number)
    return page(
        "billing/account_statement.html",
        form=PeriodForm(None, du=drawn.first, au=drawn.last),  # the boxes say the period that is shown
        statement=drawn,
        movements=shown,
        refund_asked_cents=refund_status.asked_of(signed_in_session().account.household_ids()),
        names=MOVEMENTS,
        page_number=number,
        pages=pages,
        query=f"&du={drawn.first}&au={drawn.last}",
    )


@blueprint.get("/mon-dossier/comptes/releve.pdf")
@login_required
def account_statement_pdf() -> ResponseReturnValue:
    """Draw the same as a PDF."""
    form = PeriodForm(request.args)
    if not form.validate():
        abort(404)
    drawn = draw_statement(form)
    headers = {"Content-Disposition": f'inline; filename="releve-{drawn.first}-{drawn.last}.pdf"'}
    return Response(portal().documents.statement_pdf(drawn, MOVEMENTS), mimetype="application/pdf", headers=headers)


def draw_statement(form: PeriodForm) -> movements.Statement:
    """Draw up the statement of the form's period; the last three months when it has none."""
    account, last = signed_in_session().account, form.au.data or clock.today()
    first = form.du.data or last - timedelta(days=90)
    return movements.of(account.household_ids(), account.person, first, last, portal().city)


@blueprint.get("/mon-dossier/comptes/<number>")
@login_required
def invoice(number: str) -> ResponseReturnValue:
    """Show one invoice: its lines, whom each is for, taxes and payments."""
    try:
        view = invoice_page.find(number, signed_in_session().account)
    except reads.NoSuchInvoice:
        abort(404)
    planned = card_consents.of_invoice(signed_in_session().account, view.invoice)
    return page(
        "billing/invoice.html",
        today=clock.today(),
        methods=methods(),
        planned=planned,
        stands=planned and instalments.stands(planned),
        **vars(view),
    )


@blueprint.get("/mon-dossier/comptes/<number>.pdf")
@login_required
def invoice_pdf(number: str) -> ResponseReturnValue:
    """Draw the same as a PDF, as it stands today."""
    account = signed_in_session().account
    try:
        view = invoice_page.find(number, account)
    except reads.NoSuchInvoice:
        abort(404)
    document = invoice_document.for_reader(view, account, portal().city, guest_address())
    headers = {"Content-Disposition": f'inline; filename="facture-{secure_filename(number)}.pdf"'}
    return Response(portal().documents.invoice_pdf(document, MOVEMENTS), mimetype="application/pdf", headers=headers)


@blueprint.get("/mon-dossier/bordereau")
@login_required
def slip() -> ResponseReturnValue:
    """Print what to bring or mail with a cheque: each invoice's amount and a reference that staff can key in."""
    account = signed_in_session().account
    try:
        lines = payment_slips.payable(chosen_numbers(), account.household_ids())
    except reads.NoSuchInvoice:
        abort(404)
    if not lines:
        return see("billing.accounts")
    invoices = [line.invoice for line in lines]
    named = {"facture": invoices[0].number} if len(invoices) == 1 else {}
    return page(
        "billing/slip.html",
        holder=account.person,
        postal_address=household.postal_address(account),
        mark=portal().documents.mark_address(portal().city),
        one_page=payment_slips.ON_ONE_PAGE,
        guest_address=guest_address(),
        guest_qr=portal().documents.qr(f"{guest_address()}?{urlencode(named)}".rstrip("?")),
        lines=lines,
        total_cents=sum(invoice.balance_cents for invoice in invoices),
        under_way=reads.references_under_way(invoices),
        today=clock.today(),
    )


def guest_address() -> str:
    """Return where one pays without an account, as paper says it."""
    return portal().settings.public_url.rstrip("/") + url_for("guest.invoice")


def chosen_numbers() -> list[str]:
    """Return the invoice numbers of the address or the form, each once."""
    numbers = dict.fromkeys(request.values.getlist("facture"))
    return [number for number in numbers if number.isprintable()]
