"""The pages, crawled and attacked by wapiti: as a visitor, as a resident, as an administrator."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import requests
from flask import Flask

from tests.scan.findings import Finding
from tests.scan.site import Site
from tests.scan.sources import TOOLS
from tests.scan.walk import addresses

# Not ssrf, which waits for its makers' server to be called, nor what asks the Internet for a database.
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,upload,xss,xxe"
)
MOST_SECONDS = 240  # a crawl and its attacks, from each of the three
STARTS = {  # besides every page of the url map
    "visitor": ("/connexion", "/compte/carte", "/oubli/code", "/oubli/mot-de-passe?par=courriel", "/oubli/code-recu"),
    "resident": ("/mon-dossier", "/mon-dossier/comptes?page=1", "/mon-dossier/payer?facture=F21000", "/rappelez-moi"),
    "admin": ("/personnel", "/personnel/comptes", "/personnel/carte", "/personnel/journal?page=1"),
}
LEFT_ALONE = ("/deconnexion", "/personnel/deconnexion", "/static/*")


def starts(app: Flask, who: str) -> list[str]:
    """Return the addresses that one of the three begins at: every page that is hers."""
    return sorted({*STARTS[who], *addresses(app)[who]})


def wapiti(site: Site, folder: Path) -> Iterator[Finding]:
    """Crawl and attack the site as each of its kinds of people, all at once."""
    browsers = {"visitor": requests.Session(), "resident": site.resident, "admin": site.admin}
    with ThreadPoolExecutor() as pool:
        for report in pool.map(lambda who: _crawl(site, who, browsers[who], folder), browsers):
            yield from _findings(report)


def _crawl(site: Site, who: str, browser: requests.Session, folder: Path) -> dict:
    """Return wapiti's report. Raises: RuntimeError when it crawled nothing, or was signed out on the way."""
    report = folder / f"wapiti-{who}.json"
    subprocess.run(_words(site, who, browser, report), cwd=folder, check=True, capture_output=True)
    if STARTS[who][0] not in browser.get(site.url + STARTS[who][0]).url:
        raise RuntimeError(f"the {who} was signed out while wapiti crawled")
    read = json.loads(report.read_text(encoding="utf-8"))
    if read["infos"]["crawled_pages_nbr"] < len(STARTS[who]):
        raise RuntimeError(f"wapiti crawled nothing as {who}")
    return read


def _words(site: Site, who: str, browser: requests.Session, report: Path) -> list[str]:
    url = site.url
    words = [f"{TOOLS}/wapiti", "--url", f"{url}/", "--scope", "domain", "--module", MODULES, "--no-bugreport"]
    words += ["--flush-session", "--store-session", f"{report}.session", "--store-config", f"{report}.config"]
    words += ["--max-scan-time", str(MOST_SECONDS), "--max-attack-time", str(MOST_SECONDS // 4), "--timeout", "10"]
    words += ["--format", "json", "--output", str(report), "--verbose", "0"]
    for path in starts(site.app, who):
        words += ["--start", url + path]
    for path in LEFT_ALONE:
        words += ["--exclude", url + path]
    cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    return [*words, "--cookie-value", cookie] if cookie else words


def _findings(report: dict) -> Iterator[Finding]:
    for kind in ("vulnerabilities", "anomalies"):
        for rule, found in report[kind].items():
            for one in found:
                place = f"{one['method']} {urlsplit(one['path']).path}"
                yield Finding("wapiti", rule, place, f"{one['parameter'] or '-'}: {one['info']}")
