"""Writes the invented city as the CSV files a city would import: python -m demo.city FOLDER."""

import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from demo.city import leisure, season
from demo.city.people import ACCOUNTS, CATEGORIES, EXEMPT, HOUSEHOLDS, INVOICES, LEVELS, STREETS

A_YEAR = 365  # days

CARD = (
    "card_number last_name first_name birth_date expires_on household address city postal_code "
    "phone email resident status class school levels"
)
INVOICE = (
    "invoice_number household issued_on due_on card_number description quantity unit_price "
    "tax_code category ledger_account"
)
PAYMENT = "payment invoice_number paid_on amount method payer"
PLACE = "place name kind address city phone accessible hours"
ACTIVITY = "activity title season starts_on ends_on weekdays starts_at ends_at place tax_code category provider bring"
ACTIVITY += f" {season.COLUMNS}"
REGISTRATION = "registration activity card_number status registered_on"
RESERVATION = "reservation place household starts ends status purpose"
TABLES = (
    "cards",
    "invoices",
    "payments",
    "places",
    "activities",
    "prices",
    "registrations",
    "reservations",
)  # in this order


def main() -> None:
    """Write the files and print a card to try."""
    folder, today = Path(sys.argv[1]), datetime.now(ZoneInfo("America/Montreal")).date()
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "cards.csv", CARD, cards(today))
    write(folder / "invoices.csv", INVOICE, invoices(today))
    write(folder / "payments.csv", PAYMENT, payments(today))
    write(folder / "places.csv", PLACE, leisure.places())
    sold = cells(season.activities(today), ACTIVITY)
    write(folder / "activities.csv", ACTIVITY, [*leisure.activities(today), *sold])
    write(folder / "prices.csv", season.PRICES, cells(season.prices(), season.PRICES))
    write(folder / "registrations.csv", REGISTRATION, registrations(today))
    write(folder / "reservations.csv", RESERVATION, leisure.reservations(today, household))
    print(f"Carte de citoyen : {card_number(0, 0)}, née le {birth_date(42, 0, today)}")


def write(path: Path, header: str, rows: Iterable[list]) -> None:
    """Write one file; what a row has not is empty."""
    names = header.split()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(row + [""] * (len(names) - len(row)) for row in rows)


def cells(rows: Iterable[dict], header: str) -> Iterator[list]:
    """Put rows by column in the order of a file's header."""
    return ([row.get(name, "") for name in header.split()] for row in rows)


def card_number(household: int, person: int) -> str:
    """Return an invented card number, the same every time."""
    return f"QMAGB{100_000 + household * 10 + person:08}"


def birth_date(age: int, person: int, today: date) -> date:
    """Return a birth date that gives this age, whatever the day."""
    return date(today.year - age, 1, 1) - timedelta(days=30 * person + 17)


def cards(today: date) -> Iterator[list]:
    """Make everyone's card; a shared child has a row in each household."""
    for h, people in enumerate(HOUSEHOLDS):
        for p, (first, last, age, expiry, what) in enumerate(people):
            outside = what == "outside"
            born = birth_date(age, p, today)
            row = [
                card_number(h, p), last, first, born, today + timedelta(days=expiry), household(h),
                f"{10 + 7 * h}, {STREETS[h % len(STREETS)]}", "Austin" if outside else "Magog",
                f"J1X {h % 9 + 1}B{h % 7 + 1}",
                f"819 843-{4000 + h * 10 + p}", "" if age < 18 else f"citoyen{h}-{p}@example.com", 0 if outside else 1,
                "lost" if what == "lost" else "active", "", school(born, today), LEVELS.get((h, p), ""),
            ]  # fmt: skip
            yield row
            if what == "shared child":
                yield [household(h + 1) if place == 5 else cell for place, cell in enumerate(row)]


def school(born: date, today: date) -> str:
    """Return the level a child finished at the end of the last school year; nothing for who is younger or older."""
    september = date(today.year if today.month >= 7 else today.year - 1, 9, 30)
    age = september.year - born.year - ((september.month, september.day) < (born.month, born.day))
    return {5: "maternelle4", 6: "maternelle5"}.get(age, str(age - 6) if 7 <= age <= 12 else "")


def registrations(today: date) -> Iterator[list]:
    """Make every registration's row."""

    def born(h: int, p: int) -> date:
        return birth_date(HOUSEHOLDS[h][p][2], p, today)

    children = [
        (card_number(h, p), born(h, p))
        for h, people in enumerate(HOUSEHOLDS)
        for p, person in enumerate(people)
        if h >= 20 and person[4] == "child"
    ]
    return leisure.registrations(today, card_number, born, children)


def household(h: int) -> str:
    """Return a household's code."""
    return f"D{9_000 + h:08}"


def invoices(today: date) -> Iterator[list]:
    """Make every invoice, a row a line."""
    for number, h, issued_on, due_on, _paid, lines in numbered(today):
        for description, whom, quantity, price in lines:
            category = next((c for word, c in CATEGORIES.items() if description.startswith(word)), "activity")
            yield [
                number, household(h), issued_on, due_on,
                "" if whom is None else card_number(h, whom), description.format(session=season.session_of(issued_on)),
                quantity, price, "exempt" if description.startswith(EXEMPT) else "taxable",
                category, ACCOUNTS[category],
            ]  # fmt: skip


def payments(today: date) -> Iterator[list]:
    """Make the payments taken at the counter: the whole of an invoice, or half of it."""
    for number, h, issued_on, _due_on, paid, lines in numbered(today):
        if paid:
            total = invoice_cents(lines) // (1 if paid == "all" else 2)
            day = issued_on + timedelta(days=10)
            yield [f"C-{number}", number, day, f"{total / 100:.2f}", "debit", card_number(h, 0)]


def invoice_cents(lines: list[tuple]) -> int:
    """Return an invoice's total with taxes, in cents, as the city's counter would have charged it."""
    nets = [
        (round(float(quantity) * 1000) * round(float(price) * 100) + 500) // 1000 for _, _, quantity, price in lines
    ]
    taxable = sum(net for net, line in zip(nets, lines, strict=True) if not line[0].startswith(EXEMPT))
    return sum(nets) + (taxable * 5 + 50) // 100 + (taxable * 9975 + 50_000) // 100_000


def numbered(today: date) -> Iterator[tuple]:
    """Return the invoices with their numbers and days; camps of the summers before were invoiced in the spring."""
    for place, (h, issued, due, paid, lines) in enumerate(INVOICES):
        issued_on, due_on = today - timedelta(days=issued), today + timedelta(days=due)
        if issued > A_YEAR and lines[0][0].startswith("Club"):
            issued_on = date(season.first_monday(today).year - round(issued / A_YEAR), 4, 10)
            due_on = issued_on + timedelta(days=30)
        yield f"F{21_000 + place}", h, issued_on, due_on, paid, lines


if __name__ == "__main__":
    main()
