"""Static files under an address that changes with their content, and the style sheet that travels inside each page."""

import base64
import hashlib
import re
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

ROOT = Path(__file__).parent.parent / "static"
SHARED_TYPES = {".js", ".css", ".svg", ".png", ".webmanifest"}


def register(app: Flask, city_color: str, headers: dict[str, str]) -> str:
    """Serve static/ with these headers; give templates `asset` and `style`; return the style's hash for the policy."""
    prefix = f"/static/{_fingerprint(ROOT)}/"
    style = _style(city_color)
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
    app.wsgi_app = whitenoise
    app.jinja_env.globals["asset"] = prefix.__add__
    app.jinja_env.globals["style"] = style
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _fingerprint(root: Path) -> str:
    """Return a short hash of every file: one new file changes every address, and nothing is ever served stale."""
    whole = hashlib.sha256()
    for file in sorted(root.rglob("*")):
        if file.suffix in SHARED_TYPES and file.is_file():
            whole.update(file.read_bytes())
    return whole.hexdigest()[:10]


def _style(city_color: str) -> str:
    """Return the style sheet without comments and idle spaces, in the city's colour."""
    sheet = (ROOT / "style.css").read_text(encoding="utf-8")
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"\s+", " ", sheet)
    sheet = re.sub(r" ?([{};,]) ?", r"\1", sheet).replace(": ", ":").replace(";}", "}")
    return f":root{{--lake:{city_color}}}{sheet.strip()}"
