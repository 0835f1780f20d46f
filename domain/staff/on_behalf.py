"""Registering someone who is on the phone or at the counter: as online, a rule may be passed with a reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.activities import choosing, confirming, eligibility, price_list
from domain.activities.choices import Choice
from domain.activities.choosing import Acting
from domain.activities.eligibility import Reason
from domain.billing.listener import Listener
from domain.cart.holds import Durations
from domain.common import audit, clock
from domain.people import household
from models import Activity, CartItem, Household, Invoice, Person, StaffAccount, StaffSession, write

# A paper is keyed once the portal is back: a day's failure and a long week-end are in it. An older one would count as
# before others' hours on the word of a sheet that nobody can check any more.
PAPER_FOR = timedelta(days=7)


class NotThen(Exception):
    """Tried to register as of an hour to come, or longer ago than a paper may wait."""


class NoSuchHousehold(Exception):
    """Tried to register for a household that there is not."""


def open_household(visit: StaffSession, code: str) -> tuple[Household, list[Person]]:
    """Return a household by its code in the file, and its people; the look at each is noted, once a visit.

    Raises: NoSuchHousehold.
    """
    found = Household.get_or_none(Household.code == code)
    if found is None:
        raise NoSuchHousehold(code)
    people = household.people_of(found.id)
    for person in people:
        audit.look(visit, audit.Act.REGISTERING_OPENED, person, found.code)
    return found, people


def for_cheque(durations: Durations) -> Durations:
    """Return how long places are held for who brings a cheque."""
    return replace(durations, hold_for=durations.for_cheque, at_most=durations.for_cheque)


def register(staff: StaffAccount, acting: Acting, choice: Choice, listener: Listener) -> Sequence[Invoice]:
    """Hold a place and make it owed, or give it when nothing is to pay, in one transaction; return the invoices.

    What was taken on paper is judged as of then, and noted with its hour; the capacity holds all the same.
    Raises: Refused (a rule that she saw named and passes with a reason is none), NoPlaceLeft, NotThen.
    """
    now = clock.now()
    if acting.taken_at and not now - PAPER_FOR <= acting.taken_at <= now:
        raise NotThen
    choosing.free_what_is_over([choice], clock.now())
    with write():
        passed = [one for one in in_the_way(acting, choice) if acting.override_reason and one in acting.passes]
        outcome = choosing.choose(acting, [choice])
        _note(staff, acting, choice)
        if passed:
            audit.by_staff(staff, audit.Act.RULES_PASSED, choice.person, f"{choice.activity.code}: {' '.join(passed)}")
        new = [item.id for item in outcome.kept if item.state == CartItem.HELD and item.invoice_id is None]
        return confirming.confirm_these(acting, new, listener) if new else []


def in_the_way(acting: Acting, choice: Choice) -> list[Reason]:
    """Return the rules that keep somebody from a place and that staff may pass with a reason."""
    now = acting.taken_at or clock.now()
    standing = eligibility.standing(acting.household_id, [choice.person], [choice.activity], acting.city, now)
    return eligibility.passable(eligibility.reasons(standing, choice.person, choice.activity))


def _note(staff: StaffAccount, acting: Acting, choice: Choice) -> None:
    """Write it in the journal, with the hour in Montreal of what was taken on paper."""
    if not acting.taken_at:
        audit.by_staff(staff, audit.Act.REGISTERED_ON_BEHALF, choice.person, choice.activity.code)
        return
    hour = clock.local(acting.taken_at).strftime("%Y-%m-%d %H:%M")
    audit.by_staff(staff, audit.Act.REGISTERED_FROM_PAPER, choice.person, f"{choice.activity.code}, {hour}")


def options_of(activity: Activity) -> list[str]:
    """Return the codes of the options there are beside an activity."""
    return price_list.options_of([activity], price_list.rules_for([activity]))


def activity(code: str) -> Activity | None:
    """Return what is sold here by its code; None when there is none."""
    return Activity.get_or_none(Activity.code == code, Activity.capacity.is_null(False))
