"""Whether a card and a household that a file puts together go together: someone may be hiding from someone.

The city's other system goes on with the household that a couple had. Where a decision was taken here (a Separation)
a card leads to where its holder is now; where none was, it must be of the household that the file names. What goes
with no household, and what names no card under a household that was split, is left alone and listed: nobody here can
tell whose it is. What is here already never moves by this rule. A child of both homes suits both: the file's stands.

In the samples every card is of the household beside it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from domain.common.batches import among, columns_among
from models import Membership, Separation


@dataclass(frozen=True)
class Belonging:
    """Where people belong, and what was decided of them and of households; all by ids."""

    memberships: dict[int, set[int]]  # by person
    decided: dict[tuple[int, int], set[int]]  # by person and household: where she belongs instead, or as well
    split: set[int]  # households that somebody was set apart from

    def home(self, household: int, people: Collection[int]) -> int | None:
        """Return the household of something new that a file puts under one, for some people; None when nobody knows."""
        if not people:
            return None if household in self.split else household
        suiting = set.intersection(*(self._homes(person, household) for person in people))
        if household in suiting:
            return household
        return suiting.pop() if len(suiting) == 1 else None

    def stays(self, household: int, told: int, people: Collection[int]) -> bool:
        """Tell whether something here keeps its household, though the file may say one where people were set apart."""
        return household == told or told in self.split or any((person, told) in self.decided for person in people)

    def may_change(self, household: int, people: Collection[int]) -> bool:
        """Tell whether a file may change something of a household, for some people."""
        if not people:
            return household not in self.split
        return all(household in self._homes(person, household) for person in people)

    def has_to_do_with(self, person: int, household: int) -> bool:
        """Tell whether someone is of a household, or was before she was set apart from it: she may have paid for it."""
        return household in self.memberships.get(person, set()) or (person, household) in self.decided

    def _homes(self, person: int, household: int) -> set[int]:
        """Return where something of someone goes that a file puts under a household."""
        hers = self.memberships.get(person, set())
        if (person, household) not in self.decided:
            return hers & {household}
        return homes(person, {household}, self.decided) & hers or hers


def of(people: Collection[int], households: Collection[int]) -> Belonging:
    """Return where these people belong, and what was decided of them and of these households."""
    apart = Separation.select(Separation.household).where(~Separation.stays)
    split = {household for (household,) in columns_among(apart, Separation.household, households)}
    return Belonging(memberships(people), separations(people), split)


def memberships(people: Collection[int]) -> dict[int, set[int]]:
    """Return the households of people."""
    have: dict[int, set[int]] = {}
    rows = Membership.select(Membership.household, Membership.person)
    for household, person in columns_among(rows, Membership.person, people):
        have.setdefault(person, set()).add(household)
    return have


def separations(people: Collection[int]) -> dict[tuple[int, int], set[int]]:
    """Return where people set apart from a household belong instead, by person and household."""
    return {
        (row.person_id, row.household_id): {row.apart_id, row.household_id} if row.stays else {row.apart_id}
        for row in among(Separation.select(), Separation.person, people)
    }


def homes(person: int, told: set[int], decided: dict[tuple[int, int], set[int]]) -> set[int]:
    """Return where someone belongs whom the file says to be of some households: one she left may lead to another."""
    found, seen, left = set(), set(), list(told)
    while left:
        place = left.pop()
        if place in seen:
            continue
        seen.add(place)
        instead = decided.get((person, place), {place})
        found |= instead & {place}
        left += instead
    return found
