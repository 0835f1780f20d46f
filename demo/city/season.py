"""What the invented city sells: next summer's camps, swimming, fitness; some is open, some opens soon, some is full."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

COLUMNS = (
    "program description level needs_level after age_min age_max age_on born_from born_until school capacity "
    "waiting_list opens_residents opens_neighbours opens_everyone closes mode by_law price price_non_resident "
    "ledger_account refund instalments register_at"
)
PRICES = "price program option label who rank rank_over from until amount tax_code household_cap"
WEEK = "lun mar mer jeu ven"
BY_LAW = "Règlement de tarification, annexe loisirs"
SCHOOLS = {"deux-soleils": "ds", "saint-jean-bosco": "sjb"}
GROUPS = {  # title, youngest and oldest on 30 September before, levels finished, capacity
    "coccinelles": ("Coccinelles, 4 et 5 ans", 4, 5, "maternelle4", 10),
    "papillons": ("Papillons, 6 et 7 ans", 6, 7, "", 12),
    "aigles": ("Aigles, 8 et 9 ans", 8, 9, "", 12),
    "loups": ("Loups, 10 et 11 ans", 10, 11, "", 15),
}
FULL, NEARLY = (1, 4), (2, 6)  # weeks of the first school that are full, or have two places left
LADDER = (("58.00", "193.00"), ("44.00", "179.00"), ("0.00", "135.00"))  # by child: residents, others
CHILD_CARE = ("35.00", "27.00", "0.00")
# (code, title, level, needs, youngest, oldest, from, to)
SWIMMING = [
    ("nageur-prescolaire", "Nager pour la vie, préscolaire 3", "prescolaire-3", "", 3, 5, "08:30", "09:15"),
    ("nageur-1", "Nager pour la vie, nageur 1", "nageur-1", "", 6, 12, "09:30", "10:15"),
    ("nageur-2", "Nager pour la vie, nageur 2", "nageur-2", "nageur-1", 6, 12, "10:30", "11:15"),
    ("nageur-3", "Nager pour la vie, nageur 3", "nageur-3", "nageur-2", 6, 12, "11:30", "12:15"),
]
# (code, title, weekdays, from, to, place, provider, bring, description, what is sold)
ADULTS = [
    ("aquaforme-hiver", "Aquaforme", "mar jeu", "19:00", "20:00", "ruche", "ville", "Maillot, serviette, cadenas",
     "En eau peu profonde, pour tous.", {"capacity": 20, "price": "120.00", "price_non_resident": "180.00"}),
    ("mise-en-forme", "Mise en forme 50 ans et plus", "lun mer", "10:00", "11:00", "espace-culturel", "ville",
     "Souliers d’intérieur, bouteille d’eau", "", {"capacity": 16, "price": "84.00", "price_non_resident": "126.00"}),
    ("judo-enfants", "Judo, initiation", "jeu", "18:00", "19:00", "deux-soleils", "partenaire", "Judogi",
     "Offert par un club partenaire, qui le facture en versements.",
     {"capacity": 14, "price": "165.00", "instalments": "trois", "age_min": 6, "age_max": 11, "refund": ""}),
    ("patinage-club", "Patinage artistique, organisme de la région", "sam", "07:00", "09:00", "arena", "partenaire",
     "Patins, casque", "", {"register_at": "https://patinage.example.org/inscription", "age_min": 4}),
]  # fmt: skip


def first_monday(today: date) -> date:
    """Return the first Monday of the camps: after the feast of 24 June, this year or, once it is June, the next."""
    feast = date(today.year + (today.month >= 6), 6, 24)
    return feast + timedelta(days=(7 - feast.weekday()) % 7 or 7)


def last_summer(years_ago: int, week: int) -> Callable[[date], date]:
    """Return what gives the Monday of a week of the camps, so many summers before those to come."""

    def monday(today: date) -> date:
        year = first_monday(today).year - years_ago
        return first_monday(date(year, 1, 1)) + timedelta(weeks=week - 1)

    return monday


def break_week(today: date) -> date:
    """Return the Monday of the next winter break: the first of March."""
    found = (date(year, 3, day) for year in (today.year, today.year + 1) for day in range(1, 8))
    return next(day for day in found if day.weekday() == 0 and day > today)


def last_may(today: date) -> date:
    """Return the first of May of which two months have passed: what is outdoors is in the warm season."""
    return date(today.year - (today.month < 7), 5, 1)


def session_of(day: date) -> str:
    """Name the session of courses that a day is in: « session d’automne »."""
    return "session " + ("d’hiver" if day.month < 4 else "de printemps" if day.month < 7 else "d’automne")


def born(year: int, group: str) -> tuple[date, date]:
    """Return between which days the children of a group are born, for the camps of a year."""
    _title, youngest, oldest, _levels, _capacity = GROUPS[group]
    return date(year - 2 - oldest, 10, 1), date(year - 1 - youngest, 9, 30)


def camp(week: int, birth_date: date, today: date, school: str = "deux-soleils") -> str:
    """Return the code of a child's group in a week of the camps. Raises: StopIteration when no group takes her."""
    year = first_monday(today).year
    group = next(one for one in GROUPS if born(year, one)[0] <= birth_date <= born(year, one)[1])
    return f"club-ete-s{week}-{SCHOOLS[school]}-{group}"


def registered(children: list[tuple[str, date]], today: date) -> Iterator[tuple[str, str]]:
    """Choose who is in the camps already, by card number and group: two weeks are full of the youngest, and in two
    others the next group has two places left.
    """
    for group, weeks, left in (("coccinelles", FULL, 0), ("papillons", NEARLY, 2)):
        first, last = born(first_monday(today).year, group)
        theirs = [(number, birth) for number, birth in children if first <= birth <= last]
        for week in weeks:
            for number, birth in theirs[: GROUPS[group][-1] - left]:
                yield number, camp(week, birth, today)


def activities(today: date) -> Iterator[dict]:
    """Make the row of everything sold, a dict by column."""
    opened, soon = _hours(today, -12, -5), _hours(today, 6, 13)
    yield from _camps(today, opened)
    yield from _teenagers(today, soon)
    yield from _swimming(today, opened, soon)
    yield from _adults(today, opened)


def prices() -> Iterator[dict]:
    """Make the row of every price."""
    child = ("1er enfant, même semaine", "2e enfant, même semaine", "3e enfant et suivants, même semaine")
    ladder = {"program": "club-ete", "rank_over": "dates", "tax_code": "exempt"}
    for rank, (label, amounts) in enumerate(zip(child, LADDER, strict=True), 1):
        for who, amount in zip(("resident", "non_resident"), amounts, strict=True):
            yield ladder | {"price": f"ete-{who}-{rank}", "label": label, "who": who, "rank": rank, "amount": amount}
    for rank, (label, amount) in enumerate(zip(child, CHILD_CARE, strict=True), 1):
        care = {"price": f"ete-garde-{rank}", "option": "garde", "label": f"Service de garde, {label}", "rank": rank}
        yield ladder | care | {"amount": amount}


def _hours(today: date, residents: int, everyone: int) -> dict:
    """Return the hours at which residents register, and everyone: both at eight in the morning."""
    eight = time(8)
    return {
        "opens_residents": f"{datetime.combine(today + timedelta(days=residents), eight):%Y-%m-%dT%H:%M}",
        "opens_everyone": f"{datetime.combine(today + timedelta(days=everyone), eight):%Y-%m-%dT%H:%M}",
    }


def _camps(today: date, opens: dict) -> Iterator[dict]:
    monday = first_monday(today)
    for week in range(1, 9):
        first = monday + timedelta(weeks=week - 1)
        for school, mark in SCHOOLS.items():
            for group, (title, _youngest, _oldest, levels, capacity) in GROUPS.items():
                from_day, until_day = born(monday.year, group)
                yield _week(first, "09:00", "16:00", school) | opens | {
                    "activity": f"club-ete-s{week}-{mark}-{group}", "title": f"Club été, semaine {week}\u00a0: {title}",
                    "program": "club-ete", "bring": "Dîner froid, gourde, crème solaire, maillot",
                    "description": "Jeux, sciences, baignade et une sortie par semaine.",
                    "born_from": from_day, "born_until": until_day, "school": levels, "capacity": capacity,
                    "price": LADDER[0][0], "price_non_resident": LADDER[0][1],
                }  # fmt: skip


def _teenagers(today: date, opens: dict) -> Iterator[dict]:
    for week in range(1, 9):
        first = first_monday(today) + timedelta(weeks=week - 1)
        yield _week(first, "09:00", "16:30", "espace-culturel") | opens | {
            "activity": f"club-ados-s{week}", "title": f"Club ados, semaine {week}", "program": "club-ados",
            "bring": "Dîner froid, gourde", "age_min": 12, "age_max": 15, "capacity": 20, "price": "88.00",
            "price_non_resident": "110.00",
        }  # fmt: skip


def _week(first: date, starts: str, ends: str, place: str) -> dict:
    """Return what every week of a camp has."""
    return {
        "season": f"Été {first.year}", "starts_on": first, "ends_on": first + timedelta(days=4), "weekdays": WEEK,
        "starts_at": starts, "ends_at": ends, "place": place, "tax_code": "exempt", "category": "child_care",
        "provider": "ville", "by_law": BY_LAW, "ledger_account": "4100", "refund": "moins-10", "instalments": "trois",
    }  # fmt: skip


def _swimming(today: date, opened: dict, soon: dict) -> Iterator[dict]:
    """Lessons in the pool within six weeks, and on the beach in July: nobody swims in a hall without a pool."""
    saturday = today + timedelta(days=42 + (5 - today.weekday()) % 7)
    july = first_monday(today) + timedelta(weeks=2)
    for code, title, level, needs, youngest, oldest, starts, ends in SWIMMING:
        lesson = {
            "title": title, "level": level, "needs_level": needs, "age_min": youngest, "age_max": oldest,
            "starts_at": starts, "ends_at": ends, "tax_code": "exempt", "category": "activity", "provider": "ville",
            "capacity": 8, "price": "72.00", "price_non_resident": "108.00", "by_law": BY_LAW,
            "ledger_account": "4201", "refund": "moins-10", "bring": "Maillot, serviette, bonnet",
        }  # fmt: skip
        yield (
            lesson | opened | _session(saturday, 9, "sam", "ruche") | {"activity": code, "program": "nager-pour-la-vie"}
        )
        yield lesson | soon | _session(july, 2, WEEK, "plage-cantons") | {
            "activity": f"{code}-plage", "program": "nager-a-la-plage", "title": f"{title}, à la plage",
        }  # fmt: skip


def _adults(today: date, opens: dict) -> Iterator[dict]:
    first = today + timedelta(days=35)
    for code, title, weekdays, starts, ends, place, provider, bring, description, sold in ADULTS:
        age = {"age_min": 50 if "50 ans" in title else 16}
        yield opens | _session(first, 10, weekdays, place) | {
            "activity": code, "title": title, "starts_at": starts, "ends_at": ends, "tax_code": "taxable",
            "category": "activity", "provider": provider, "bring": bring, "description": description,
            "ledger_account": "4201", "refund": "moins-10", "by_law": BY_LAW,
        } | age | sold  # fmt: skip


def _session(first: date, weeks: int, weekdays: str, place: str) -> dict:
    last = first + timedelta(weeks=weeks, days=-1)
    season = "Hiver" if first.month < 4 else "Printemps" if first.month < 6 else "Été" if first.month < 9 else "Automne"
    return {
        "season": f"{season} {first.year}", "starts_on": first, "ends_on": last, "weekdays": weekdays, "place": place,
    }  # fmt: skip
