"""The invented city's places, activities of three seasons, who is registered, and what is reserved."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from demo.city import season

WEEK = "lun mar mer jeu ven"
EXEMPT = ("Club", "Natation", "Patinage")
LAST, BEFORE = season.last_summer(1, 5), season.last_summer(2, 3)
# (place, name, kind, address, accessible)
PLACES = [
    ("arena", "Aréna de Magog", "ice", "100, rue Sherbrooke", 1),
    ("espace-culturel", "Espace culturel", "room", "90, rue Saint-David", 1),
    ("ovila-bergeron", "Salle Ovila-Bergeron", "room", "95, rue Merry Nord", 1),
    ("parc-horan", "Parc Horan, tennis", "court", "rue Horan", 0),
    ("parc-princess-elizabeth", "Parc de l’école Princess Elizabeth, tennis", "court", "rue Bellevue", 0),
    ("omerville", "Parc Omerville, pickleball", "court", "rue Saint-Jacques Est", 1),
    ("centre-communautaire", "Centre communautaire", "room", "95, rue Merry Nord", 1),
    ("plage-cantons", "Plage des Cantons", "beach", "rue Merry Sud", 1),
    ("plage-est", "Plage de l’Est", "beach", "chemin des Pères", 0),
    ("plage-ouest", "Plage de l’Ouest", "beach", "rue Merry Sud", 1),
    ("jeux-eau", "Jeux d’eau", "other", "rue Merry Sud", 1),
    ("terrain-soccer", "Terrain de soccer", "other", "boulevard des Étudiants", 1),
    ("quai", "Quais flottants", "mooring", "rue Merry Sud", 0),
    ("deux-soleils", "École des Deux-Soleils", "school", "1255, boulevard des Étudiants", 1),
    ("saint-jean-bosco", "École Saint-Jean-Bosco", "school", "", 1),
    ("saint-patrice", "École Saint-Patrice", "school", "", 1),
    ("saint-pie-x", "École Saint-Pie-X", "school", "", 1),
    ("princess-elizabeth", "École Princess Elizabeth", "school", "rue Bellevue", 1),
    ("ruche", "Piscine de l’école La Ruche", "other", "boulevard des Étudiants", 1),
]
# (activity, title, days from today to its first, or which day it is, weeks, weekdays, from, to, place, bring)
ACTIVITIES = [
    ("aquaforme", "Aquaforme", -7, 10, "mar jeu", "10:00", "11:00", "ruche", "Maillot, serviette"),
    ("yoga", "Yoga du matin", -14, 12, "lun mer ven", "09:00", "10:15", "espace-culturel", "Tapis"),
    ("natation", "Natation préscolaire", -3, 8, "sam", "08:30", "09:15", "ruche", "Maillot, serviette"),
    ("natation-1", "Natation, nageur 1", -3, 8, "sam", "09:30", "10:15", "ruche", "Maillot, serviette"),
    ("relache", "Club de la relâche", season.break_week, 1, WEEK, "08:00", "16:00", "deux-soleils", "Habit de neige"),
    ("patin", "Patinage libre", -60, 20, "dim", "13:00", "15:00", "arena", ""),
    ("yoga-avant", "Yoga du matin", -420, 12, "lun mer", "09:00", "10:15", "espace-culturel", "Tapis"),
    ("club-ete-avant", "Club été, semaines 5 et 6", LAST, 2, WEEK, "09:00", "16:00", "deux-soleils", "Gourde"),
    ("club-ete-3-avant", "Club été, semaine 3", BEFORE, 1, WEEK, "09:00", "16:00", "deux-soleils", "Gourde"),
    ("pickleball", "Pickleball, initiation", season.last_may, 8, "mar", "18:00", "19:30", "omerville", "Raquette"),
]
# (activity, household, person, status)
REGISTRATIONS = [
    ("aquaforme", 0, 0, "confirmed"), ("yoga", 0, 1, "confirmed"), ("natation-1", 0, 2, "confirmed"),
    ("relache", 0, 2, "waiting"), ("yoga-avant", 0, 0, "confirmed"),
    ("pickleball", 0, 1, "cancelled"), ("aquaforme", 1, 0, "confirmed"), ("natation-1", 2, 1, "confirmed"),
    ("yoga", 4, 0, "confirmed"), ("natation", 10, 1, "confirmed"),
    ("club-ete-avant", 0, 2, "confirmed"), ("club-ete-3-avant", 0, 2, "confirmed"),
    ("club-ete-avant", 2, 1, "confirmed"),
    ("club-ete-avant", 2, 2, "confirmed"),
    ("aquaforme", 12, 0, "confirmed"), ("natation", 15, 1, "waiting"),
]  # fmt: skip
CAMPS = [(3, 0, 2), (3, 2, 2), (3, 17, 1)]  # week, household, person: in next summer's camps
# (place, household, days from today, from, to, status, purpose)
RESERVATIONS = [
    ("ovila-bergeron", 0, 12, "13:00", "17:00", "confirmed", "Fête d’enfant"),
    ("arena", 0, 33, "19:00", "20:00", "requested", "Glace, équipe d’adultes"),
    ("ovila-bergeron", 0, -340, "13:00", "17:00", "confirmed", "Fête d’enfant"),
    ("ovila-bergeron", 0, -690, "13:00", "17:00", "confirmed", "Fête d’enfant"),
    ("arena", 0, -335, "19:00", "20:00", "confirmed", "Glace, famille"),
    ("ovila-bergeron", 0, -250, "13:00", "17:00", "confirmed", "Fête d’enfant"),
    ("espace-culturel", 0, -90, "18:00", "22:00", "cancelled", "Réunion"),
    ("ovila-bergeron", 4, 5, "18:00", "22:00", "confirmed", "Réunion"),
    ("arena", 5, 9, "20:00", "21:30", "confirmed", "Glace"),
    ("quai", 16, 200, "08:00", "20:00", "confirmed", "Amarrage"),
]


def places() -> Iterator[list]:
    """Make every place's row."""
    for code, name, kind, address, accessible in PLACES:
        hours = "lun-ven 08:00-22:00; sam-dim 09:00-17:00" if kind != "beach" else "Tous les jours, l’été"
        yield [code, name, kind, address, "Magog", "819 843-3333", accessible, hours]


def first_day(since: int | Callable[[date], date], today: date) -> date:
    """Return the first day of an activity: so many days from today, or the day that it names."""
    return since(today) if callable(since) else today + timedelta(days=since)


def activities(today: date) -> Iterator[list]:
    """Make every activity's row."""
    for code, title, since, weeks, weekdays, starts, ends, place, bring in ACTIVITIES:
        first = first_day(since, today)
        last = first + timedelta(weeks=weeks, days=-1)
        when = f"{'Hiver' if first.month < 5 else 'Été' if first.month < 9 else 'Automne'} {first.year}"
        tax = "exempt" if title.startswith(EXEMPT) else "taxable"
        category = "child_care" if title.startswith("Club") else "activity"
        program = "club-ete" if title.startswith("Club été") else ""
        provider = "partenaire" if title.startswith("Yoga") else "ville"
        yield [
            code, title, when, first, last, weekdays, starts, ends, place, tax, category, provider, bring, program,
        ]  # fmt: skip


def registrations(today: date, card_number: Callable, birth_of: Callable, children: list) -> Iterator[list]:
    """Make every registration's row; `card_number` and `birth_of` give a person's, `children` are all there are."""
    firsts = {activity[0]: first_day(activity[2], today) for activity in ACTIVITIES}
    for place, (activity, household, person, status) in enumerate(REGISTRATIONS):
        day = min(today, firsts[activity]) - timedelta(days=30)
        yield [f"I{5_000 + place}", activity, card_number(household, person), status, day]
    in_camps = [(card_number(h, p), season.camp(week, birth_of(h, p), today)) for week, h, p in CAMPS]
    for place, (number, group) in enumerate([*in_camps, *season.registered(children, today)]):
        yield [f"I{6_000 + place}", group, number, "confirmed", today - timedelta(days=10)]


def reservations(today: date, household) -> Iterator[list]:
    """Make every reservation's row; `household` gives a household's code."""
    for number, (place, h, days, starts, ends, status, purpose) in enumerate(RESERVATIONS):
        day = today + timedelta(days=days)
        yield [f"L{700 + number}", place, household(h), f"{day}T{starts}", f"{day}T{ends}", status, purpose]
