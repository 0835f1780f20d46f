"""The city's mark on documents: the file that city.toml names, or the hill and the lake of the site's header."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from city import City

if TYPE_CHECKING:
    from fpdf import FPDF

HEIGHT = 14  # millimetres
WIDEST = 5  # times its height: the city's name stands beside it
HILL_AND_LAKE = (  # of templates/layouts/lake.html, whatever the season
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 32">'
    '<g fill="none" stroke-width="2" stroke-linecap="round">'
    '<path stroke="#ffc845" d="M3 21 15 10l4 4 10-9 12 11 8-4 12 9"/>'
    '<path stroke="{color}" d="M1 24q4-3 8 0t8 0 8 0 8 0 8 0 8 0 8 0 6 0'
    'M5 30q4-3 8 0t8 0 8 0 8 0 8 0 8 0 8 0"/></g></svg>'
)


class Undrawable(Exception):
    """Tried a file that makes no mark: neither picture nor drawing, or far too wide."""


def draw(pdf: FPDF, city: City) -> float:
    """Draw it at the left, from the present line on, and return its width in millimetres; it is not read aloud."""
    from fpdf.enums import ResourceAccessPolicy

    picture = _read(city.mark) if city.mark else HILL_AND_LAKE.format(color=city.color).encode()
    with pdf.artifact():
        drawn = pdf.image(
            picture, pdf.l_margin, pdf.get_y(), h=HEIGHT, resource_access_policy=ResourceAccessPolicy.NONE
        )
    return drawn.rendered_width


def address(city: City) -> str:
    """Return the city's own file as an address to set in a page; empty when it has none."""
    kind = "svg+xml" if city.mark.lower().endswith(".svg") else "png"
    return f"data:image/{kind};base64,{b64encode(_read(city.mark)).decode()}" if city.mark else ""


def try_out(city: City) -> None:
    """Draw the city's own file where nobody sees it, before a document wants it. Raises: Undrawable."""
    from fpdf import FPDF
    from fpdf.enums import ResourceAccessPolicy

    pdf = FPDF()
    pdf.add_page()
    try:
        drawn = pdf.image(_read(city.mark), h=HEIGHT, resource_access_policy=ResourceAccessPolicy.NONE)
        pdf.output()
    except Exception as problem:  # whatever the library finds in a file that is not what it says
        raise Undrawable(str(problem)) from problem
    if drawn.rendered_width > WIDEST * HEIGHT:
        raise Undrawable(f"{drawn.rendered_width / HEIGHT:.0f}")


@cache
def _read(file: str) -> bytes:
    return Path(file).read_bytes()
