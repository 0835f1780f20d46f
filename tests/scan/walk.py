"""Every address of the portal, asked for as whoever it is for: what no scanner was led to is not scanned.

The addresses are those of the url map: a page that is new is walked without a line here, and one whose address has a
part that `PARTS` does not know stops the scan, as does one that nobody was let into.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import requests
from flask import Flask

from tests.scan.findings import Finding
from tests.scan.site import Site

# What stands in the variable parts of addresses: things of the demonstration's resident where there are any.
PARTS = {
    "number": "F21000", "reference": "P1", "token": "a", "username": "scan.admin", "code": "arena", "kind": "xlsx",
    "card_reference": "guichet-x", "person_id": "1", "alert_id": "1", "change_id": "1", "overpayment_id": "1",
    "charge_id": "1", "contact_id": "1", "what": "telephone",
    "request_id": "1", "review_id": "1", "activity": "a", "program": "a", "item": "1", "household": "D01000000",
}  # fmt: skip
ENDS_A_SESSION = {"account.sign_out", "staff.entry.sign_out"}
NOT_OURS = ("simulator.", "static")
DOORS = ("/connexion", "/personnel/connexion")  # where who is not let in is sent
OUTSIDE = ("account.sign_in", "staff.entry.sign_in")


def who_for(endpoint: str, path: str) -> str:
    """Say as whom an address is asked for."""
    if endpoint.startswith("staff.") and endpoint not in OUTSIDE:
        return "admin"
    return "resident" if path.startswith(("/mon-dossier", "/session", "/panier", "/compte/aide")) else "visitor"


def addresses(app: Flask, method: str = "GET") -> dict[str, list[str]]:
    """Return every address that takes a method, by who asks. Raises: KeyError for a part that nobody filled."""
    found: dict[str, list[str]] = {"visitor": [], "resident": [], "admin": []}
    ours = (rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith(NOT_OURS))
    for rule in ours:
        if method in (rule.methods or ()) and rule.endpoint not in ENDS_A_SESSION:
            path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda part: PARTS[part[1]], rule.rule)
            found[who_for(rule.endpoint, path)].append(path)
    return {who: sorted(set(paths)) for who, paths in found.items()}


def walk(site: Site, _folder: Path) -> Iterator[Finding]:
    """Ask for every address, send every form empty; tell what broke, and what was not opened to whom it is for."""
    browsers = {"visitor": requests.Session(), "resident": site.resident, "admin": site.admin}
    for method in ("GET", "POST"):
        for who, paths in addresses(site.app, method).items():
            for path in paths:
                answer = browsers[who].request(method, site.url + path, allow_redirects=False)
                if answer.status_code >= 500:
                    yield Finding("walk", "server error", f"{method} {path}", str(answer.status_code))
                if who != "visitor" and answer.headers.get("Location", "").partition("?")[0] in DOORS:
                    yield Finding("walk", "not let in", f"{method} {path}", who)
