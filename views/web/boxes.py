"""The boxes of a programme's page, each a person, a group, and perhaps an option: kept while one looks elsewhere.

A box is 12:club-ete-1, or 12:club-ete-1:garde. What is ticked is kept on the server: a link would lose it, and no
browser gives it back to a page that it may not store.
"""

from collections.abc import Collection, Sequence

from flask import g, request

from domain.access import unsent_forms as kept_forms
from domain.activities import catalogue as groups
from domain.activities import schedule
from domain.activities.catalogue import Entry, Verdict
from domain.activities.choices import Choice
from domain.activities.windows import State
from domain.common import clock
from models import Person, Place
from views.web import unsent_forms
from views.web.acting import household_id, people
from views.web.portal import portal
from views.web.security import signed_in_session

SHORTCUTS = ("toutes", "options", "comme")  # tick more for a child: every week, with options, as the year before
Cells = dict[int, list[tuple[Entry, Verdict]]]  # of each person


def ticked() -> set[str]:
    """Return what is ticked: in this form, in the one whose session was over, or when this page was last left."""
    if request.method == "POST" or "unsent_fields" in g:
        return set(unsent_forms.ticked("choice"))
    return set(kept_forms.read(_owner(), request.path).get("choice", []))


def _owner() -> str:
    """Return whose ticks these are: the account's, also of a session older than what browsers are told of it."""
    return kept_forms.owner_of(signed_in_session().account)


def keep(boxes: Collection[str]) -> None:
    """Keep what is ticked on this page, for when it is shown again."""
    kept_forms.keep(_owner(), request.path, {"choice": sorted(boxes)})


def forget() -> None:
    """Keep nothing of this page: it is in the cart now."""
    kept_forms.forget(_owner(), request.path)


def choices_of(entries: Sequence[Entry], boxes: Collection[str]) -> list[Choice]:
    """Read boxes, in the order given: an option comes with its place; what is no box of the page is left out."""
    family = {str(person.id): person for person in people()}
    known = {one.activity.code: one.activity for one in entries}
    options: dict[tuple[str, str], list[str]] = {}
    for text in boxes:
        person, _, rest = text.partition(":")
        activity, _, option = rest.partition(":")
        if person in family and activity in known:
            options.setdefault((person, activity), []).extend([option] if option else [])
    return [Choice(family[person], known[code], tuple(found)) for (person, code), found in options.items()]


def judged(family: Sequence[Person], entries: Sequence[Entry]) -> dict[tuple[int, int], Verdict]:
    """Judge these people for these groups; nothing when nobody is signed in."""
    mine = household_id()
    sold = [entry.activity for entry in entries if entry.state != State.ELSEWHERE]
    return groups.verdicts(mine, family, sold, portal().city, clock.now()) if mine else {}


def cells(family: Sequence[Person], entries: Sequence[Entry], place: Place | None, boxes: Collection[str]) -> Cells:
    """Return each person's groups with the verdict on each, the groups of her age first, then by day.

    Those are at one place, or anywhere; what somebody has ticked elsewhere is there too, for her.
    """
    named = {text.split(":")[1] for text in boxes if ":" in text}
    shown = [one for one in entries if place in (None, one.activity.place) or one.activity.code in named]
    verdicts = judged(family, shown)
    found = {}
    for person in _shown_people(family, verdicts):
        hers = [
            (one, verdicts[person.id, one.activity.id])
            for one in shown
            if (person.id, one.activity.id) in verdicts
            and (place in (None, one.activity.place) or f"{person.id}:{one.activity.code}" in boxes)
        ]
        found[person.id] = sorted(hers, key=lambda cell: (not cell[1].is_of_age, cell[0].activity.starts_on))
    return found


def verdicts_of(found: Cells) -> list[Verdict]:
    """Return every verdict of some cells."""
    return [verdict for hers in found.values() for _entry, verdict in hers]


def _shown_people(family: Sequence[Person], verdicts: dict[tuple[int, int], Verdict]) -> list[Person]:
    """Return the children, and the adults for whom a group is."""
    today, adult_age = clock.today(), portal().city.adult_age
    of_age = {person_id for (person_id, _activity), verdict in verdicts.items() if verdict.is_of_age}
    return [person for person in family if person.id in of_age or person.age_on(today) < adult_age]


def shortcut(
    name: str, person: Person, cells_of_hers: Sequence[tuple[Entry, Verdict]], boxes: Collection[str]
) -> set[str]:
    """Return the boxes that a press of SHORTCUTS ticks for somebody; of groups at the same hours, the first."""
    able = {entry.activity.code: (entry.activity, verdict) for entry, verdict in cells_of_hers if verdict.is_yes}
    wanted = [activity for activity, _verdict in able.values()]
    if name == "comme":
        weeks = schedule.same_weeks(wanted, person)
        wanted = [one for one in wanted if one.code in weeks]
    hers = [activity for code, (activity, _verdict) in able.items() if f"{person.id}:{code}" in boxes]
    taken = [one for one in schedule.without_overlap(wanted, hers) if one in wanted]
    found = {f"{person.id}:{one.code}" for one in taken}
    if name == "options":
        found |= {f"{person.id}:{one.code}:{option.code}" for one in taken for option in able[one.code][1].options}
    return found
