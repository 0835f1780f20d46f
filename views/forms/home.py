"""« Rappelez-moi »."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from views.forms.account import required
from views.forms.base import PortalForm


class PhoneForm(PortalForm):
    phone = StringField(lazy("Votre numéro de téléphone"), [required(lazy("Écrivez votre numéro de téléphone."))])

    def validate_phone(self, field: StringField) -> None:
        """Accept ten digits, or eleven with the leading 1, however they are spaced."""
        digits = re.sub(r"[\s().+-]", "", field.data or "")
        if field.data and not re.fullmatch(r"1?[2-9][0-9]{9}", digits):
            raise ValidationError(_("Écrivez les dix chiffres du téléphone, par exemple 819 843-0000."))


class CallbackForm(PhoneForm):
    best_time = StringField(lazy("Meilleur moment pour vous appeler (facultatif)"))
    stopped_at = HiddenField()


class ReviewForm(PhoneForm):
    """What a machine refused, and what who was refused says of it."""

    decision = HiddenField()
    sujet = HiddenField()  # such as a payment's reference
    words = TextAreaField(lazy("Ce que vous en dites"), [required(lazy("Dites ce qu’il faut revoir."))])
