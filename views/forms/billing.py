"""What is asked of the accounts, in the address: a period, a person, a year, a state."""

from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from domain.billing.invoices import Wanted
from models import Person
from views.forms.base import DayField, PortalForm

STATES = (
    ("", lazy("Tous les états")),
    ("due", lazy("À payer")),
    ("overdue", lazy("En retard")),
    ("paid", lazy("Payées")),
    ("refunded", lazy("Remboursées")),
    ("cancelled", lazy("Annulées")),
)


class AddressForm(PortalForm):
    """A form that only reads: what it asks stands in the address, and it has no token."""

    class Meta(PortalForm.Meta):
        csrf = False


class PeriodForm(AddressForm):
    du = DayField(lazy("Du"), [Optional()])
    au = DayField(lazy("Au, compris"), [Optional()])

    def validate_au(self, field: DayField) -> None:
        """Want the days in order."""
        if self.du.data and field.data and field.data < self.du.data:
            raise ValidationError(_("Le dernier jour vient avant le premier."))


class InvoicesForm(AddressForm):
    personne = SelectField(lazy("Pour qui"), validate_choice=False)
    annee = SelectField(lazy("Année"), validate_choice=False)
    etat = SelectField(
        lazy("État"), choices=[SelectChoice(value, name) for value, name in STATES], validate_choice=False
    )

    def offer(self, people: list[Person], years: list[int]) -> None:
        """Offer these people and years."""
        everyone = [SelectChoice(str(person.id), person.first_name) for person in people]
        self.personne.choices = [SelectChoice("", _("Toute la famille")), *everyone]
        every_year = [SelectChoice(str(year), str(year)) for year in years]
        self.annee.choices = [SelectChoice("", _("Toutes les années")), *every_year]

    def wanted(self) -> Wanted:
        """Return what is asked; what is not offered is not asked."""
        person, year, state = (_offered(field) for field in (self.personne, self.annee, self.etat))
        return Wanted(int(person or 0), int(year or 0), state)

    def query(self) -> str:
        """Return what is asked as the end of an address."""
        asked = {field.name: _offered(field) for field in (self.personne, self.annee, self.etat)}
        return "".join(f"&{urlencode({name: value})}" for name, value in asked.items() if value)


def _offered(field: SelectField) -> str:
    return field.data if field.data in {choice.value for choice in field.choices} else ""
