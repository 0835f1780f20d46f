"""The forms of the way in: sign-in, identification, credentials."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_wtf import RecaptchaField
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, StopValidation, ValidationError

from domain.common import emails, phones
from views.forms import birth_date
from views.forms.base import PortalForm, Validator


def required(message: str) -> Validator:
    """Return a validator that asks for a text, in our words; a blank field is told this and nothing more."""

    def check(_form: PortalForm, field: StringField) -> None:
        if not (field.data or "").strip():
            raise StopValidation(message)

    return check


def well_made(_form: PortalForm, field: StringField) -> None:
    """Accept as a user code 3 to 50 letters, digits, dots, hyphens and underscores; no @, which is for e-mails."""
    if field.data and not re.fullmatch(r"[\w.-]{3,50}", field.data.strip()):
        raise ValidationError(_("Utilisez de 3 à 50 lettres, chiffres, points ou tirets, sans espace."))


def complete_email(_form: PortalForm, field: EmailField) -> None:
    """Accept nothing, or one address that the mailer can write to, put as it is kept."""
    if not (field.data or "").strip():
        return
    try:
        field.data = emails.read(field.data)
    except emails.NotAnAddress:
        raise ValidationError(_("Ce courriel ne semble pas complet. Exemple\u00a0: nom@exemple.ca.")) from None


def put_as_phone(field: StringField) -> None:
    """Put a telephone number as it is kept, its extension too. Raises: ValidationError."""
    try:
        field.data = phones.read(field.data or "")
    except phones.NotAPhone:
        raise ValidationError(
            _("Écrivez les dix chiffres du téléphone, par exemple 819 843-0000 ou 819 843-0000 poste 24.")
        ) from None


def same_twice(form: PortalForm, field: PasswordField) -> None:
    """Want the same password twice."""
    if form.password.data and field.data != form.password.data:
        raise ValidationError(_("Les deux mots de passe sont différents. Écrivez-les de nouveau."))


class SignInForm(PortalForm):
    username = StringField(lazy("Code d’utilisateur"), [required(lazy("Écrivez votre code d’utilisateur."))])
    password = PasswordField(lazy("Mot de passe"), [required(lazy("Écrivez votre mot de passe."))])
    altcha = HiddenField()


class ConfirmEmailForm(PortalForm):
    account_password = PasswordField(lazy("Mot de passe"))  # of whoever is not signed in


class CardForm(PortalForm):
    card_number = StringField(
        lazy("Numéro de carte de citoyen"), [required(lazy("Écrivez le numéro de votre carte de citoyen."))]
    )
    birth_year = StringField(lazy("Année"))
    birth_month = SelectField(
        lazy("Mois"),
        choices=[
            SelectChoice("", ""),
            *(SelectChoice(str(number), name) for number, name in enumerate(birth_date.MONTHS, 1)),
        ],
        validate_choice=False,
    )
    birth_day = StringField(lazy("Jour"))
    altcha = HiddenField()

    birth_date: date  # once its three boxes are right

    def validate(self, extra_validators: Mapping[str, Sequence[Validator]] | None = None) -> bool:
        """Check each box, then what the three of the date say together."""
        valid = super().validate(extra_validators)
        boxes = [self[name] for name in birth_date.BOXES]
        if any(box.errors for box in boxes):
            return valid
        try:
            self.birth_date = birth_date.read(*(box.data or "" for box in boxes))
        except birth_date.WrongBirthDate as wrong:
            self.blame(wrong.words, *(self[name] for name in wrong.boxes))
            return False
        return valid


class GuardedCardForm(CardForm):
    """The same with Google's box; views/web/client.py checks it, with a time-out that Flask-WTF's validator lacks."""

    recaptcha = RecaptchaField(validators=[Optional()])


class CredentialsForm(PortalForm):
    username = StringField(lazy("Code d’utilisateur"), [required(lazy("Choisissez un code d’utilisateur.")), well_made])
    password = PasswordField(lazy("Mot de passe"), [required(lazy("Choisissez un mot de passe."))])
    password_again = PasswordField(lazy("Mot de passe, encore une fois"), [same_twice])
    email = EmailField(lazy("Courriel (facultatif)"), [complete_email])
    one_time_code = StringField(lazy("Code lu par la Ville"))  # asked of someone set apart


class EmptyForm(PortalForm):
    """Nothing but a button."""
