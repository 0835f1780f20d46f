"""The forms of a forgotten user code or password."""

from flask_babel import lazy_gettext as lazy
from wtforms import EmailField, HiddenField, PasswordField, StringField

from views.forms.account import required, same_twice
from views.forms.base import PortalForm


class EmailForm(PortalForm):
    email = EmailField(lazy("Courriel confirmé"), [required(lazy("Écrivez le courriel de votre dossier."))])
    altcha = HiddenField()


class CodeForm(PortalForm):
    one_time_code = StringField(lazy("Code reçu"), [required(lazy("Écrivez le code qu’on vous a lu."))])


class NewPasswordForm(PortalForm):
    password = PasswordField(lazy("Nouveau mot de passe"), [required(lazy("Choisissez un mot de passe."))])
    password_again = PasswordField(lazy("Mot de passe, encore une fois"), [same_twice])
