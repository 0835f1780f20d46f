"""What residents do on the drill’s portal, inside it: python -m tests.drill.resident pay 3 | visit STOP_FILE."""

import json
import re
import sys
import time
from pathlib import Path

import requests

from tests.bench.visitor import Resident

BASE = "https://portail.localhost"
CERTIFICATE = "/etc/portail-tls/fullchain.pem"


class Here:
    """What `Resident` asks of a server: where it is."""

    url = BASE


class Neighbour(Resident):
    """A resident of the invented city who trusts the drill's certificate."""

    def request(self, *words: object, **how: object) -> requests.Response:
        return super().request(*words, **{"timeout": 60, **how, "verify": CERTIFICATE})

    def due(self) -> list[str]:
        """Return the invoices that wait to be paid."""
        rooms = self.get(f"{BASE}/mon-dossier/comptes").text
        return re.findall(r'data-invoice="([^"]+)" data-balance-cents="[1-9]', rooms)

    def pays(self, number: str) -> str:
        """Pay an invoice; return the payment's reference."""
        page = f"/mon-dossier/payer?facture={number}"
        cents = int(re.search(r'name="amount_seen_cents" value="(\d+)"', self.get(BASE + page).text)[1])
        answer = self.send_form(
            "/mon-dossier/payer", page, facture=number, amount_seen_cents=cents, payment_method_nonce="fake-valid-nonce"
        )
        where = BASE + answer.headers["Location"].removeprefix(BASE)
        for _second in range(60):
            seen = self.get(where).text
            if 'data-state="paid"' in seen:
                return re.search(r'data-payment="([^"]+)"', seen)[1]
            time.sleep(1)
        raise RuntimeError("the payment did not end")


def pay(household: int) -> None:
    """Open a household's account and pay its first invoice; print the payment's reference, if one is due."""
    resident = Neighbour(Here, household, username=f"voisine{household}")
    for number in resident.due()[:1]:
        print(resident.pays(number))


def visit(stop: Path) -> None:
    """Ask pages and send forms until a file is there; print how many answers there were, and what went wrong."""
    answers, wrong = 0, []
    session = requests.Session()
    session.verify = CERTIFICATE
    while not stop.exists():
        for path, sent in (("/", None), ("/inscription", None), ("/connexion", {"username": "x", "password": "y"})):
            try:
                answer = session.request("POST" if sent else "GET", BASE + path, data=sent, timeout=60)
            except requests.RequestException as problem:
                wrong.append(type(problem).__name__)
                continue
            answers += 1
            if answer.status_code >= 500:
                wrong.append(f"{path} {answer.status_code}")
    print(json.dumps({"answers": answers, "wrong": wrong}))


if __name__ == "__main__":
    if sys.argv[1] == "pay":
        pay(int(sys.argv[2]))
    else:
        visit(Path(sys.argv[2]))
