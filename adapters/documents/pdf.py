"""What every PDF document shares: letter size, tagged, in French, embedded fonts that print « Trần » and « ᓯᓚ »."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from adapters.documents import mark
from city import City
from domain.common.formats import phone

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
FAMILY = "DejaVuSans"
OTHERS = "DejaVuSansOthers"  # Cyrillic, Greek, syllabics, Armenian, Georgian: kept apart, for they weigh twice as much
MARGIN, LINE = 18, 5  # millimetres
WIDTHS = (22, 30, 34)  # of the three columns of figures; the rest is the description's
INK, MUTED, RULE = (27, 42, 50), (82, 100, 109), (203, 216, 221)
PAGE_COUNT = "\u2063"  # replaced by the number of pages; printable() lets nobody else write it
MOST_CHARACTERS = 400  # of one text: whatever is imported, a row stays on one page


class Document(Protocol):
    """What is printed: the city it comes from, and when it was issued (UTC)."""

    city: City
    issued_at: datetime


@cache
def _tagged_pdf() -> type[FPDF]:
    """Make the document class. fpdf2 weighs 22 MB: it is imported when the first document is asked for."""
    from fpdf import FPDF
    from fpdf.enums import XPos, YPos

    class TaggedPdf(FPDF):
        """A letter-size document whose headings and paragraphs are tagged, for screen readers."""

        title_words = ""

        def footer(self) -> None:
            self.set_y(-15)
            self.dress(8, muted=True)
            with self.artifact():
                self.cell(0, 5, f"{self.title_words} – page {self.page_no()} de {PAGE_COUNT}", align="C")

        @contextmanager
        def tagged(self, kind: str) -> Iterator[None]:
            """Tag what is written in the block; it must stand on one page."""
            number = self.struct_builder.next_mcid_for_page(self.page)
            self._add_marked_content(struct_type=f"/{kind}", mcid=number)
            self._out(f"/{kind} <</MCID {number}>> BDC")
            yield
            self._out("EMC")

        @contextmanager
        def artifact(self) -> Iterator[None]:
            """Mark what a screen reader passes over: rules, repeated headings, page numbers."""
            self._out("/Artifact BMC")
            yield
            self._out("EMC")

        def line_of(
            self, text: str, kind: str = "P", *, size: float = 10, bold: bool = False, muted: bool = False
        ) -> None:
            """Write a paragraph across the page."""
            self.dress(size, bold, muted)
            self.make_room(len(self.wrapped(text, self.epw)) * LINE * size / 10)
            with self.tagged(kind):
                self.words(text, self.epw, LINE * size / 10)

        def row(self, text: str, *amounts: str, note: str = "", bold: bool = False, muted: bool = False) -> None:
            """Write words on the left, wrapped, a note below, and amounts on the right, as one tagged paragraph."""
            columns = WIDTHS[-len(amounts) :]
            width = self.epw - sum(columns)
            top = self.get_y()
            with self.tagged("P"):
                self.dress(10, bold, muted)
                self.words(text, width, LINE)
                if note:
                    self.dress(9, muted=True)
                    self.words(note, width, LINE * 0.9)
                bottom = self.get_y()
                self.dress(10, bold, muted)
                self.set_xy(self.l_margin + width, top)
                for column, amount in zip(columns, amounts, strict=True):
                    self.cell(column, LINE, f" {amount}", align="R")  # the space: « 3 35,00 » must not read 335
            self.set_xy(self.l_margin, bottom)

        def words(self, text: str, width: float, line: float) -> None:
            """Write a text, wrapped, and go to the line."""
            for words in self.wrapped(text, width):
                # The space keeps the last word apart from the next line's when read aloud.
                self.cell(width, line, f"{words} ", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

        def wrapped(self, text: str, width: float) -> list[str]:
            """Return a text's lines, in the letters chosen."""
            return self.multi_cell(width, text=self.clean(text), dry_run=True, output="LINES")

        def rule(self) -> None:
            """Draw a thin line across the page."""
            self.set_draw_color(*RULE)
            with self.artifact():
                self.line(self.l_margin, self.get_y() + 1, self.w - self.r_margin, self.get_y() + 1)
            self.ln(2.5)

        def dress(self, size: float, bold: bool = False, muted: bool = False) -> None:
            """Choose the letters to come."""
            self.set_font(FAMILY, style="B" if bold else "", size=size)
            self.set_text_color(*(MUTED if muted else INK))

        def make_room(self, height: float) -> bool:
            """Go to a new page unless this height is left on the present one; return whether it did."""
            turned = self.will_page_break(height)
            if turned:
                self.add_page()
            return turned

        def clean(self, text: str) -> str:
            """Return what can be printed of a text; the letters of other scripts are loaded for who needs them."""
            if OTHERS.lower() not in self.fonts and set(map(ord, text)) & coverage(OTHERS):
                _add_family(self, OTHERS)
                self.set_fallback_fonts([OTHERS])
            return printable(text, covered())

    return TaggedPdf


def new(title: str, document: Document) -> FPDF:
    """Begin a document."""
    pdf = _tagged_pdf()(format="letter", unit="mm")
    pdf.title_words = title
    pdf.alias_nb_pages(PAGE_COUNT)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(True, margin=MARGIN)
    _add_family(pdf, FAMILY)
    pdf.set_lang("fr-CA")
    pdf.set_title(f"{title} – {document.city.name}")
    pdf.set_author(document.city.name)
    pdf.set_creation_date(document.issued_at.replace(tzinfo=UTC))  # the same receipt gives the same file
    pdf.add_page()
    return pdf


def _add_family(pdf: FPDF, family: str) -> None:
    pdf.add_font(family, fname=FONTS / f"{family}.ttf")
    pdf.add_font(family, style="B", fname=FONTS / f"{family}-Bold.ttf")


@cache
def coverage(family: str) -> frozenset[int]:
    """Return the characters that a family has letters for."""
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / f"{family}.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def covered() -> frozenset[int]:
    """Return the characters that documents print."""
    return coverage(FAMILY) | coverage(OTHERS)


def letterhead(pdf: FPDF, document: Document, *, taxes: bool = True) -> None:
    """Write who it comes from, beside its mark; with `taxes` its numbers too."""
    city = document.city
    with beside_mark(pdf, city):
        for line in city.address:
            pdf.line_of(line, size=9, muted=True)
        pdf.line_of(f"Téléphone\u00a0: {phone(city.phone)}", size=9, muted=True)
        if taxes:
            pdf.line_of(f"TPS {city.tax.tps_number} · TVQ {city.tax.tvq_number}", size=9, muted=True)


@contextmanager
def beside_mark(pdf: FPDF, city: City) -> Iterator[None]:
    """Draw the city's mark and write its name; what the block writes stands below the name."""
    top, left = pdf.get_y(), pdf.l_margin
    pdf.set_left_margin(left + mark.draw(pdf, city) + 4)
    pdf.line_of(city.name, bold=True, size=12)
    yield
    pdf.set_left_margin(left)
    pdf.set_y(max(pdf.get_y(), top + mark.HEIGHT))
    pdf.ln(6)


def printable(text: str, covered: Container[int]) -> str:
    """Return a text with only the characters the font covers.

    Control and direction characters and emoji go; a letter of another script leaves a question mark.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(_character(c, covered) for c in composed[:MOST_CHARACTERS])


def unprintable(text: str) -> str:
    """Return the letters of a text that no document can print, each once."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(dict.fromkeys(c for c in composed if _character(c, covered()) == "?" and c != "?"))


def _character(character: str, covered: Container[int]) -> str:
    kind = unicodedata.category(character)
    if character.isspace() and (kind == "Cc" or ord(character) not in covered):
        return " "
    if kind.startswith("C"):
        return ""
    if ord(character) in covered:
        return character
    return "?" if kind.startswith(("L", "N")) else ""


def offer_help(pdf: FPDF, document: Document) -> None:
    """Write whom to call."""
    city = document.city
    option = f", option {city.help.option}" if city.help.option else ""
    pdf.line_of(f"Besoin d’aide? {city.help.name}, {phone(city.help.phone)}{option}.", size=9, muted=True)
