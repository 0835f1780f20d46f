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

    def pays_first(self) -> tuple[str, int]:
        """Pay the first invoice that is due; return the payment's reference and its cents."""
        rooms = self.get(f"{BASE}/mon-dossier/comptes").text
        [number, *_rest] = re.findall(r'data-invoice="([^"]+)" data-balance-cents="[1-9]', rooms)
        page = f"/mon-dossier/payer?facture={number}"
        cents = int(re.search(r'name="amount_seen_cents" value="(\d+)"', self.get(BASE + page).text)[1])
        answer = self.send_form(
            "/mon-dossier/payer", page, facture=number, amount_seen_cents=cents, payment_method_nonce="fake-valid-nonce"
        )
        where = BASE + answer.headers["Location"].removeprefix(BASE)
        for _second in range(60):
            seen = self.get(where).text
            if 'data-state="paid"' in seen:
                return re.search(r'data-payment="([^"]+)"', seen)[1], cents
            time.sleep(1)
        raise RuntimeError("the payment did not end")


def pay(household: int) -> None:
    """Open a household's account and pay its first invoice."""
    began = time.monotonic()
    reference, cents = Neighbour(Here, household, username=f"voisine{household}").pays_first()
    print(json.dumps({"reference": reference, "cents": cents, "seconds": round(time.monotonic() - began, 1)}))


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
