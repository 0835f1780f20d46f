"""`portail …`: a flask command with the service's settings, as the service's user, naming the database it works on.

Without it, who types `flask import …` at a terminal works, silently, on another database than the portal's.
"""

import os
import pwd
import sys
from pathlib import Path
from typing import NoReturn

from commands import env_file
from settings import database_named, load_database_url

SETTINGS = Path(os.environ.get("PORTAIL_SETTINGS", "/etc/portail.env"))
TRIAL = "PORTAIL_TRIAL"  # another database, for the moment of an update's trial
KEPT = ("PATH", "LANG", "LC_ALL", "TERM", "TZ")  # of the terminal's; all else is the service's


def service() -> str:
    """Return the name of the service's account."""
    return os.environ.get("PORTAIL_USER", "portail")


def main() -> None:
    """Become the service, say which database it is, and run the command."""
    words = sys.argv[1:] or ["--help"]
    if words == ["configurer"]:
        configure()
    if words[0] == "mettre-a-jour":
        os.execv("/bin/sh", ["sh", "deploy/update.sh", *words[1:]])  # noqa: S606
    try:
        own = env_file.read(SETTINGS.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        sys.exit(f"{SETTINGS} ne se lit pas : {problem}\nLancez portail comme root, ou comme {service()}.")
    try:
        become(service())
    except KeyError:
        sys.exit(f"Le compte {service()} n’existe pas : voyez l’étape 1 de docs/install.md.")
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment = {"STATE_DIRECTORY": pwd.getpwnam(service()).pw_dir} | kept | own  # as systemd sets it for the service
    if TRIAL in os.environ:
        environment["DATABASE_URL"] = os.environ[TRIAL]
    print(f"Base : {database_named(load_database_url(environment))}", file=sys.stderr, flush=True)
    flask = Path(sys.executable).with_name("flask")
    os.execve(flask, [str(flask), *words], environment)  # noqa: S606


def configure() -> NoReturn:
    """Ask the settings, as who may write their file: root."""
    from commands.configure import configure_command  # heavy: no other command of a terminal waits for it

    configure_command.main([str(SETTINGS)], prog_name="portail configurer")
    sys.exit()


def become(name: str) -> None:
    """Take an account's rights when root runs this; what is then made is the service's, and its alone."""
    os.umask(0o077)
    if os.geteuid() != 0:
        return
    account = pwd.getpwnam(name)
    os.initgroups(name, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


if __name__ == "__main__":
    main()
