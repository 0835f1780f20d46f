"""Inscription aux activités: the catalogue, one activity, and a programme for the whole household."""

import secrets
from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from markupsafe import escape

from domain.activities import catalogue as groups
from domain.activities import choosing, confirming, told_days
from domain.activities.catalogue import Entry, Search, Verdict
from domain.activities.choices import Choice
from domain.activities.windows import State
from domain.cart.holds import HeldLongEnough, NoPlaceLeft
from domain.common import clock
from models import Activity, Person, Place
from views.care import family_ready
from views.forms.account import EmptyForm
from views.forms.registering import SearchForm
from views.messages import care, conditions, errors, searching
from views.messages import catalogue as words
from views.messages import open_data as as_file
from views.web import boxes, calendars, files, paging, structured, unsent_forms
from views.web.acting import acting, household_id, people
from views.web.portal import portal
from views.web.rendering import page, see
from views.web.security import ask_to_sign_in

blueprint = Blueprint("registering", __name__, url_prefix="/inscription")
ROWS = 30  # groups a page


@blueprint.get("")
def catalogue() -> ResponseReturnValue:
    """List what one may register for, by season and programme."""
    now, family = clock.now(), people()
    entries = portal().catalogue.entries(now)
    form = SearchForm(request.args)
    form.offer(entries, [(person, words.name_and_age(person, clock.today())) for person in family])
    found = groups.find(entries, form.wanted(), searching.also)
    number = paging.asked()
    shown, pages = paging.cut(found, number, ROWS)
    person = next((one for one in family if one.id == form.person_id()), None)
    return page(
        "registering/catalogue.html",
        search=form,
        programmes=groups.programmes(shown),
        whole={(one.season, one.code): one for one in groups.programmes(found)},  # a page may cut one in two
        person=person,
        verdicts=boxes.judged([person] if person else [], shown),
        page_number=number,
        pages=pages,
        words=words,
        family=family,
        today=clock.today(),
        ways_on=[] if found else ways_on(entries, form.wanted()),
        query="&" + urlencode([pair for pair in request.args.items(multi=True) if pair[0] != "page"]),
    )


def ways_on(entries: Sequence[Entry], wanted: Search) -> list[str]:
    """Return what would find something where nothing was found: the same words alone, else topics."""

    def finds(topic: str) -> list[Entry]:
        return groups.find(entries, Search(topic), searching.also)

    asked = request.args.get("q", "").strip()[:100]
    return [asked] if wanted.words and finds(wanted.words) else searching.topics(finds)


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
    verdicts = boxes.judged(family, [entry])
    return page(
        "registering/activity.html",
        status=422 if problems else 200,
        entry=entry,
        family=family,
        verdicts={person.id: verdicts.get((person.id, entry.activity.id)) for person in family},
        folded=folded(entry, family, verdicts),
        problems=problems,
        words=words,
        summed="",
        today=clock.today(),
        others=siblings(entry),
        ticked=unsent_forms.ticked,
        structured=structured.event(entry.activity),
        conditions=conditions.beside(entry.activity, verdicts.values(), portal().city.registration.least_weeks),
    )


def folded(entry: Entry, family: Sequence[Person], verdicts: dict[tuple[int, int], Verdict]) -> list[Person]:
    """Return the adults where a group is for children, the children where it is for adults: one line, not reasons."""
    today, adult_age, for_adults = clock.today(), portal().city.adult_age, entry.activity.age_min or 0
    return [
        person
        for person in family
        if (verdict := verdicts.get((person.id, entry.activity.id)))
        and not verdict.is_of_age
        and (person.age_on(today) >= adult_age) != (for_adults >= adult_age)
    ]


def siblings(entry: Entry) -> list[Entry]:
    """Return the other groups of the programme that one may name as what would do instead."""
    same = entry.activity.programme, entry.activity.season
    entries = portal().catalogue.entries(clock.now())
    of_it = [one for one in entries if (one.activity.programme, one.activity.season) == same]
    return [one for one in of_it if one.activity.id != entry.activity.id and one.state in (State.SOON, State.OPEN)][:12]


def take(entry: Entry) -> ResponseReturnValue:
    """Put places of a group in the cart; whoever is not signed in signs in first."""
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if not EmptyForm().validate_on_submit():
        return activity_page(entry, [errors.too_old()])
    chosen = [person for person in people() if str(person.id) in request.form.getlist("person")]
    if not chosen and not asks_sum():
        return activity_page(entry, [words.nobody_chosen()])
    together = f"{entry.activity.code} {secrets.token_hex(4)}" if request.form.get("together") == "1" else ""
    options, fallbacks = tuple(request.form.getlist("option")), fallbacks_of(entry)
    choices = [Choice(person, entry.activity, options, fallbacks, together) for person in chosen]
    if asks_sum():
        return Response(escape(summed(choices)))
    problems = hold(choices)
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
    choices = boxes.choices_of(entries, request.form.getlist("choice"))
    if asks_sum():
        boxes.keep(boxes.ticked())
        return Response(escape(summed(choices)))
    if aside := turn_aside(entries):
        return aside
    problems = hold(choices) if choices else [words.nothing_chosen()]
    if problems:
        return programme_page(entries, problems)
    boxes.forget()
    return see("cart.show")


def turn_aside(entries: Sequence[Entry]) -> ResponseReturnValue | None:
    """Keep what is ticked and lead to what was asked for instead of the cart: more ticks, another place, a form."""
    form, program, ticked = request.form, entries[0].activity.programme, boxes.ticked()
    asked = next((one for one in (*boxes.SHORTCUTS, "voir", "pret", "sante") if one in form), "")
    if not asked:
        return None
    person = next((one for one in people() if str(one.id) == form[asked]), None)
    at = request.args.get("lieu")
    here = url_for("registering.programme", program=program, lieu=at)
    if asked in boxes.SHORTCUTS and person:
        ticked |= more_ticked(asked, person, entries, ticked)
    boxes.keep(ticked)
    if asked == "sante" and person:
        return see("care.health_form", person_id=person.id, suite=here)
    if asked in ("sante", "pret"):
        return see("care.ready", suite=here)
    if asked == "voir":
        return see("registering.programme", program=program, lieu=form["voir"] or None)
    return see("registering.programme", program=program, lieu=at, _anchor=f"p{person.id}" if person else None)


def asks_sum() -> bool:
    """Tell whether a page asks by script what is ticked comes to: nothing is taken then."""
    return request.headers.get("HX-Target") == "p#sum"


def summed(choices: Sequence[Choice]) -> str:
    """Say what choices come to for the household acted for."""
    return words.sum_of(confirming.estimate(household_id() or 0, choices, portal().city))


def more_ticked(name: str, person: Person, entries: Sequence[Entry], ticked: set[str]) -> set[str]:
    """Return what a shortcut ticks for somebody at the place that is shown; say so when that is nothing."""
    place = place_asked(entries)
    hers = boxes.cells([person], entries, place, ticked).get(person.id, [])
    more = boxes.shortcut(name, person, hers, ticked)
    if name == "comme" and not more:
        flash(words.nothing_as_before(person.first_name), "note")
    return more


def place_asked(entries: Sequence[Entry]) -> Place | None:
    """Return the place whose groups are asked for; None for all."""
    return next((one.activity.place for one in entries if one.activity.place.code == request.args.get("lieu")), None)


def programme_page(entries: Sequence[Entry], problems: Sequence[str] = ()) -> Response:
    """Show the cells of a programme, at one place or at all of them."""
    family, place, ticked = people(), place_asked(entries), boxes.ticked()
    found = boxes.cells(family, entries, place, ticked)
    return page(
        "registering/programme.html",
        status=422 if problems else 200,
        title=groups.title_of(entries),
        program=entries[0].activity.programme,
        places={one.activity.place.code: one.activity.place for one in entries},
        place=place,
        family=[person for person in family if person.id in found],
        conditions=conditions.of_programme(
            [one.activity for one in entries], boxes.verdicts_of(found), portal().city.registration.least_weeks
        ),
        cells=found,
        ticked=ticked,
        summed=summed(boxes.choices_of(entries, sorted(ticked))),
        problems=problems,
        words=words,
        today=clock.today(),
        family_ready=family_ready([one.activity for one in entries]),
        lack=care.lack,
        ready_names=care.ready_names,
    )


@blueprint.get("/activites.<any(csv, xlsx):kind>")
def open_data(kind: str) -> ResponseReturnValue:
    """Give the catalogue as open data or as a workbook: a row a group, what is left in words, no number of places."""
    entries = portal().catalogue.entries(clock.now())
    if kind == "xlsx":
        table = _("Activités"), as_file.header(), map(as_file.cells, entries)
        return files.download(portal().spreadsheets.workbook(table), files.XLSX, "activites.xlsx")
    return Response(portal().csv_files.text_of(as_file.COLUMNS, map(as_file.row, entries)), mimetype=files.CSV)


@blueprint.get("/<activity>.ics")
def calendar(activity: str) -> ResponseReturnValue:
    """Give a group's days as a calendar file."""
    try:
        one = groups.one(activity, clock.now()).activity
    except groups.NoSuchActivity:
        abort(404)
    entries = [calendars.of_day(day, one.code, one.title) for day in told_days.of_activity(one)]
    return calendars.calendar_file(one.title, entries, f"{one.code}.ics")
