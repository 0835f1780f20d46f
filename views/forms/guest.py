"""The forms of paying without an account."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, EmailField, HiddenField, StringField
from wtforms.validators import ValidationError

from views.forms.account import complete_email, required
from views.forms.base import PortalForm, cents_of
from views.forms.payment import PayForm


class GuestForm(PortalForm):
    invoice_number = StringField(lazy("Numéro de la facture"), [required(lazy("Écrivez le numéro de la facture."))])
    amount = StringField(lazy("Montant de la facture"), [required(lazy("Écrivez le montant de la facture."))])
    postal_code = StringField(lazy("Code postal"), [required(lazy("Écrivez le code postal de la facture."))])
    altcha = HiddenField()

    cents = 0

    def validate_amount(self, field: StringField) -> None:
        """Accept an amount such as 114,98 or 1 234.56 $."""
        cents = cents_of(field.data or "")
        if cents is None:
            raise ValidationError(_("Écrivez un montant, par exemple 114,98."))
        self.cents = cents


class GuestPayForm(PayForm):
    payer_name = StringField(lazy("Votre nom"), [required(lazy("Écrivez votre nom."))])
    payer_email = EmailField(lazy("Votre courriel (facultatif)"), [complete_email])
    receipt_pdf = BooleanField(lazy("Joindre le reçu en PDF au courriel"))
