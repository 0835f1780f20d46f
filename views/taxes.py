"""Reçus d'impôts / dons: what one paid in a year that counts for taxes, and the numbered receipts."""

from datetime import date

from flask import Blueprint, Response, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from domain.common import clock
from domain.taxes import consents, tax_amounts, tax_overview, tax_receipts
from views.forms.account import EmptyForm
from views.messages import dossier
from views.web.portal import portal
from views.web.rendering import page, see
from views.web.security import signed_in_session

blueprint = Blueprint("taxes", __name__, url_prefix="/mon-dossier/recus-fiscaux")
TAX_SEASON = 5  # until May one looks for the receipts of the year before


@blueprint.get("")
@login_required
def receipts() -> ResponseReturnValue:
    """Show a year: amounts by person, gifts, receipts, and what is missing."""
    account, today = signed_in_session().account, clock.today()
    years = tax_amounts.years(account.person_id, today, account.household_ids())
    year = asked_year(years, today)
    return page(
        "taxes/receipts.html",
        years=years,
        year=year,
        is_over=year < today.year,
        consent=consents.given_at(account.person_id),
        names=dossier.TAX_KINDS,
        gaps=dossier.TAX_GAPS,
        why_no_receipt=dossier.why_no_receipt,
        **vars(tax_overview.of_year(account, year, portal().city)),
    )


@blueprint.post("/consentement")
@login_required
def consent() -> ResponseReturnValue:
    """Accept to receive the receipts online instead of by mail, or no more."""
    if EmptyForm().validate_on_submit():
        account, wanted = signed_in_session().account, request.form.get("wanted") == "1"
        (consents.give if wanted else consents.withdraw)(account)
        flash(dossier.receipts_online() if wanted else dossier.receipts_by_mail())
    return see("taxes.receipts", annee=request.form.get("annee", type=int))


@blueprint.get("/<number>.pdf")
@login_required
def receipt(number: str) -> ResponseReturnValue:
    """Draw a tax receipt's PDF, for who accepted to receive it so."""
    account = signed_in_session().account
    try:
        found = tax_receipts.find(number, account.person_id)
    except tax_receipts.NoSuchTaxReceipt:
        abort(404)
    if consents.given_at(account.person_id) is None:
        flash(dossier.consent_first())
        return see("taxes.receipts", annee=found.year)
    pdf = portal().tax_documents.tax_receipt_pdf(tax_receipts.for_reader(found, account, portal().city))
    headers = {"Content-Disposition": f'inline; filename="recu-fiscal-{found.number}.pdf"'}
    return Response(pdf, mimetype="application/pdf", headers=headers)


def asked_year(years: list[int], today: date) -> int:
    """Return the year of the address, when there is one; else last year until May, then this one."""
    wanted = request.args.get("annee", type=int)
    if wanted in years:
        return wanted
    last_year = today.year - 1
    return last_year if today.month < TAX_SEASON and last_year in years else today.year
