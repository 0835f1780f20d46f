"""What is looked for in the catalogue, in the address."""

from collections.abc import Iterable, Sequence

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from domain.activities.catalogue import Entry, Search
from models import Activity, Person
from views.forms.base import cents_of
from views.forms.billing import AddressForm
from views.messages import searching
from views.messages.catalogue import WEEKDAYS


class SearchForm(AddressForm):
    q = StringField(lazy("Mots"))
    personne = SelectField(lazy("Pour qui"), validate_choice=False)
    saison = SelectField(lazy("Saison"), validate_choice=False)
    lieu = SelectField(lazy("Lieu"), validate_choice=False)
    jour = SelectField(lazy("Jour"), validate_choice=False)
    prix = StringField(lazy("Prix au plus"))
    libres = BooleanField(lazy("Seulement où il reste des places"))

    def offer(self, entries: Iterable[Entry], people: Sequence[tuple[Person, str]]) -> None:
        """Offer the seasons and places of these groups, and the household's people with their names to show."""
        activities = [entry.activity for entry in entries]
        self.personne.choices = [("", _("Tout le monde")), *((str(person.id), name) for person, name in people)]
        self.saison.choices = [
            ("", _("Toutes")),
            *dict.fromkeys((one.season, one.season) for one in activities if one.season),
        ]
        places = {one.place.code: one.place.name for one in activities}
        self.lieu.choices = [("", _("Tous")), *sorted(places.items(), key=lambda place: place[1])]
        self.jour.choices = [("", _("Tous")), *((day, WEEKDAYS[day]) for day in Activity.WEEKDAYS)]

    def wanted(self) -> Search:
        """Return what is asked; what is not offered is not asked."""
        return Search(
            searching.cleaned((self.q.data or "")[:100]),
            self._chosen(self.saison),
            self._chosen(self.lieu),
            self._chosen(self.jour),
            cents_of(self.prix.data or ""),
            bool(self.libres.data),
        )

    def person_id(self) -> int:
        """Return for whom somebody looks; 0 for everybody."""
        return int(self._chosen(self.personne) or 0)

    def wants_more(self) -> bool:
        """Tell whether every choice is to be shown: asked for, or one of them made."""
        return "choix" in request.args or self.wanted() != Search(self.wanted().words)

    def is_asked(self) -> bool:
        """Tell whether anything is looked for."""
        return self.wanted() != Search() or bool(self.person_id())

    @staticmethod
    def _chosen(field: SelectField) -> str:
        offered = {choice.value if isinstance(choice, SelectChoice) else choice[0] for choice in field.choices}
        return field.data if field.data in offered else ""
