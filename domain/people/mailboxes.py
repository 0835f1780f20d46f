"""Mailboxes that two adults still share once the city set them apart: what is written to one, the other reads.

The simplest rule that is true: such a mailbox gets no letter of either, whatever it tells, until one of them has
another address, on her card or confirmed by her account. Staff is told whom to call.
"""

from city import City
from domain.common import alerts
from domain.common.alerts import Kind
from domain.people import household
from models import Membership, Message, Person, write


def withholds(message: Message, city: City) -> bool:
    """Tell whether a message must not leave, as it is about to; staff is told once of each who shares its mailbox."""
    if message.open_to_all or not is_divided(message.recipient, city):
        return False
    with write():
        for one in household.adults_at(message.recipient, city):
            alerts.list_once(Kind.MAILBOX_OF_TWO, one.card_number, card=one.card_number)
    return True


def is_divided(address: str, city: City) -> bool:
    """Tell whether an address is two adults' who live apart, one of whom the city set apart from somebody."""
    adults = household.adults_at(address, city)
    if len(adults) < 2:
        return False
    homes: dict[int, set[int]] = {one.id: set() for one in adults}
    for row in Membership.select().where(Membership.person.in_(adults)):
        homes[row.person_id].add(row.household_id)
    apart = [one.id for one in adults if household.is_set_apart(one.id)]
    return any(homes[one].isdisjoint(homes[other]) for one in apart for other in homes if other != one)


def settle(person: Person, city: City) -> None:
    """Note, in the caller's transaction, that somebody is written to again, if she has a mailbox of her own now."""
    if not is_divided(household.address_of(person), city):
        alerts.settle(Kind.MAILBOX_OF_TWO, person.card_number)
