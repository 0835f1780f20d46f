"""python -m tests.drill [FOLDER]: the whole evening, and the bad days after; prints a table of what took how long."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from tests.drill import planted
from tests.drill.root import CHECKOUT, ORIGIN, PYTHON, Failed, Root

SIMULATOR = "http://127.0.0.1:3713"
DOMAIN, CITY = "portail.localhost", "/etc/portail-city.toml"
KEYS = (
    "simulator",
    "integration_merchant_id",
    "integration_public_key",
    "integration_private_key",
    "sandbox_credit_card",
)
COPIES = ("y", "file:///var/backups", "y", "n", "n", "n")  # the service may not write there: told, and asked again
ANSWERS = "\n".join(["", "", "", "", "file:/var/lib/portail/courriels", "n", *KEYS, *COPIES, ""])
KINDS = ("cards", "invoices", "payments", "places", "activities", "prices", "registrations", "reservations")
SERVED_WITHIN_SECONDS = 30 * 60
OWED = (
    "invoice_number,household,issued_on,due_on,card_number,description,quantity,unit_price,tax_code,category,"
    "ledger_account\n{number},D00009000,2026-10-19,2026-11-18,QMAGB00100000,Patinage,1,12.00,exempt,activity,4201\n"
)
STEP = 'def up(migrator, db):\n    db.execute_sql("CREATE TABLE {table} (id INTEGER)")\n'


class Drill:
    """One machine, from nothing to the end of its troubles."""

    def __init__(self, folder: Path) -> None:
        self.root = Root(folder)
        self.simulator: subprocess.Popen | None = None
        self.numbers = count(1)
        self.times: list[tuple[str, float]] = []

    def takes(self, what: str, act: Callable[[], object]) -> None:
        """Do something and note how long it took."""
        began = time.monotonic()
        act()
        self.times.append((what, time.monotonic() - began))
        print(f"{self.times[-1][1]:7.1f} s  {what}", flush=True)

    def install(self) -> None:
        """Follow the guide: the script, the settings, the script."""
        self.root.run("apt-get", "update", "-q")
        self.root.run("apt-get", "install", "-qy", "git")
        self.root.run("git", "clone", "-q", ORIGIN, CHECKOUT)
        first = self.root.run("sh", "deploy/install.sh", DOMAIN, "--self-signed", cwd=CHECKOUT)
        expect("portail configurer" in first, first)
        self.root.run("sed", "-i", "s/example.org/ville.qc.ca/; s/000000000 RT/123456789 RT/; s/0 TQ/1 TQ/", CITY)
        self.start_simulator()
        configured = self.root.run("portail", "configurer", said=ANSWERS)
        expect("la copie d’essai n’est pas partie : /var/backups" in configured, configured)
        expect("Tous les réglages sont bons." in configured, configured)
        last = self.root.run("sh", "deploy/install.sh", DOMAIN, "--self-signed", cwd=CHECKOUT)
        expect(f"Le portail est en place : https://{DOMAIN}" in last, last)
        expect('"status":"ok"' in self.ask("/sante").replace(" ", ""), self.ask("/sante"))

    def start_simulator(self) -> None:
        """Start the gateway's stand-in on a port of its own, and say so to the portal."""
        self.root.run("sh", "-c", f"echo SIMULATOR_URL={SIMULATOR} >> /etc/portail.env")
        kept = ("SIMULATOR_DATABASE=/srv/simulator.db", f"SIMULATOR_URL={SIMULATOR}")
        words = self.root.words("env", *kept, PYTHON, "-m", "demo.simulator", cwd=CHECKOUT)
        self.simulator = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(self, path: str) -> str:
        """Ask a page over https, as a resident's browser would."""
        read = "import requests, sys; print(requests.get(sys.argv[1], verify='/etc/portail-tls/fullchain.pem').text)"
        return self.root.run(PYTHON, "-c", read, f"https://{DOMAIN}{path}")

    def fill(self) -> None:
        """Bring an invented town in."""
        self.root.run("install", "-d", "-m", "755", "/srv/town")
        self.root.run(PYTHON, "-m", "demo.city", "/srv/town", cwd=CHECKOUT)
        for kind in KINDS:
            self.root.run("portail", "import", kind, f"/srv/town/{kind}.csv")

    def pay(self) -> str:
        """Have the first household owe something more, and pay it; return the payment's reference."""
        number = f"EXERCICE-{next(self.numbers)}"
        self.root.run("tee", "/srv/town/owed.csv", said=OWED.format(number=number))
        self.root.run("portail", "import", "invoices", "/srv/town/owed.csv")
        return self.root.run(PYTHON, "-m", "tests.drill.resident", "pay", number, cwd=CHECKOUT).split()[-1]

    def lose_everything(self) -> None:
        """A payment, a copy, another payment, the data gone, the copy back: nothing paid is lost."""
        before = self.pay()
        self.root.run("portail", "backup", "/var/backups/portail/exercice.db")
        after = self.pay()
        self.root.run("systemctl", "stop", "portail@5000")
        self.root.run("sh", "-c", "rm -f /var/lib/portail/guichet.db*")
        expect(
            "n’existe pas" in self.root.run("portail", "attention", may_fail=True), "a command on a base that is gone"
        )
        self.root.run("portail", "db", "upgrade")
        said = self.root.run("portail", "restore", "/var/backups/portail/exercice.db")
        expect(after in said, said)
        expect(before not in said, said)
        self.root.run("systemctl", "start", "portail@5000")
        told = self.root.run("portail", "check", "--gateway", may_fail=True)
        expect("ne balance pas" not in told and "disent deux choses" not in told, told)
        self.pay()

    def publish(self, step: str, tag: str) -> None:
        """Publish a version with a step of the schema of its own."""
        commit = (
            f"git -C {CHECKOUT} add migrations && git -C {CHECKOUT} -c user.name=drill -c user.email=drill@localhost"
        )
        self.root.run("tee", f"{CHECKOUT}/migrations/{step}.py", said=STEP.format(table=step[5:]))
        self.root.run("sh", "-c", f"{commit} commit -qm {tag} && git -C {CHECKOUT} tag {tag}")
        self.root.run("git", "-C", CHECKOUT, "push", "-q", "--tags", "origin", "HEAD")

    def update(self) -> None:
        """Bring a version with a step of its own, residents asking pages meanwhile."""
        self.publish("9001_adds_a_table", "v9.0.1")
        stop = self.root.folder / "srv/stop"
        stop.unlink(missing_ok=True)
        asking = self.root.words(PYTHON, "-m", "tests.drill.resident", "visit", "/srv/stop", cwd=CHECKOUT)
        with subprocess.Popen(asking, stdout=subprocess.PIPE, text=True) as residents:
            time.sleep(2)
            told = self.root.run("portail", "mettre-a-jour")
            time.sleep(2)
            stop.touch()
            seen = json.loads(residents.communicate()[0])
        told_of = f"{seen['answers']} answers meanwhile, {seen['again']} asked again, {len(seen['wrong'])} wrong"
        print(f"           {told_of}")
        expect("La nouvelle version sert" in told, told)
        expect(seen["answers"] > 20 and not seen["wrong"], str(seen))
        expect("5001" in self.root.run("cat", "/etc/portail-serving.conf"), "the port did not change")
        self.pay()

    def turn_back(self) -> None:
        """Return to the version before, which can read what the new one only added to."""
        expect("La nouvelle version sert" in self.root.run("portail", "mettre-a-jour", "--retour"), "no way back")
        expect("5000" in self.root.run("cat", "/etc/portail-serving.conf"), "the port did not change back")
        self.pay()

    def kill_at_each_step(self) -> None:
        """End an update at the beginning of each of its steps; the one that follows comes through, and pages come."""
        for number in range(1, 8):
            words = self.root.words("portail", "mettre-a-jour", "v9.0.1")
            with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True) as updating:
                for line in updating.stdout:
                    if line.startswith(f"{number}. "):
                        time.sleep(0.2)
                        os.killpg(updating.pid, signal.SIGKILL)  # kill(1) may read « -9 -1234 » as everybody
                        break
            expect("Mon dossier" in self.ask("/"), f"nothing answers after a stop at step {number}")
            if number < 7:
                self.root.run("portail", "check", may_fail=True)
        expect(
            "La nouvelle version sert" in self.root.run("portail", "mettre-a-jour", "v9.0.1"), "no update after stops"
        )
        self.pay()

    def refuse_what_it_cannot_read(self) -> None:
        """Once a later version took something away, the one before says that it cannot serve."""
        self.publish("9002_takes_away", "v9.0.2")
        self.root.run("portail", "mettre-a-jour")
        told = self.root.run("portail", "mettre-a-jour", "--retour", may_fail=True)
        expect("plus récente que ce programme" in told, told)
        self.pay()


def expect(so: bool, told: str) -> None:
    """Raises: Failed, with what was told instead."""
    if not so:
        raise Failed(told)


def main() -> int:
    """Run the drill; return 0 when all went as the guide says."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="portail-drill."))
    drill = Drill(folder)
    try:
        drill.takes("a bare machine", drill.root.build)
        drill.takes("installed and served over https", drill.install)
        served = drill.times[-1][1]
        drill.takes("an invented town brought in", drill.fill)
        drill.takes("a first payment", drill.pay)
        drill.takes("a copy, the data gone, the copy back, reconciled", drill.lose_everything)
        drill.takes("nine faults planted, nine named", lambda: planted.all_named(drill.root))
        drill.takes("updated, a step of the schema, residents asking", drill.update)
        drill.takes("returned to the version before", drill.turn_back)
        drill.takes("updates stopped at each step, then whole", drill.kill_at_each_step)
        drill.takes("a version that cannot read the schema refused", drill.refuse_what_it_cannot_read)
        expect(served < SERVED_WITHIN_SECONDS, f"served after {served:.0f} s")
    except Failed as problem:
        print(f"FAILED: {problem}")
        return 1
    finally:
        drill.root.leave()
        if drill.simulator:
            drill.simulator.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
