"""The forms and addresses, tried one by one by sqlmap."""

import json
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.scan.findings import Finding
from tests.scan.site import Site, csrf_token
from tests.scan.sources import TOOLS

AT_ONCE = 4
CLEAN = "all tested parameters do not appear to be injectable"  # its report of a clean target is empty
BORN = "birth_year=1984&birth_month=2&birth_day=29"


@dataclass(frozen=True)
class Target:
    """An address, with the fields of its form if it is posted; `who` sends it. A * marks what is tried in a path."""

    path: str
    fields: str = ""
    who: str = "visitor"
    token: bool = True  # the form bears a CSRF token

    @property
    def tried(self) -> list[str]:
        """The parameters to try."""
        asked = self.fields or self.path.partition("?")[2]
        return [pair.split("=")[0] for pair in asked.split("&") if pair]


TARGETS = (
    Target("/connexion", "username=genevieve&password=chaloupe"),
    Target("/connexion?suite=/mon-dossier"),
    Target("/compte/carte", f"card_number=QMAGB00100000&{BORN}"),
    Target("/oubli/code", f"card_number=QMAGB00100000&{BORN}"),
    Target("/oubli/mot-de-passe", "email=someone@example.com"),
    Target("/oubli/code-recu", "one_time_code=ABCDE-FGHJK"),
    Target("/mot-de-passe/a*"),
    Target("/courriel/a*"),
    Target("/rappelez-moi", "phone=8198430000&best_time=midi&stopped_at=home.welcome"),
    Target("/webhooks/braintree", "bt_signature=a&bt_payload=b", token=False),
    Target("/mon-dossier/comptes?page=1", who="resident"),
    Target("/mon-dossier/comptes/F21000*", who="resident"),
    Target("/mon-dossier/payer?facture=F21000", who="resident"),
    Target("/mon-dossier/payer", "facture=F21000&amount_seen_cents=1&payment_method_nonce=", who="resident"),
    Target("/mon-dossier/paiements/P1*", who="resident"),
    Target("/mon-dossier/recus/R1*.pdf", who="resident"),
    Target("/mon-dossier/acces/mot-de-passe", "current=a&password=bbbbbbbbbbbb&password_again=c", who="resident"),
    Target("/mon-dossier/acces/courriel", "current=a&email=someone@example.com", who="resident"),
    Target("/mon-dossier/renseignements/correction", "words=un+mot", who="resident"),
    Target("/mon-dossier/renseignements/fermer", "current=a", who="resident"),
    Target("/personnel/connexion", "username=scan.admin&password=chaloupe"),
    Target("/personnel/carte", "card_number=QMAGB00100000&act=", who="admin"),
    Target("/personnel/comptes/scan.admin*", who="admin"),
    Target("/personnel/journal?page=1", who="admin"),
    Target("/personnel/comptes", "username=scan.other&role=counter&code=000000", who="admin"),
    Target("/personnel/remboursement?paiement=P1", who="admin"),
    Target("/personnel/export", "first=2026-01-01&last=2026-01-02&code=000000", who="admin"),
)


def sqlmap(site: Site, folder: Path) -> Iterator[Finding]:
    """Try every target, a few at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, report in enumerate(pool.map(lambda target: _try(site, target, folder), TARGETS)):
            yield from _findings(TARGETS[number], report)


def _try(site: Site, target: Target, folder: Path) -> dict:
    """Return sqlmap's report on a target."""
    report = folder / f"sqlmap-{TARGETS.index(target)}.json"
    browser = {"resident": site.resident, "admin": site.admin}.get(target.who) or requests.Session()
    words = [f"{TOOLS}/sqlmap", "--url", site.url + target.path, "--batch", "--dbms", "sqlite", "--level", "2"]
    words += ["--risk", "2", "--ignore-code", "*", "--skip-waf", "--time-sec", "2", "--disable-coloring"]
    words += ["--output-dir", str(folder / report.stem), "--report-json", str(report)]
    if target.fields:
        words += ["--data", target.fields + _token(site.url + target.path, browser) * target.token]
    if target.tried:
        words += ["-p", ",".join(target.tried)]
    words += ["--cookie", "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    read = json.loads(report.read_text(encoding="utf-8"))
    if not read["data"] and CLEAN not in done.stdout:
        raise RuntimeError(f"sqlmap tried nothing at {target.path}: {done.stdout[-1000:]}")
    return read | {"broken": re.findall(r"\b(5\d\d \([^)]+\)) - \d+ times", done.stdout)}


def _token(address: str, browser: requests.Session) -> str:
    return f"&csrf_token={csrf_token(browser, address)}"


def _findings(target: Target, report: dict) -> Iterator[Finding]:
    """Tell what was found; a quote that breaks a query is an error of the server, whatever sqlmap makes of it."""
    place = f"{'POST' if target.fields else 'GET'} {target.path.partition('?')[0]}"
    for answer in report["broken"]:
        yield Finding("sqlmap", "server error", place, answer)
    for part in report["data"]:
        for found in part["value"] if part["type_name"] == "TECHNIQUES" else []:
            for way in found["data"]:
                yield Finding("sqlmap", "injection", place, f"{found['parameter']}: {way['title']}")
