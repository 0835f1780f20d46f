"""`make run`: makes the invented city once, then serves it with the simulator until Ctrl-C.

It knows the portal as anybody does, by its commands and its pages: `python -m demo PORT SERVER…`.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from demo import refusals, settings, staff
from demo.city.__main__ import TABLES, card_number
from demo.simulator.rules import DECLINED_CARDS, TEST_CARDS

BIN = Path(sys.executable).parent
TO_FILL = "démonstration à remplir"
straight = build_opener(ProxyHandler({}))


def main() -> None:
    """Refuse what cannot be served, make what is missing, serve, and say how to come in once the portal answers."""
    port, server = int(sys.argv[1]), sys.argv[2:]
    for end in (signal.SIGINT, signal.SIGTERM):  # started behind « & », Python would not hear Ctrl-C
        signal.signal(end, _interrupted)
    environment = settings.of_the_demonstration(os.environ, port)
    refusals.refuse_taken_port(port)
    with refusals.alone(environment["DATABASE_URL"]), suppress(KeyboardInterrupt):
        make_city(environment)
        serve(port, server, environment)


def make_city(environment: dict[str, str]) -> None:
    """Make the database, and fill it unless that was done; cut in the middle, it is filled the next time."""
    if TO_FILL not in flask(environment, "db", "upgrade", "--demonstration"):
        return
    print("La ville de démonstration se construit, une fois pour toutes…", flush=True)
    with TemporaryDirectory() as folder:
        run(environment, BIN / "python", "-m", "demo.city", folder)
        for table in TABLES:
            flask(environment, "import", table, f"{folder}/{table}.csv")
    people = [f"{name}={role}" for name, role in staff.PEOPLE.items()]
    flask(environment, "demonstration", "accounts", staff.PASSWORD, staff.SECRET, *people)


def serve(port: int, server: list[str], environment: dict[str, str]) -> None:
    """Serve until one of the two ends, or Ctrl-C."""
    children = [subprocess.Popen(server, env=environment)]  # noqa: S603
    try:
        if not settings.answers(environment["SIMULATOR_URL"]):
            simulator = [BIN / "python", "-m", "demo.simulator"]
            children.append(subprocess.Popen(simulator, env=environment))  # noqa: S603
        born = flask(environment, "demonstration", "card", card_number(0, 0)).strip()
        while not _answers(f"http://127.0.0.1:{port}/"):
            _want_all(children)
            time.sleep(0.1)
        print(words(port, born), flush=True)
        while True:
            _want_all(children)
            time.sleep(0.5)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()


def words(port: int, born: str) -> str:
    """Return how to come in, as a resident and as each of the city's people, and how to see a card refused."""
    roles = "\n".join(f"      {name:<15} {staff.PASSWORD}" for name in staff.PEOPLE)
    refused = next(iter(DECLINED_CARDS))
    return f"""
  Portail de démonstration : http://127.0.0.1:{port}
  Carte de citoyen : {card_number(0, 0)}, née le {born}
  Carte de crédit d’essai : {_by_fours(TEST_CARDS["Visa"])}, expiration à venir, code 123
  Pour voir un paiement refusé : {_by_fours(refused)}, même expiration, même code

  Le personnel : http://127.0.0.1:{port}/personnel/connexion
      code            mot de passe
{roles}
      Les six chiffres que le portail demande ensuite : « make code », dans un autre terminal.
  Arrêter : Ctrl+C
"""


def flask(environment: dict[str, str], *words: str) -> str:
    """Run a command of the portal and return what it said; end with what it refused."""
    return run(environment, BIN / "flask", *words)


def run(environment: dict[str, str], *command: str | Path) -> str:
    """Run a program and return what it said; end with its last words when it fails."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["la démonstration ne se fait pas"]
        sys.exit(said[-1].removeprefix("Error: "))
    return done.stdout


def _answers(address: str) -> bool:
    try:
        return straight.open(address, timeout=5).status == 200
    except (URLError, OSError):
        return False


def _want_all(children: list[subprocess.Popen]) -> None:
    if any(child.poll() is not None for child in children):
        sys.exit("La démonstration s’est arrêtée : ce qui précède dit pourquoi.")


def _by_fours(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
