"""The forms of Mon profil."""

from flask_babel import lazy_gettext as lazy
from wtforms import EmailField, PasswordField, StringField

from views.forms.account import complete_email, required, same_twice, well_made
from views.forms.base import PortalForm


class ChangePasswordForm(PortalForm):
    current = PasswordField(lazy("Mot de passe actuel"), [required(lazy("Écrivez votre mot de passe actuel."))])
    password = PasswordField(lazy("Nouveau mot de passe"), [required(lazy("Choisissez un mot de passe."))])
    password_again = PasswordField(lazy("Nouveau mot de passe, encore une fois"), [same_twice])


class ChangeEmailForm(PortalForm):
    email = EmailField(lazy("Nouveau courriel"), [required(lazy("Écrivez un courriel.")), complete_email])
    current = PasswordField(lazy("Mot de passe actuel"), [required(lazy("Écrivez votre mot de passe actuel."))])


class ChangeUsernameForm(PortalForm):
    username = StringField(
        lazy("Nouveau code d’utilisateur"), [required(lazy("Choisissez un code d’utilisateur.")), well_made]
    )
    current = PasswordField(lazy("Mot de passe actuel"), [required(lazy("Écrivez votre mot de passe actuel."))])
