"""What families say of their children, and what the city answers."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from domain.care.health_forms import Answers, Authorised
from models import Accompaniment, AuthorisedPerson, HealthForm
from views.forms.account import put_as_phone, required
from views.forms.base import PortalForm, chosen
from views.messages import care

FETCHING = range(1, 5)  # people beside the adults of the home: as many boxes
SHOWN = ("allergies", "auto_injector", "medication", "conditions", "swimming")


class ChildHealthForm(PortalForm):
    """A child's health form, with who may fetch her: name_1, phone_1, relation_1, and so on."""

    allergies = TextAreaField(lazy("Allergies, et quoi faire"))
    auto_injector = StringField(lazy("Auto-injecteur (EpiPen)\u00a0: où est-il?"))
    medication = TextAreaField(lazy("Médicaments à prendre pendant la journée"))
    conditions = TextAreaField(lazy("Autre chose à savoir pour sa sécurité"))
    swimming = RadioField(
        lazy("Dans l’eau"),
        [chosen(lazy("Choisissez comment l’enfant se débrouille dans l’eau."))],
        choices=[SelectChoice(value, care.SWIMMING[value]) for value in HealthForm.SWIMMING],
        validate_choice=False,
    )
    leaves_alone = RadioField(
        lazy("Peut repartir sans adulte"),
        [chosen(lazy("Choisissez oui ou non."))],
        choices=[SelectChoice("no", lazy("Non")), SelectChoice("yes", lazy("Oui"))],
        validate_choice=False,
    )

    @classmethod
    def of(cls, form: HealthForm | None, authorised: list[AuthorisedPerson]) -> "ChildHealthForm":
        """Return the form filled with what the home said before."""
        if form is None:
            return cls()
        values = {name: getattr(form, name) for name in SHOWN}
        values["leaves_alone"] = "yes" if form.leaves_alone else "no"
        for number, one in zip(FETCHING, authorised, strict=False):
            values |= {f"name_{number}": one.name, f"phone_{number}": one.phone, f"relation_{number}": one.relation}
        return cls(data=values)

    def people(self) -> Iterator[tuple[Field, Field, Field]]:
        """Yield the boxes of each person who may fetch the child: name, telephone, relation."""
        for number in FETCHING:
            yield self[f"name_{number}"], self[f"phone_{number}"], self[f"relation_{number}"]

    def answers(self) -> Answers:
        """Return what the home says; of who may fetch the child, the lines that have a name."""
        texts = {name: (self[name].data or "").strip() for name in SHOWN}
        lines = [[(field.data or "").strip() for field in boxes] for boxes in self.people()]
        fetching = [Authorised(*line) for line in lines if line[0]]
        return Answers(**texts, leaves_alone=self.leaves_alone.data == "yes", authorised=fetching)


def whole_line(form: ChildHealthForm, field: StringField) -> None:
    """Want a whole telephone number beside each name, and a name beside each telephone."""
    name, phone = (form.data.get(f"name_{field.name[-1]}") or "").strip(), (field.data or "").strip()
    if phone and not name:
        raise ValidationError(_("Écrivez le nom de cette personne, ou effacez son téléphone."))
    if name:
        put_as_phone(field)


for number in FETCHING:
    setattr(ChildHealthForm, f"name_{number}", StringField(lazy("Nom")))
    setattr(ChildHealthForm, f"phone_{number}", StringField(lazy("Téléphone"), [whole_line]))
    setattr(ChildHealthForm, f"relation_{number}", StringField(lazy("Lien (facultatif)")))


class AccompanimentForm(PortalForm):
    season = SelectField(lazy("Pour quelle saison"), validate_choice=False)
    words = TextAreaField(
        lazy("Ce qui aiderait votre enfant"), [required(lazy("Écrivez ce qui aiderait votre enfant."))]
    )


class AccompanimentDecisionForm(PortalForm):
    decision = RadioField(
        lazy("Décision"),
        [chosen(lazy("Choisissez une décision."))],
        choices=[SelectChoice(value, care.DECISIONS[value]) for value in Accompaniment.DECISIONS],
        validate_choice=False,
    )
    answer = TextAreaField(lazy("Réponse à la famille"), [required(lazy("Écrivez une réponse."))])
