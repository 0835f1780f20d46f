"""The forms of the way in: sign-in, identification, credentials."""

import re
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_wtf import RecaptchaField
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, StopValidation, ValidationError

from domain.common import clock, emails, phones
from views.forms.base import PortalForm, Validator

MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
OLDEST_YEAR = 1900


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
    birth_year = StringField(lazy("Année"), [required(lazy("Écrivez l’année de naissance."))])
    birth_month = SelectField(
        lazy("Mois"),
        choices=[SelectChoice("", ""), *(SelectChoice(str(number), name) for number, name in enumerate(MONTHS, 1))],
        validate_choice=False,
    )
    birth_day = StringField(lazy("Jour"), [required(lazy("Écrivez le jour de naissance."))])
    altcha = HiddenField()

    birth_date: date  # once its three boxes are right

    def validate_birth_year(self, field: StringField) -> None:
        """Accept 1900 to this year, in four digits."""
        year = _whole(field.data)
        if year is None or not OLDEST_YEAR <= year <= clock.today().year:
            raise ValidationError(_("Écrivez l’année en quatre chiffres, par exemple 1984."))

    def validate_birth_month(self, field: SelectField) -> None:
        """Accept 1 to 12."""
        month = _whole(field.data)
        if month is None or not 1 <= month <= 12:
            raise ValidationError(_("Choisissez le mois de naissance."))

    def validate_birth_day(self, field: StringField) -> None:
        """Accept a day that exists in that month, not in the future."""
        day = _whole(field.data)
        if day is None or not 1 <= day <= 31:
            raise ValidationError(_("Écrivez le jour, de 1 à 31."))
        year, month = _whole(self.birth_year.data), _whole(self.birth_month.data)
        if year is None or month is None or not 1 <= month <= 12 or not OLDEST_YEAR <= year <= clock.today().year:
            return  # said beside those boxes
        try:
            self.birth_date = date(year, month, day)
        except ValueError:
            raise ValidationError(
                _("Le %(day)s %(month)s %(year)s n’existe pas.", day=day, month=MONTHS[month - 1], year=year)
            ) from None
        if self.birth_date > clock.today():
            raise ValidationError(_("Cette date est dans le futur. Vérifiez-la."))


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


def _whole(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None
