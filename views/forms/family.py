"""The forms of Ma famille."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from views.forms.account import required
from views.forms.base import PortalForm


class EmergencyForm(PortalForm):
    name = StringField(lazy("Nom de la personne à joindre"), [required(lazy("Écrivez un nom."))])
    phone = StringField(lazy("Téléphone"), [required(lazy("Écrivez un numéro de téléphone."))])
    relation = StringField(lazy("Lien (facultatif)"))

    def validate_phone(self, field: StringField) -> None:
        """Want ten digits at least."""
        if field.data and len(re.findall("[0-9]", field.data)) < 10:
            raise ValidationError(_("Il manque des chiffres. Exemple\u00a0: 819 843-1330."))


class ChangeForm(PortalForm):
    words = TextAreaField(lazy("Ce qui change"), [required(lazy("Écrivez ce qui change."))])
