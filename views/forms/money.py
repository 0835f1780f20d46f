"""The forms by which staff give money back, and take what accounting books."""

import re

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, ValidationError

from domain.billing import overpayments
from domain.common import clock
from domain.payments.handed_back import Handed
from models import Payment
from views.forms.account import required
from views.forms.base import DayField, PortalForm, cents_of, chosen
from views.forms.staff import code_field


class HandBackForm(PortalForm):
    """How money owed back was returned, and how much of it the page showed."""

    amount_seen_cents = IntegerField()
    method = StringField(validators=[AnyOf(overpayments.WAYS_BACK)])


OTHERWISE = [
    SelectChoice(Payment.CHEQUE, lazy("Par chèque")),
    SelectChoice(Payment.CASH, lazy("Comptant")),
    SelectChoice(Payment.TRANSFER, lazy("Par virement")),
    SelectChoice(Payment.OTHER, lazy("Autrement")),
]


class HandBackChargeForm(PortalForm):
    """How money that no card takes back was given, and how much of it the page showed."""

    amount_seen_cents = HiddenField()
    method = RadioField(
        lazy("Comment"),
        [chosen(lazy("Dites comment l’argent a été rendu."))],
        choices=OTHERWISE,
        validate_choice=False,
    )
    reference = StringField(lazy("Numéro du chèque, ou autre référence"))
    given_on = DayField(lazy("Rendu le"), default=clock.today)

    def validate_reference(self, field: StringField) -> None:
        """Want one, but of cash."""
        if self.method.data != Payment.CASH and not (field.data or "").strip():
            raise ValidationError(_("Écrivez le numéro du chèque, ou une autre référence."))

    def validate_given_on(self, field: DayField) -> None:
        """Refuse a day that has not come."""
        if not field.data:
            raise ValidationError(_("Écrivez une date, par exemple 2026-11-23."))
        if field.data > clock.today():
            raise ValidationError(_("Cette date est dans le futur. Vérifiez-la."))

    def handed(self, by: str) -> Handed:
        """Return what the form says."""
        seen = self.amount_seen_cents.data or ""
        seen_cents = int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else 0
        return Handed(seen_cents, self.method.data, self.reference.data.strip(), self.given_on.data, by)


LINE = "ligne-"  # and the id of an invoice line: what to give back of it


class RefundForm(PortalForm):
    amount = StringField(lazy("Montant à rembourser"), [required(lazy("Écrivez le montant."))])
    method = RadioField(
        lazy("Comment"),
        [chosen(lazy("Dites comment l’argent est rendu."))],
        choices=[SelectChoice(Payment.CARD, lazy("Sur la carte qui a payé")), *OTHERWISE],
        default=Payment.CARD,
        validate_choice=False,
    )
    reason = StringField(lazy("Raison"), [required(lazy("Écrivez la raison."))])
    code = code_field()
    seen_left_cents = HiddenField()
    seen_dispute = HiddenField()  # sent by a page that warned of one

    cents = 0
    shares: dict[int, int] | None = None  # of named lines; without any, in proportion

    def validate_amount(self, field: StringField) -> None:
        """Accept an amount above zero such as 12,50, which the lines named add up to."""
        self.cents = cents_of(field.data or "") or 0
        typed = {name: text for name, text in request.form.items() if name.startswith(LINE) and text.strip()}
        ids = [name.removeprefix(LINE) for name in typed]
        if not self.cents:
            raise ValidationError(_("Écrivez un montant, par exemple 12,50."))
        if not all(map(cents_of, typed.values())):
            raise ValidationError(_("Le montant d’une des lignes ne se lit pas. Écrivez, par exemple, 12,50."))
        if not all(re.fullmatch("[1-9][0-9]{0,17}", line) for line in ids):
            raise ValidationError(_("Une de ces lignes n’existe pas. Rouvrez le paiement."))
        named = {int(line): cents_of(text) or 0 for line, text in zip(ids, typed.values(), strict=True)}
        if named and sum(named.values()) != self.cents:
            raise ValidationError(_("Les montants des lignes ne font pas ensemble le montant à rembourser."))
        self.shares = named or None

    @property
    def by_card(self) -> bool:
        return bool(self.method.data == Payment.CARD)

    @property
    def seen_cents(self) -> int:
        text = self.seen_left_cents.data or ""
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


class ExportForm(PortalForm):
    first = DayField(lazy("Premier jour"))
    last = DayField(lazy("Dernier jour, compris"))
    code = code_field()

    def validate_last(self, field: DayField) -> None:
        """Want the days in order."""
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_("Le dernier jour vient avant le premier."))
