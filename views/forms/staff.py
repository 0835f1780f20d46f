"""The forms of the city's side."""

import re
from datetime import datetime

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput

from domain.common import clock
from domain.people.corrections import FIELDS, Correction
from domain.staff.accounts import FORMER_NAMES, ROLES, named
from models import ReviewRequest
from views.forms.account import complete_email, put_as_phone, required, same_twice
from views.forms.base import DayField, PortalForm, Validator, chosen
from views.messages import privacy
from views.messages.staff import ROLES as ROLE_NAMES

ROLE_CHOICES = [SelectChoice(role, ROLE_NAMES[role]) for role in ROLES]


class RolesField(SelectMultipleField):
    """Checkboxes, one for each role. A role's former name is taken too."""

    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the roles."""
        self.data = [named(role) for role in valuelist]


def roles_field(label: str, *validators: Validator) -> RolesField:
    """Return the field for one role or more."""
    return RolesField(label, validators, choices=ROLE_CHOICES, validate_choice=False)


def code_field() -> StringField:
    """Return the field for the phone's code."""
    return StringField(lazy("Code de votre téléphone"), [required(lazy("Écrivez le code de votre téléphone."))])


def some_roles(_form: PortalForm, field: Field) -> None:
    """Want one role or more, each of them ours."""
    if not field.data or not set(field.data) <= set(ROLES):
        raise ValidationError(_("Choisissez un rôle, ou plusieurs."))


class CodeForm(PortalForm):
    code = code_field()


class NewPasswordForm(PortalForm):
    password = PasswordField(lazy("Nouveau mot de passe"), [required(lazy("Choisissez un mot de passe."))])
    password_again = PasswordField(lazy("Nouveau mot de passe, encore une fois"), [same_twice])
    code = code_field()


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(lazy("Mot de passe actuel"), [required(lazy("Écrivez votre mot de passe actuel."))])


class FirstTimeForm(NewPasswordForm):
    """A new password, and the first code of a phone."""


class DecisionForm(PortalForm):
    decision = RadioField(
        lazy("Décision"),
        [chosen(lazy("Choisissez une décision."))],
        choices=[SelectChoice("accepted", lazy("Acceptée")), SelectChoice("refused", lazy("Refusée"))],
        validate_choice=False,
    )
    answer = TextAreaField(lazy("Réponse au citoyen"), [required(lazy("Écrivez une réponse."))])

    def corrections(self) -> dict[str, Correction]:
        """Return what is to change of the card's file: nothing, unless the form shows it."""
        return {}


class CorrectionForm(DecisionForm):
    """A decision, and the file of the card it is about: what differs from what was shown is corrected."""

    first_name = StringField(lazy("Prénom"), [required(lazy("Écrivez le prénom."))])
    last_name = StringField(lazy("Nom"))  # who has one name has it as her first
    address = StringField(lazy("Adresse"))
    city = StringField(lazy("Ville"))
    postal_code = StringField(lazy("Code postal"))
    phone = StringField(lazy("Téléphone"))
    email = StringField(lazy("Courriel"), [complete_email])

    def validate_phone(self, field: StringField) -> None:
        """Want a whole number where it was changed; what the file had may be anything."""
        if field.data and field.data != self.seen(field.name):
            put_as_phone(field)

    def seen(self, name: str) -> str:
        """Return what a field was when the page was first shown."""
        return request.form.get(f"seen_{name}", self[name].object_data)

    def corrections(self) -> dict[str, Correction]:
        """Return the fields that were changed on the page."""
        typed = {name: (self.seen(name), self[name].data.strip()) for name in FIELDS}
        return {name: Correction(seen, now) for name, (seen, now) in typed.items() if seen != now}


class FieldsForm(DecisionForm):
    """A decision on fields of files; accepted, it is done: an answer is only asked of who refuses."""

    answer = TextAreaField(lazy("Réponse au citoyen, ou raison du refus"))
    residence = RadioField(
        lazy("Résidence\u00a0: à décider"),
        choices=[SelectChoice("1", lazy("Résident")), SelectChoice("0", lazy("Non-résident"))],
        validate_choice=False,
    )

    def validate_answer(self, field: TextAreaField) -> None:
        """Want a reason where it is refused."""
        if self.decision.data == "refused" and not (field.data or "").strip():
            raise ValidationError(_("Écrivez la raison du refus."))

    @property
    def resident(self) -> bool | None:
        """Return whether those who move are residents, None when nobody said."""
        return {"1": True, "0": False}.get(self.residence.data or "")

    def shown(self) -> dict[int, str]:
        """Return what the page showed of the files, by row."""
        prefix = "seen_"
        rows = {name.removeprefix(prefix): text for name, text in request.form.items() if name.startswith(prefix)}
        return {int(row): text for row, text in rows.items() if row.isascii() and row.isdigit()}


class ChangeForm(PortalForm):
    """What becomes of a change made here, and what the file said of it when the page was shown."""

    act = HiddenField()
    other_seen = HiddenField()


class CardFileForm(PortalForm):
    card_number = StringField(lazy("Numéro de carte de citoyen"), [required(lazy("Écrivez le numéro de la carte."))])
    act = HiddenField()
    code = StringField(lazy("Code de votre téléphone"))  # to read out a one-time code


class InvoiceFileForm(PortalForm):
    reference = StringField(
        lazy("Référence du coupon, ou numéro de facture"), [required(lazy("Écrivez la référence."))]
    )


class RegisterForm(PortalForm):
    """Somebody's place, taken by staff."""

    activity = StringField(lazy("Activité"), [required(lazy("Choisissez l’activité."))])
    person = StringField(lazy("Pour qui (numéro de carte)"), [required(lazy("Choisissez la personne."))])
    option = StringField(lazy("Options, par leur code"))
    override_reason = StringField(lazy("Raison de passer outre une règle"))
    rules_seen = HiddenField()  # for what and whom, and the rules that the page named for them
    taken_at = StringField(lazy("Prise sur papier, le jour et l’heure"))
    cheque = BooleanField(lazy("Paie par chèque\u00a0: la place est gardée trois jours"))

    moment: datetime | None = None  # the same, in UTC

    def validate_taken_at(self, field: StringField) -> None:
        """Accept nothing, or a moment of Montreal's such as 2026-12-05T18:00; an hour that comes twice is its first."""
        typed = (field.data or "").strip().replace(" ", "T")
        if not typed:
            return
        try:
            self.moment = clock.stored(datetime.strptime(typed, "%Y-%m-%dT%H:%M"))  # noqa: DTZ007  Montreal's
        except (ValueError, OverflowError):
            raise ValidationError(_("Écrivez le jour et l’heure, par exemple 2026-12-05 18:00.")) from None


class AddStaffForm(PortalForm):
    username = StringField(lazy("Code d’utilisateur"), [required(lazy("Choisissez un code d’utilisateur."))])
    role = roles_field(lazy("Rôles"), some_roles)
    code = code_field()

    def validate_username(self, field: StringField) -> None:
        """Accept 3 to 50 letters, digits, dots and hyphens."""
        if field.data and not re.fullmatch(r"[\w.-]{3,50}", field.data.strip()):
            raise ValidationError(_("Utilisez de 3 à 50 lettres, chiffres, points ou tirets, sans espace."))


class ChangeStaffForm(PortalForm):
    """What to change of an account. A role sent as the act is the only one to give."""

    act = RadioField(
        lazy("Changement"),
        [chosen(lazy("Choisissez un changement."), *ROLES, *FORMER_NAMES)],
        choices=[
            SelectChoice("roles", lazy("Donner les rôles cochés plus bas, et aucun autre")),
            SelectChoice("reset", lazy("Mot de passe ou téléphone perdu\u00a0: tout refaire")),
            SelectChoice("close", lazy("Fermer le compte")),
        ],
        validate_choice=False,
    )
    role = roles_field(lazy("Rôles"))
    code = code_field()

    def validate_role(self, field: RolesField) -> None:
        """Want roles where they are what changes."""
        if self.act.data == "roles":
            some_roles(self, field)

    @property
    def roles(self) -> list[str]:
        """Return the roles to give."""
        return self.role.data if self.act.data == "roles" else [self.act.data]


class ApproveForm(PortalForm):
    """The lists to destroy, each as the page showed it: its number, how many rows, and before which day."""

    chosen = SelectMultipleField(validate_choice=False)
    code = code_field()

    def validate_chosen(self, field: SelectMultipleField) -> None:
        """Want one at least."""
        if not field.data:
            raise ValidationError(privacy.none_chosen())


class ReviewAnswerForm(PortalForm):
    answer = TextAreaField(lazy("Réponse"), [required(lazy("Écrivez la réponse."))])
    outcome = RadioField(
        lazy("Décision du site"),
        [chosen(lazy("Choisissez une réponse."))],
        choices=[
            SelectChoice(ReviewRequest.CHANGED, lazy("Changée")),
            SelectChoice(ReviewRequest.KEPT, lazy("Maintenue")),
        ],
        validate_choice=False,
    )


class IncidentForm(PortalForm):
    data_concerned = TextAreaField(lazy("Renseignements concernés"), [required(lazy("Dites lesquels."))])
    circumstances = TextAreaField(lazy("Circonstances"), [required(lazy("Dites ce qui est arrivé."))])
    happened = StringField(lazy("Quand c’est arrivé"), [required(lazy("Dites quand, ou la période."))])
    known_on = DayField(lazy("Quand la Ville l’a su"))
    persons = StringField(lazy("Personnes concernées"), [required(lazy("Dites combien, ou à peu près."))])
    risk = TextAreaField(lazy("Risque de préjudice sérieux"), [required(lazy("Dites ce qui fait juger du risque."))])
    notices = TextAreaField(lazy("Avis donnés"), [required(lazy("Dites à qui et quand, ou pourquoi aucun."))])
    measures = TextAreaField(lazy("Mesures prises"), [required(lazy("Dites ce qui a été fait."))])

    def validate_known_on(self, field: DayField) -> None:
        """Refuse a day that has not come."""
        if field.data and field.data > clock.today():
            raise ValidationError(_("Cette date est dans le futur. Vérifiez-la."))

    def texts(self) -> dict[str, str]:
        """Return every field but the day."""
        names = ("data_concerned", "circumstances", "happened", "persons", "risk", "notices", "measures")
        return {name: self[name].data.strip() for name in names}
