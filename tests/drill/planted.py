"""The nine faults that a review planted on an installed machine: the doctor names each, and nothing once mended."""

from dataclasses import dataclass

from tests.drill.root import Failed, Root

DATABASE, SETTINGS = "/var/lib/portail/guichet.db", "/etc/portail.env"


@dataclass(frozen=True)
class Fault:
    """How it is planted, what the doctor must say, and how it is mended; commands of a shell."""

    plant: str
    says: str
    mend: str


def setting(name: str, value: str) -> str:
    return f"cp -p {SETTINGS} /srv/settings && sed -i 's|^{name}=.*|{name}={value}|' {SETTINGS}"


SETTINGS_BACK = f"cp -p /srv/settings {SETTINGS}"
AS_THE_SERVICE = "set -a && . /etc/portail.env && cd /opt/portail/current && exec runuser -u portail --"
FAST = ["sh", "-c", f"{AS_THE_SERVICE} faketime -f +240s .venv/bin/flask check --gateway"]
FAULTS = {
    "a mistyped setting": Fault(
        f"cp -p {SETTINGS} /srv/settings && sed -i 's|^TRUSTED_PROXIES=|TRUSTED_PROXYS=|' {SETTINGS}",
        "TRUSTED_PROXYS",
        SETTINGS_BACK,
    ),
    "a wrong key": Fault(setting("BRAINTREE_PRIVATE_KEY", "une-autre"), "Braintree refuse les clés", SETTINGS_BACK),
    "mail down": Fault(setting("MAIL_URL", "smtp://127.0.0.1:9"), "n’ouvre pas sa porte", SETTINGS_BACK),
    "another database": Fault(
        setting("DATABASE_URL", "sqlite:////var/lib/portail/autre.db"), "autre.db n’existe pas", SETTINGS_BACK
    ),
    "files that others read": Fault(f"chmod 644 {DATABASE}", f"chmod go= {DATABASE}", f"chmod 600 {DATABASE}"),
    "files that are root's": Fault(
        f"chown root:root {DATABASE}", f"chown portail {DATABASE}", f"chown portail:portail {DATABASE}"
    ),
    "a schema behind": Fault(
        "touch /opt/portail/current/migrations/9000_planted.py"
        " && printf 'def up(migrator, db):\\n    pass\\n' > /opt/portail/current/migrations/9000_planted.py",
        "le schéma est en retard",
        "rm /opt/portail/current/migrations/9000_planted.py",
    ),
    "a disk nearly full": Fault(
        "mount -t tmpfs -o size=2m tmpfs /srv/small && cp -p /etc/portail.env /srv/settings"
        " && install -d -o portail -m 700 /srv/small/courriels && head -c 1950000 /dev/zero > /srv/small/large"
        f" && sed -i 's|^MAIL_URL=.*|MAIL_URL=file:/srv/small/courriels|' {SETTINGS}",
        "de libre",
        f"{SETTINGS_BACK} && umount /srv/small",
    ),
    "a clock that is off": Fault("touch /srv/skewed", "l’horloge de cette machine diffère", "rm /srv/skewed"),
}


def all_named(root: Root) -> None:
    """Plant each, have the doctor look, mend it. Raises: Failed, with what the doctor said instead."""
    root.run("install", "-d", "/srv/small")
    root.run("apt-get", "install", "-qy", "faketime")
    before = look(root)
    for name, fault in FAULTS.items():
        root.run("sh", "-c", fault.plant)
        try:
            said = look(root, skewed=name == "a clock that is off")
        finally:
            root.run("sh", "-c", fault.mend)
        if fault.says not in said:
            raise Failed(f"{name} is not named: {said}")
    if look(root) != before:
        raise Failed(f"the doctor says of a mended machine: {look(root)}")


def look(root: Root, *, skewed: bool = False) -> str:
    """Return what the doctor says; with a clock four minutes fast when that is the fault."""
    return root.run(*(FAST if skewed else ["portail", "check", "--gateway"]), may_fail=True)
