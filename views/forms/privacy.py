"""The forms of Mes renseignements."""

from flask_babel import lazy_gettext as lazy
from wtforms import PasswordField, TextAreaField

from views.forms.account import required
from views.forms.base import PortalForm


class CorrectionForm(PortalForm):
    words = TextAreaField(lazy("Ce qui est à corriger"), [required(lazy("Écrivez ce qui est à corriger."))])


class CloseAccountForm(PortalForm):
    current = PasswordField(lazy("Mot de passe actuel"), [required(lazy("Écrivez votre mot de passe actuel."))])
