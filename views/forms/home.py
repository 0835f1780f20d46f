"""« Demander un appel »."""

from flask_babel import lazy_gettext as lazy
from wtforms import HiddenField, StringField, TextAreaField

from views.forms.account import put_as_phone, required
from views.forms.base import PortalForm


class PhoneForm(PortalForm):
    phone = StringField(lazy("Votre numéro de téléphone"), [required(lazy("Écrivez votre numéro de téléphone."))])

    def validate_phone(self, field: StringField) -> None:
        """Want a whole number, however it is spaced."""
        if field.data:
            put_as_phone(field)


class CallbackForm(PhoneForm):
    best_time = StringField(lazy("Meilleur moment pour vous appeler (facultatif)"))
    stopped_at = HiddenField()


class ReviewForm(PhoneForm):
    """What a machine refused, and what who was refused says of it."""

    decision = HiddenField()
    sujet = HiddenField()  # such as a payment's reference
    words = TextAreaField(lazy("Ce que vous en dites"), [required(lazy("Dites ce qu’il faut revoir."))])
