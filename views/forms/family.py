"""The forms of Ma famille."""

from flask_babel import lazy_gettext as lazy
from wtforms import StringField, TextAreaField

from views.forms.account import put_as_phone, required
from views.forms.base import PortalForm


class EmergencyForm(PortalForm):
    name = StringField(lazy("Nom du contact d’urgence"), [required(lazy("Écrivez un nom."))])
    phone = StringField(lazy("Téléphone"), [required(lazy("Écrivez un numéro de téléphone."))])
    relation = StringField(lazy("Lien (facultatif)"))

    def validate_phone(self, field: StringField) -> None:
        """Want a whole number, however it is spaced."""
        if field.data:
            put_as_phone(field)


class ChangeForm(PortalForm):
    words = TextAreaField(lazy("Ce qui change"), [required(lazy("Écrivez ce qui change."))])
