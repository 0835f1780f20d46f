"""Places, activities, and who takes part."""

import json
from datetime import time, timedelta

from domain.common import clock
from models import (
    Activity,
    Household,
    PartnerContract,
    Person,
    Place,
    PlannedInvoice,
    PriceRule,
    Registration,
    Reservation,
)
from tests.factories.numbers import numbers


def make_place(**values) -> Place:
    n = next(numbers)
    defaults = {
        "code": f"lieu-{n}",
        "name": f"Salle {n}",
        "kind": "room",
        "address": "90, rue Saint-David",
        "city": "Magog",
        "phone": "819 843-3333",
        "accessible": True,
        "hours": "lun-ven 08:00-22:00",
    }
    return Place.create(**(defaults | values))


def make_activity(place: Place | None = None, **values) -> Activity:
    """An activity of one day a week, tomorrow's, for four weeks, from 9:00 to 10:30."""
    tomorrow = clock.today() + timedelta(days=1)
    defaults = {
        "code": f"activite-{next(numbers)}",
        "title": "Yoga du matin",
        "starts_on": tomorrow,
        "ends_on": tomorrow + timedelta(days=27),
        "weekdays": Activity.WEEKDAYS[tomorrow.weekday()],
        "starts_at": time(9),
        "ends_at": time(10, 30),
        "place": place or make_place(),
        "tax_code": "taxable",
        "category": "activity",
        "bring": "Un tapis",
    }
    return Activity.create(**(defaults | values))


def make_group(place: Place | None = None, **values) -> Activity:
    """A group on sale, open now: 10 places, 58.00 $, exempt, a month from now."""
    first = clock.today() + timedelta(days=30)
    n = next(numbers)
    defaults = {
        "code": f"groupe-{n}",
        "title": f"Club été, semaine {n}",
        "season": "Été",
        "program": "club-ete",
        "starts_on": first,
        "ends_on": first + timedelta(days=4),
        "weekdays": "lun mar mer jeu ven sam dim",
        "tax_code": "exempt",
        "category": "child_care",
        "capacity": 10,
        "price_cents": 5_800,
        "ledger_account": "camps",
    }
    return make_activity(place, **(defaults | values))


def make_price(program: str = "club-ete", amount_cents: int | None = 4_400, **values) -> PriceRule:
    return PriceRule.create(code=f"prix-{next(numbers)}", program=program, amount_cents=amount_cents, **values)


def make_registration(person: Person, activity: Activity | None = None, **values) -> Registration:
    defaults = {"code": f"I{next(numbers)}", "registered_on": clock.today()}
    return Registration.create(person=person, activity=activity or make_activity(), **(defaults | values))


def make_reservation(household: Household, place: Place | None = None, **values) -> Reservation:
    """A reservation of four hours, in two days."""
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    defaults = {"code": f"L{next(numbers)}", "starts_at": start, "ends_at": start + timedelta(hours=4)}
    return Reservation.create(household=household, place=place or make_place(), **(defaults | values))


def make_contract(person: Person, household: Household, **values) -> PartnerContract:
    """A partner's contract of 100 $ with a payment to come, for somebody registered."""
    registration = make_registration(person, make_group(provider="partenaire"))
    today = clock.today().isoformat()
    printed = {
        "consumer_id": person.id,
        "consumer": person.name,
        "consumer_address": ["12, rue Merry Nord", "Magog  J1X 2B6"],
    }
    printed |= {
        "partner": "École de danse",
        "partner_address": ["1, rue Principale"],
        "person": person.name,
        "made_in": "Magog",
    }
    printed |= {"title": "Danse", "description": "", "place": "Salle 1", "starts_on": today, "ends_on": today}
    printed |= {"days": 8, "starts_at": "09:00", "ends_at": "10:30", "day_cents": 1_250, "net_cents": 10_000}
    printed |= {"tps_cents": 0, "tvq_cents": 0, "schedule": [(today, 10_000)]}
    defaults = {"number": f"P-C{next(numbers)}", "registration": registration, "household": household}
    made = PartnerContract.create(total_cents=10_000, printed=json.dumps(printed), **(defaults | values))
    due_on = clock.today() + timedelta(days=40)
    PlannedInvoice.create(contract=made, position=1, due_on=due_on, total_cents=10_000, lines="[]")
    return made
