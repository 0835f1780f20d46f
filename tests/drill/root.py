"""A bare Debian in a folder: debootstrap, then a chroot. The network is this machine's; pages stay on its loopback."""

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
MIRROR = "http://deb.debian.org/debian"
SOURCES = (
    f"deb {MIRROR} bookworm main\ndeb {MIRROR} bookworm-updates main\n"
    "deb http://deb.debian.org/debian-security bookworm-security main\n"
)
MOUNTS = (("-t", "proc", "proc", "proc"), ("--rbind", "/dev", "dev"))
CHECKOUT, ORIGIN, PYTHON = "/root/portail", "/srv/portail.git", "/opt/portail/current/.venv/bin/python"


class Failed(Exception):
    """A command of the drill did not do what the guide says."""


class Root:
    """The machine of the drill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self) -> None:
        """Make the bare machine, unless one stands there, and bring it the portal's repository."""
        if not (self.folder / "usr/bin/apt-get").exists():
            words = ["/usr/sbin/debootstrap", "--variant=minbase", "--include=ca-certificates,systemd", "bookworm"]
            subprocess.run([*words, self.folder, MIRROR], check=True, stdout=subprocess.DEVNULL)
        for *how, target in MOUNTS:
            if not os.path.ismount(self.folder / target):
                subprocess.run(["/bin/mount", *how, self.folder / target], check=True)
        self._as_this_machine_reaches_its_packages()
        stand_in = self.folder / "usr/local/sbin/systemctl"
        shutil.copy(HERE / "systemctl", stand_in)
        stand_in.chmod(0o755)
        self.run("sh", "-c", "grep -q portail.localhost /etc/hosts || echo 127.0.0.1 portail.localhost >> /etc/hosts")
        subprocess.run(["/usr/bin/git", "clone", "-q", "--bare", REPOSITORY, self.folder / ORIGIN[1:]], check=True)

    def _as_this_machine_reaches_its_packages(self) -> None:
        (self.folder / "etc/apt/sources.list").write_text(SOURCES, encoding="utf-8")
        for file in ("etc/resolv.conf", "etc/pip.conf", "etc/hosts"):
            if (Path("/") / file).exists():
                shutil.copy(Path("/") / file, self.folder / file)
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", self.folder / "srv/authorities.crt")

    def run(self, *words: str, said: str = "", may_fail: bool = False, cwd: str = "/root") -> str:
        """Run a command as root of the machine, `said` typed to it; return what it printed.

        Raises: Failed.
        """
        done = subprocess.run(
            self.words(*words, cwd=cwd), input=said, capture_output=True, text=True, start_new_session=True
        )
        if done.returncode and not may_fail:
            raise Failed(f"{' '.join(words)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
        return done.stdout + done.stderr

    def words(self, *words: str, cwd: str = "/root") -> list[str]:
        """Return a command of the machine as this one starts it."""
        told = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"]
        told += ["PIP_CERT=/srv/authorities.crt", "DEBIAN_FRONTEND=noninteractive"]
        inside = ["env", "-i", *told, "sh", "-c", 'cd "$0" && exec "$@"', cwd, *words]
        return ["/usr/sbin/chroot", str(self.folder), *inside]

    def leave(self) -> None:
        """Stop what runs there and let go of the folder."""
        for unit in ("portail@5000", "portail@5001"):
            self.run("systemctl", "stop", unit, may_fail=True)
        self.run("sh", "-c", "[ ! -f /run/nginx.pid ] || nginx -s quit", may_fail=True)
        for *_how, target in MOUNTS:
            subprocess.run(["/bin/umount", "-R", "-l", self.folder / target], check=False)
