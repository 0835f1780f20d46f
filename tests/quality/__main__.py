"""`python -m tests.quality` html, lighthouse or face: the first two fail on what html-validate or Lighthouse finds."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from tests import simulation
from tests.bench.pages import serving_city
from tests.bench.visitor import Resident
from tests.quality import face
from tests.server import ROOT

HERE = Path(__file__).parent
NODE = HERE / "node_modules" / ".bin"
CATEGORIES = ("performance", "accessibility", "best-practices")
OPEN_PAGES = (
    "/",
    "/connexion",
    "/compte/carte",
    "/oubli/mot-de-passe",
    "/rappelez-moi",
    "/confidentialite",
    "/favori",
    "/localisations",
    "/payer-une-facture",
)
ROOMS = (
    "",
    "/comptes",
    "/activites",
    "/famille",
    "/comptes/F21001",
    "/comptes/factures",
    "/comptes/releve",
    "/reservations",
    "/recus-fiscaux",
    "/coffre",
    "/bordereau",
    "/payer?facture=F21001",
    "/acces",
    "/renseignements",
)
# On the payment page our policy refuses braintree-web's statistics to PayPal and its inline styles: Chromium says so.
REFUSED_ON_PURPOSE = {"errors-in-console", "inspector-issues"}
WITHOUT_A_BROWSER = [f"--ignore=tests/{folder}" for folder in ("browser", "faults", "simulator", "domain", "commands")]


def html(folder: Path) -> int:
    """Have the page tests keep every answer they get, and html-validate read them all."""
    pages = folder / "pages"
    pages.mkdir()
    words = [sys.executable, "-m", "pytest", *WITHOUT_A_BROWSER]
    subprocess.run(words, cwd=ROOT, env=os.environ | {"PORTAL_TEST_PAGES": str(pages)}, check=True)
    print(f"{len(list(pages.iterdir()))} answers")
    return subprocess.run([NODE / "html-validate", "--config", HERE / ".htmlvalidate.cjs", pages]).returncode


def lighthouse(folder: Path) -> int:
    """Score the residents' pages, and print what each lacks."""
    process, simulator = simulation.start()
    try:
        with serving_city(folder, simulator, CAPTCHA="none") as server:
            resident = Resident(server)
            below = [score(folder, server.url + path, "") for path in OPEN_PAGES]
            below += [score(folder, f"{server.url}/mon-dossier{path}", resident.cookie) for path in ROOMS]
    finally:
        process.terminate()
        process.wait()
    return int(any(below))


def score(folder: Path, url: str, cookie: str) -> bool:
    """Print a page's scores and what it lacks; return whether it lacks something that is not explained."""
    report = folder / "report.json"
    words = [NODE / "lighthouse", url, f"--only-categories={','.join(CATEGORIES)}", "--quiet"]
    words += ["--output=json", f"--output-path={report}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    words += [f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []
    subprocess.run(words, check=True, env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""})
    read = json.loads(report.read_text(encoding="utf-8"))
    missing = lacking(read)
    scores = [round((read["categories"][name]["score"] or 0) * 100) for name in CATEGORIES]
    print(*(f"{points:3}" for points in scores), urlsplit(url).path, ", ".join(missing))
    return bool(missing - (REFUSED_ON_PURPOSE if "/payer" in url else set()))


def lacking(read: dict) -> set[str]:
    """Return the audits that a category below 100 does not meet."""
    below = [category for category in read["categories"].values() if (category["score"] or 0) < 0.995]
    weighing = {ref["id"] for category in below for ref in category["auditRefs"] if ref["weight"]}
    return {name for name in weighing if (read["audits"][name]["score"] or 0) < 0.9}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit({"html": html, "lighthouse": lighthouse, "face": face.take}[sys.argv[1]](Path(temporary)))
