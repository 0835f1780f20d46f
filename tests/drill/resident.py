"""What residents do on the drill’s portal, inside it: python -m tests.drill.resident pay NUMBER | visit STOP_FILE."""

import json
import re
import sys
import time
from pathlib import Path

import requests

from tests.bench.visitor import PASSWORD, Resident

BASE = "https://portail.localhost"
CERTIFICATE = "/etc/portail-tls/fullchain.pem"


class Here:
    """What `Resident` asks of a server: where it is."""

    url = BASE


class Neighbour(Resident):
    """A resident of the invented city who trusts the drill's certificate."""

    base = BASE

    def __init__(self) -> None:
        requests.Session.__init__(self)

    def request(self, *words: object, **how: object) -> requests.Response:
        return super().request(*words, **{"timeout": 60, **how, "verify": CERTIFICATE})

    def comes_in(self) -> None:
        """Sign in, as who has been here before; a first visit made the account."""
        answer = self.send_form("/connexion", username="voisine", password=PASSWORD)
        if answer.status_code != 303:
            Resident.__init__(self, Here, username="voisine")

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
            if 'data-state="refused"' in seen:
                raise RuntimeError("the payment was refused")
            time.sleep(1)
        raise RuntimeError("the payment did not end")


def pay(number: str) -> None:
    """Pay an invoice of the first household; print the payment's reference."""
    resident = Neighbour()
    resident.comes_in()
    print(resident.pays(number))


def fresh() -> requests.Session:
    """Return a browser without a connection."""
    session = requests.Session()
    session.verify = CERTIFICATE
    return session


def ask(session: requests.Session, path: str, sent: dict[str, str] | None) -> requests.Response:
    """Ask a page, or send a form."""
    return session.request("POST" if sent else "GET", BASE + path, data=sent, timeout=60)


def visit(stop: Path) -> None:
    """Ask pages and send forms until a file is there; print how many answers there were, and what went wrong."""
    answers, again, wrong = 0, 0, []
    session = fresh()
    while not stop.exists():
        for path, sent in (("/", None), ("/inscription", None), ("/connexion", {"username": "x", "password": "y"})):
            try:
                answer = ask(session, path, sent)
            except requests.ConnectionError:
                # The server closed an idle connection while it was asked: a browser asks anew (RFC 9112, 9.3.1).
                again, session = again + 1, fresh()
                try:
                    answer = ask(session, path, sent)
                except requests.RequestException as problem:
                    wrong.append(type(problem).__name__)
                    continue
            answers += 1
            if answer.status_code >= 500:
                wrong.append(f"{path} {answer.status_code}")
    print(json.dumps({"answers": answers, "again": again, "wrong": wrong}))


if __name__ == "__main__":
    if sys.argv[1] == "pay":
        pay(sys.argv[2])
    else:
        visit(Path(sys.argv[2]))
