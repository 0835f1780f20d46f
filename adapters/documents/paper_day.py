"""The PDF of a day without the portal: an index, then each group on its own page with a sheet to write on."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapters.documents.pdf import LINE, MUTED, new
from domain.common.formats import day, moment, phone, time_of_day
from domain.staff.paper_day import Attending, DayDocument, Sheet

if TYPE_CHECKING:
    from fpdf import FPDF

BLANKS = 10  # lines to write on, a group
TALL = 11  # millimetres: of one of them
COLUMNS = (
    ("Jour et heure", 28),
    ("Nom de la personne", 46),
    ("Numéro de carte", 34),
    ("Téléphone", 30),
    ("Options", 22),
)
DONE = "Au portail"
HOW = (
    "Écrivez l’heure de chaque inscription. Au retour du portail, dans les sept jours, inscrivez dans l’ordre des "
    "heures, chacune avec la sienne, à la page «\u00a0Inscrire\u00a0» du foyer, case «\u00a0Prise sur papier\u00a0». "
    "Ne donnez jamais plus de places qu’il n’en reste ici."
)
WEEKDAYS = {
    "lun": "lundi",
    "mar": "mardi",
    "mer": "mercredi",
    "jeu": "jeudi",
    "ven": "vendredi",
    "sam": "samedi",
    "dim": "dimanche",
}


def day_pdf(document: DayDocument) -> bytes:
    """Draw the groups: the index first, then a group a page."""
    pdf = new("Jour sans ordinateur", document)
    pdf.line_of("Jour sans ordinateur", "H1", size=20, bold=True)
    pdf.line_of(f"{document.city.name}. Ce que le portail savait le {moment(document.issued_at)}.")
    pdf.line_of(
        "Ces feuilles nomment des enfants\u00a0: gardez-les sous clé, et détruisez-les quand tout est dans le portail."
    )
    pdf.line_of(HOW)
    pdf.ln(3)
    for sheet in document.sheets:
        pdf.make_room(2 * LINE)
        note = f"{_when(sheet)}, {sheet.activity.place.name}"
        pdf.row(sheet.activity.title, _count(sheet), _left(sheet), note=note)
    for sheet in document.sheets:
        pdf.add_page()
        _group(pdf, sheet)
    with warnings.catch_warnings():  # of a page count of two digits: the footer is a millimetre off its middle
        warnings.filterwarnings("ignore", "The total page count", UserWarning)
        return bytes(pdf.output())


def _group(pdf: FPDF, sheet: Sheet) -> None:
    activity, place = sheet.activity, sheet.activity.place
    pdf.line_of(activity.title, "H1", size=16, bold=True)
    pdf.line_of(f"{_when(sheet)}. Code\u00a0: {activity.code}")
    pdf.line_of(", ".join(filter(None, (place.location, phone(place.phone) if place.phone else ""))))
    pdf.line_of(f"{_count(sheet)}, places gardées\u00a0: {len(sheet.held)}, {_left(sheet)}", bold=True)
    _people(pdf, "Inscrits", sheet.enrolled)
    _people(pdf, "Places gardées, à payer", sheet.held)
    _people(pdf, "Liste d’attente, dans l’ordre", sheet.waiting, numbered=True)
    _blank(pdf)


def _people(pdf: FPDF, title: str, people: Sequence[Attending], *, numbered: bool = False) -> None:
    if not people:
        return
    pdf.ln(2)
    pdf.make_room(4 * LINE)
    pdf.line_of(title, "H2", size=12, bold=True)
    for number, one in enumerate(people, 1):
        pdf.make_room(4 * LINE)
        name = ", ".join(filter(None, (one.person.last_name, one.person.first_name)))
        until = f"gardée jusqu’au {moment(one.held_until)}" if one.held_until else ""
        parts = filter(None, (one.option, until, _calls("Urgence", one.emergency), _calls("À la maison", one.adults)))
        note = " · ".join(parts) or "Aucun téléphone au dossier"
        pdf.row(f"{number}. {name}" if numbered else name, f"{one.age} ans", note=note)


def _calls(title: str, calls: Sequence[tuple[str, str]]) -> str:
    told = ", ".join(f"{name} {phone(number)}" for name, number in calls)
    return f"{title}\u00a0: {told}" if told else ""


def _blank(pdf: FPDF) -> None:
    """Draw the lines to take registrations on paper, all on one page."""
    pdf.ln(3)
    pdf.make_room(3 * LINE + (BLANKS + 1) * TALL)
    pdf.line_of("Inscriptions prises sur papier", "H2", size=12, bold=True)
    last = pdf.epw - sum(width for _title, width in COLUMNS)
    pdf.dress(8, bold=True)
    with pdf.tagged("P"):
        for title, width in (*COLUMNS, (DONE, last)):
            pdf.cell(width, LINE, f"{title} ")
    pdf.ln(LINE)
    pdf.set_draw_color(*MUTED)  # a rule's grey is lost on a photocopy
    top = pdf.get_y()
    with pdf.artifact():
        for row in range(BLANKS + 1):
            pdf.line(pdf.l_margin, top + row * TALL, pdf.w - pdf.r_margin, top + row * TALL)
        x = pdf.l_margin
        for width in (0, *(width for _title, width in COLUMNS), last):
            x += width
            pdf.line(x, top, x, top + BLANKS * TALL)
    pdf.set_y(top + BLANKS * TALL)


def _when(sheet: Sheet) -> str:
    one = sheet.activity
    named = [WEEKDAYS[name] for name in one.weekdays.split()]
    days = "du lundi au vendredi" if named == list(WEEKDAYS.values())[:5] else ", ".join(named)
    hours = f"de {time_of_day(one.starts_at)} à {time_of_day(one.ends_at)}"
    return f"{days}, {hours}, du {day(one.starts_on)} au {day(one.ends_on)}"


def _count(sheet: Sheet) -> str:
    return f"Inscrits\u00a0: {len(sheet.enrolled)}"


def _left(sheet: Sheet) -> str:
    if sheet.free is None:
        return "non compté"
    return f"il reste {sheet.free}" if sheet.free > 0 else "complet"
