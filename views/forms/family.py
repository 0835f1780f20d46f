"""The forms of Ma famille."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import EmailField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput

from domain.common import postal_codes
from models import Person
from views.forms.account import CardForm, complete_email, put_as_phone, required
from views.forms.base import PortalForm

APARTMENT = ", app. "
TO_THE_CITY = lazy("Un mot pour la Ville (facultatif)")


class EmergencyForm(PortalForm):
    name = StringField(lazy("Nom du contact d’urgence"), [required(lazy("Écrivez un nom."))])
    phone = StringField(lazy("Téléphone"), [required(lazy("Écrivez un numéro de téléphone."))])
    relation = StringField(lazy("Lien (facultatif)"))

    def validate_phone(self, field: StringField) -> None:
        """Want a whole number, however it is spaced."""
        if field.data:
            put_as_phone(field)

    def values(self) -> tuple[str, str, str]:
        """Return the name, the telephone and the relation, as they are kept."""
        return self.name.data.strip(), self.phone.data.strip(), (self.relation.data or "").strip()


class ChangeForm(PortalForm):
    words = TextAreaField(lazy("Ce qui change"), [required(lazy("Écrivez ce qui change."))])


class PhoneForm(PortalForm):
    phone = StringField(lazy("Téléphone"), [required(lazy("Écrivez un numéro de téléphone."))])
    words = TextAreaField(TO_THE_CITY)

    def validate_phone(self, field: StringField) -> None:
        """Want a whole number, however it is spaced."""
        if field.data:
            put_as_phone(field)

    def wanted(self) -> dict[str, str]:
        """Return what each field of the card's file is to say."""
        return {"phone": self.phone.data}


class EmailForm(PortalForm):
    email = EmailField(lazy("Courriel"), [required(lazy("Écrivez un courriel.")), complete_email])
    words = TextAreaField(TO_THE_CITY)

    def wanted(self) -> dict[str, str]:
        """Return what each field of the card's file is to say."""
        return {"email": self.email.data}


class AddressForm(PortalForm):
    """An address in Canada, and for whom it is too."""

    street = StringField(lazy("Numéro et rue"), [required(lazy("Écrivez le numéro et la rue."))])
    apartment = StringField(lazy("Appartement (facultatif)"))
    city = StringField(lazy("Ville"), [required(lazy("Écrivez la ville."))])
    postal_code = StringField(lazy("Code postal"), [required(lazy("Écrivez le code postal."))])
    also = SelectMultipleField(
        lazy("Cette adresse vaut aussi pour\u00a0:"), choices=[], validate_choice=False, option_widget=CheckboxInput()
    )
    words = TextAreaField(TO_THE_CITY)

    def offer(self, others: list[Person]) -> None:
        """Offer a box for each of those who live with her."""
        self.also.choices = [SelectChoice(str(one.id), one.name) for one in others]

    def validate_postal_code(self, field: StringField) -> None:
        """Want a Canadian postal code, put as it is kept."""
        try:
            field.data = postal_codes.read(field.data or "")
        except postal_codes.NotAPostalCode:
            raise ValidationError(_("Écrivez un code postal canadien, par exemple J1X 1A1.")) from None

    def validate_apartment(self, field: StringField) -> None:
        """Want both on one line of the file."""
        if len(self._line()) > 200:
            raise ValidationError(_("Cette adresse est trop longue. Abrégez-la."))

    def wanted(self) -> dict[str, str]:
        """Return what each field of the card's file is to say."""
        return {"address": self._line(), "city": self.city.data.strip(), "postal_code": self.postal_code.data}

    def _line(self) -> str:
        apartment = (self.apartment.data or "").strip()
        return (self.street.data or "").strip() + (f"{APARTMENT}{apartment}" if apartment else "")


class NameForm(PortalForm):
    first_name = StringField(lazy("Prénom"), [required(lazy("Écrivez le prénom."))])
    last_name = StringField(lazy("Nom"))  # who has one name has it as her first
    words = TextAreaField(TO_THE_CITY)

    def wanted(self) -> dict[str, str]:
        """Return what each field of the card's file is to say."""
        return {"first_name": self.first_name.data.strip(), "last_name": (self.last_name.data or "").strip()}


class BirthDateForm(CardForm):
    card_number = altcha = None  # WTForms takes them off
    words = TextAreaField(TO_THE_CITY)

    def wanted(self) -> dict[str, str]:
        """Return what each field of the card's file is to say."""
        return {"birth_date": self.birth_date.isoformat()}


FORMS = {
    "telephone": PhoneForm,
    "courriel": EmailForm,
    "adresse": AddressForm,
    "nom": NameForm,
    "naissance": BirthDateForm,
}
DetailForm = PhoneForm | EmailForm | AddressForm | NameForm | BirthDateForm


def shown(person: Person) -> dict[str, str]:
    """Return what the boxes hold of somebody's file before anything is typed; a birth date is always typed anew."""
    street, _, apartment = person.address.partition(APARTMENT)
    values = {name: getattr(person, name) for name in ("phone", "email", "city", "postal_code")}
    return {**values, **named(person), "street": street, "apartment": apartment}


def named(person: Person) -> dict[str, str]:
    """Return what the boxes of a name hold."""
    return {"first_name": person.first_name, "last_name": person.last_name}
