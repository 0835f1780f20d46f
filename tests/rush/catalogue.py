"""What is rushed for: four ages on three sites for eight weeks, as the files that a city would import."""

from datetime import timedelta
from pathlib import Path

from demo.city.__main__ import ACTIVITY, PLACE, cells, write
from demo.city.season import BY_LAW, PRICES, first_monday, prices
from domain.common import clock

AGES = ((4, 5), (6, 7), (8, 9), (10, 12))
SITES = ("deux-soleils", "saint-jean-bosco", "espace-culturel")
WEEKS = 8


def write_files(folder: Path, places: int) -> None:
    """Write places.csv, activities.csv and prices.csv: so many places in all, shared out evenly."""
    sites = [[site, site.title(), "school", "1, rue Principale", "Magog", "819 555-0100", "1", ""] for site in SITES]
    write(folder / "places.csv", PLACE, sites)
    write(folder / "activities.csv", ACTIVITY, cells(_activities(places), ACTIVITY))
    write(folder / "prices.csv", PRICES, cells(prices(), PRICES))


def _activities(places: int):
    groups = [(week, site, ages) for week in range(WEEKS) for site in SITES for ages in AGES]
    for number, (week, site, ages) in enumerate(groups):
        first = first_monday(clock.today()) + timedelta(weeks=week)
        yield {
            "activity": f"club-ete-s{week + 1}-{site}-{ages[0]}",
            "title": f"Club été, semaine {week + 1}, {ages[0]} ans",
            "program": "club-ete", "season": f"Été {first.year}", "starts_on": first,
            "ends_on": first + timedelta(days=4), "weekdays": "lun mar mer jeu ven", "starts_at": "09:00",
            "ends_at": "16:00", "place": site, "tax_code": "exempt", "category": "child_care", "provider": "ville",
            "bring": "Dîner froid, gourde", "age_min": ages[0], "age_max": ages[1], "price": "58.00",
            "price_non_resident": "193.00", "capacity": places // len(groups) + (number < places % len(groups)),
            "by_law": BY_LAW, "ledger_account": "4100",
        }  # fmt: skip
