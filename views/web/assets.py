"""Static files under an address that changes with their content, and the style sheet.

The sheet travels inside the first page: one round trip to the first paint. Once the page is idle its script fetches the
sheet as a file and leaves a cookie that says so; later pages then name the file and are 2.4 KB lighter.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, request
from whitenoise import WhiteNoise

ROOT = Path(__file__).parent.parent.parent / "static"
SHARED_TYPES = {".js", ".css", ".svg", ".png", ".webmanifest"}


def register(app: Flask, city_color: str, headers: dict[str, str]) -> str:
    """Serve static/ with these headers; give templates `asset` and `style`; return the styles the policy allows."""
    prefix = asset("")
    wanted = {**headers, "Content-Security-Policy": "frame-ancestors 'none'"}
    whitenoise = WhiteNoise(
        app.wsgi_app,
        max_age=315_360_000,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=lambda answer, _path, _url: [answer.add_header(*pair) for pair in wanted.items()],
    )
    for file in ROOT.rglob("*"):
        if file.suffix in SHARED_TYPES and file.is_file():
            whitenoise.add_file_to_dictionary(prefix + file.relative_to(ROOT).as_posix(), str(file))
    app.wsgi_app = whitenoise  # type: ignore[method-assign]  # as Flask's documentation wraps an application
    colour = f":root{{--lake:{city_color}}}"
    style = colour + _sheet()
    app.jinja_env.globals.update(asset=asset, style=style, colour=colour, has_sheet=lambda: has_sheet(prefix))
    return f"'self' {_hash(style)} {_hash(colour)}"


def asset(name: str) -> str:
    """Return the address of a static file."""
    return f"/static/{_fingerprint()}/{name}"


def has_sheet(prefix: str) -> bool:
    """Tell whether this browser said that it holds the style sheet of this very address."""
    return request.cookies.get("style") == prefix.split("/")[2]


@cache
def _fingerprint() -> str:
    """Return a short hash of every file: one new file changes every address, and nothing is ever served stale."""
    whole = hashlib.sha256()
    for file in sorted(ROOT.rglob("*")):
        if file.suffix in SHARED_TYPES and file.is_file():
            whole.update(file.read_bytes())
    return whole.hexdigest()[:10]


def _hash(style: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def _sheet() -> str:
    """Return the style sheet without comments and idle spaces."""
    sheet = (ROOT / "style.css").read_text(encoding="utf-8")
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"\s+", " ", sheet)
    sheet = re.sub(r" ?([{};,]) ?", r"\1", sheet).replace(": ", ":").replace(";}", "}")
    return sheet.strip()
