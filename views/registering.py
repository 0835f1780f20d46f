"""Inscription aux activités: the catalogue, one activity, and a programme for the whole household."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from domain.activities import catalogue as groups
from domain.activities import choosing, schedule
from domain.activities.catalogue import Entry, Verdict
from domain.activities.choosing import Choice
from domain.activities.windows import State
from domain.cart.holds import HeldLongEnough, NoPlaceLeft
from domain.common import clock
from domain.common.calendars import Entry as CalendarEntry
from models import Activity, Person
from views.care import family_ready
from views.forms.account import EmptyForm
from views.forms.registering import SearchForm
from views.messages import care, errors
from views.messages import catalogue as words
from views.web import paging, unsent_forms
from views.web.acting import acting, household_id, people
from views.web.calendars import calendar_file
from views.web.portal import portal
from views.web.rendering import page, see
from views.web.security import ask_to_sign_in

blueprint = Blueprint("registering", __name__, url_prefix="/inscription")
ROWS = 30  # groups a page
SHORTCUTS = ("toutes", "options", "comme")  # tick more for a child: every week, with options, as the year before


@blueprint.get("")
def catalogue() -> ResponseReturnValue:
    """List what one may register for, by season and programme."""
    now, family = clock.now(), people()
    entries = portal().catalogue.entries(now)
    form = SearchForm(request.args)
    form.offer(entries, [(person, words.name_and_age(person, clock.today())) for person in family])
    found = groups.find(entries, form.wanted())
    number = paging.asked()
    shown, pages = paging.cut(found, number, ROWS)
    person = next((one for one in family if one.id == form.person_id()), None)
    return page(
        "registering/catalogue.html",
        search=form,
        programmes=groups.programmes(shown),
        whole={(one.season, one.code): one for one in groups.programmes(found)},  # a page may cut one in two
        person=person,
        verdicts=judged([person] if person else [], shown, now),
        page_number=number,
        pages=pages,
        words=words,
        family=family,
        today=clock.today(),
        query="&" + urlencode([pair for pair in request.args.items(multi=True) if pair[0] != "page"]),
    )


def judged(family: Sequence[Person], entries: Sequence[Entry], now: datetime) -> dict[tuple[int, int], Verdict]:
    """Judge these people for these groups; nothing when nobody is signed in."""
    mine = household_id()
    sold = [entry.activity for entry in entries if entry.state != State.ELSEWHERE]
    return groups.verdicts(mine, family, sold, portal().city, now) if mine else {}


@blueprint.route("/<activity>", methods=["GET", "POST"])
def activity(activity: str) -> ResponseReturnValue:
    """Show a group; take a place for one or several of the household."""
    try:
        entry = groups.one(activity, clock.now())
    except groups.NoSuchActivity:
        abort(404)
    if request.method == "POST":
        return take(entry)
    return activity_page(entry)


def activity_page(entry: Entry, problems: Sequence[str] = ()) -> Response:
    """Show a group with each of the household, who may and who may not."""
    family = people()
    verdicts = judged(family, [entry], clock.now())
    return page(
        "registering/activity.html",
        status=422 if problems else 200,
        entry=entry,
        family=family,
        verdicts={person.id: verdicts.get((person.id, entry.activity.id)) for person in family},
        problems=problems,
        words=words,
        today=clock.today(),
        others=siblings(entry),
        ticked=unsent_forms.ticked,
        structured=structured(entry),
    )


def siblings(entry: Entry) -> list[Entry]:
    """Return the other groups of the programme that one may name as what would do instead."""
    same = entry.activity.programme, entry.activity.season
    entries = portal().catalogue.entries(clock.now())
    of_it = [one for one in entries if (one.activity.programme, one.activity.season) == same]
    return [one for one in of_it if one.activity.id != entry.activity.id and one.state in (State.SOON, State.OPEN)][:12]


def structured(entry: Entry) -> Markup:
    """Return what search engines read of an activity (schema.org Event), as JSON."""
    one = entry.activity
    event = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": one.title,
        "startDate": f"{one.starts_on}T{one.starts_at:%H:%M}",
        "endDate": f"{one.ends_on}T{one.ends_at:%H:%M}",
        "location": {"@type": "Place", "name": one.place.name, "address": f"{one.place.address}, {one.place.city}"},
        "organizer": {"@type": "Organization", "name": portal().city.name, "url": portal().city.website},
    }
    return htmlsafe_json_dumps(event)


def take(entry: Entry) -> ResponseReturnValue:
    """Put places of a group in the cart; whoever is not signed in signs in first."""
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if not EmptyForm().validate_on_submit():
        return activity_page(entry, [errors.too_old()])
    chosen = [person for person in people() if str(person.id) in request.form.getlist("person")]
    if not chosen:
        return activity_page(entry, [words.nobody_chosen()])
    together = f"{entry.activity.code} {secrets.token_hex(4)}" if request.form.get("together") == "1" else ""
    options, fallbacks = tuple(request.form.getlist("option")), fallbacks_of(entry)
    problems = hold([Choice(person, entry.activity, options, fallbacks, together) for person in chosen])
    return activity_page(entry, problems) if problems else see("cart.show")


def fallbacks_of(entry: Entry) -> tuple[Activity, ...]:
    """Return the groups that would do instead, in the order given."""
    known = {one.activity.code: one.activity for one in siblings(entry)}
    return tuple(known[code] for code in dict.fromkeys(request.form.getlist("fallback")) if code in known)


def hold(choices: Sequence[Choice]) -> list[str]:
    """Put choices in the cart; return what stands in the way, in words: then nothing was put there."""
    try:
        outcome = choosing.choose(acting(), choices)
    except choosing.Refused as refused:
        return words.refused(refused, choices)
    except NoPlaceLeft as gone:
        return [words.no_place_left(gone, choices)]
    except HeldLongEnough as held:
        return [words.held_long_enough(held, choices)]
    for said in words.missed(outcome):
        flash(said, "note")
    return []


@blueprint.route("/programme/<program>", methods=["GET", "POST"])
@login_required
def programme(program: str) -> ResponseReturnValue:
    """Show a programme for the whole household, a cell for every person and group; one press fills the cart."""
    entries = [one for one in portal().catalogue.entries(clock.now()) if one.activity.programme == program]
    if not entries:
        abort(404)
    if request.method == "GET":
        return programme_page(entries)
    if not EmptyForm().validate_on_submit():
        return programme_page(entries, [errors.too_old()])
    if any(name in request.form for name in SHORTCUTS):
        return programme_page(entries)
    choices = choices_of(entries, request.form.getlist("choice"))
    problems = hold(choices) if choices else [words.nothing_chosen()]
    return programme_page(entries, problems) if problems else see("cart.show")


def choices_of(entries: Sequence[Entry], chosen: Sequence[str]) -> list[Choice]:
    """Read boxes such as 12:club-ete-1 and 12:club-ete-1:garde: an option comes with its place."""
    family = {str(person.id): person for person in people()}
    known = {one.activity.code: one.activity for one in entries}
    options: dict[tuple[str, str], list[str]] = {}
    for text in chosen:
        person, _, rest = text.partition(":")
        activity, _, option = rest.partition(":")
        if person in family and activity in known:
            options.setdefault((person, activity), []).extend([option] if option else [])
    return [Choice(family[person], known[code], tuple(found)) for (person, code), found in options.items()]


def programme_page(entries: Sequence[Entry], problems: Sequence[str] = ()) -> Response:
    """Show the cells of a programme, at one place or at all of them."""
    places = {one.activity.place.code: one.activity.place for one in entries}
    place = places.get(request.args.get("lieu", ""))
    shown = [one for one in entries if place in (None, one.activity.place)]
    family = people()
    found = cells(family, shown)
    return page(
        "registering/programme.html",
        status=422 if problems else 200,
        title=groups.title_of(entries),
        program=entries[0].activity.programme,
        places=places,
        place=place,
        family=[person for person in family if person.id in found],
        cells=found,
        ticked=set(unsent_forms.ticked("choice")) | shortcut(found, family),
        problems=problems,
        words=words,
        today=clock.today(),
        family_ready=family_ready([one.activity for one in entries]),
        lack=care.lack,
        ready_names=care.ready_names,
    )


def cells(family: Sequence[Person], entries: Sequence[Entry]) -> dict[int, list[tuple[Entry, Verdict]]]:
    """Return each person's groups with the verdict on each, the groups of her age first, then by day."""
    verdicts = judged(family, entries, clock.now())
    found = {}
    for person in shown_people(family, verdicts):
        hers = [
            (one, verdicts[person.id, one.activity.id]) for one in entries if (person.id, one.activity.id) in verdicts
        ]
        found[person.id] = sorted(hers, key=lambda cell: (not cell[1].is_of_age, cell[0].activity.starts_on))
    return found


def shown_people(family: Sequence[Person], verdicts: dict[tuple[int, int], Verdict]) -> list[Person]:
    """Return the children, and the adults for whom a group is."""
    today, adult_age = clock.today(), portal().city.adult_age
    of_age = {person_id for (person_id, _activity), verdict in verdicts.items() if verdict.is_of_age}
    return [person for person in family if person.id in of_age or person.age_on(today) < adult_age]


def shortcut(found: dict[int, list[tuple[Entry, Verdict]]], family: Sequence[Person]) -> set[str]:
    """Return the boxes that a press of SHORTCUTS ticks for one of the family."""
    name = next((one for one in SHORTCUTS if one in request.values), "")
    person = next((one for one in family if str(one.id) == request.values.get(name)), None)
    if person is None:
        return set()
    mine = [(entry.activity, verdict) for entry, verdict in found.get(person.id, []) if verdict.is_yes]
    if name == "comme":
        weeks = schedule.same_weeks([activity for activity, _verdict in mine], person)
        if not weeks:
            flash(words.nothing_as_before(person.first_name), "note")
        return {f"{person.id}:{code}" for code in weeks}
    boxes = {f"{person.id}:{activity.code}" for activity, _verdict in mine}
    if name == "options":
        boxes |= {f"{person.id}:{one.code}:{option.code}" for one, verdict in mine for option in verdict.options}
    return boxes


@blueprint.get("/activites.csv")
def open_data() -> ResponseReturnValue:
    """Give the catalogue as open data: one row a group, what is left in words, no number of places."""
    entries = portal().catalogue.entries(clock.now())
    rows = [words.open_row(entry) for entry in entries]
    return Response(portal().csv_files.text_of(words.OPEN_COLUMNS, rows), mimetype="text/csv")


@blueprint.get("/<activity>.ics")
def calendar(activity: str) -> ResponseReturnValue:
    """Give a group's days as a calendar file."""
    try:
        one = groups.one(activity, clock.now()).activity
    except groups.NoSuchActivity:
        abort(404)
    where = one.place.location
    host = portal().settings.host
    entries = [
        CalendarEntry(f"{one.code}-{day.starts_at:%Y%m%dT%H%M}@{host}", one.title, day.starts_at, day.ends_at, where)
        for day in schedule.occurrences(one)
    ]
    return calendar_file(one.title, entries, f"{one.code}.ics")
