"""`flask drop`: the files that another system put in the drop folder, each taken whole or refused, and told by mail."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from adapters import drop_folder
from adapters.drop_folder import DropFolder
from commands import mapped
from commands.import_kinds import KINDS
from commands.worker.leases import lock_for
from domain.common import clock, outbox

ORDER = list(KINDS)  # that of docs/data.md


@dataclass(frozen=True)
class Told:
    """What the letter says of a file."""

    name: str
    taken: bool
    last_line: str


@click.command("drop", help="Prendre les fichiers du dossier de dépôt, dans l’ordre des sortes ; écrire le résultat.")
@with_appcontext
def drop_command() -> None:
    """Take what has come, after what was cut; each file once, and one run at a time."""
    portal = current_app.extensions["portal"]
    named = portal.city.nightly_files.folder
    if not named:
        click.echo("city.toml ne nomme pas de dossier de dépôt : [nightly_files] folder")
        return
    if not Path(named).is_dir():
        raise click.ClickException(f"le dossier de dépôt {named} n’existe pas")
    lock = lock_for(portal.settings, "drop-lock")
    if not lock.acquire():
        click.echo("une autre relève est en cours : elle prendra ce qui attend")
        return
    try:
        _take_all(DropFolder(Path(named)))
    finally:
        lock.release()


def _take_all(folder: DropFolder) -> None:
    """Import every file, tell of them all in one letter, then put them away: cut anywhere, the next run goes on."""
    try:
        folder.claim(clock.now().strftime(drop_folder.STAMP))
    except drop_folder.NotOurs as problem:
        words = f"{problem} n’est pas un dossier du portail : enlevez-le, rien n’a été pris"
        raise click.ClickException(words) from None
    folder.settle_cut()
    folder.forget(clock.today())
    files = folder.under_way(ORDER)
    for file in files:
        if drop_folder.result_of(file) is None:
            _take(file)
    if files:
        _tell(folder, files)
    for file in files:
        click.echo(str(folder.settle(file)))


def _take(file: Path) -> None:
    """Import a file in a process of its own, and note what became of it.

    Raises: click.ClickException when the import broke: the file stays, and the next run begins with it.
    """
    kind = drop_folder.kind_of(file, ORDER)
    if not kind:
        drop_folder.note(file, False, f"son nom doit commencer par sa sorte, comme cards.csv : {', '.join(ORDER)}")
        return
    command = _command(kind, file)
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode not in (0, 1) or "Traceback" in done.stderr:
        last = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise click.ClickException(f"l’import de {drop_folder.name_of(file)} a échoué ({last}) : à reprendre")
    drop_folder.note(file, done.returncode == 0, f"{done.stderr}{done.stdout}".strip())


def _command(kind: str, file: Path) -> list[str | Path]:
    """Return what imports a file, by the mapping that is remembered for the name under which it came."""
    folder = current_app.extensions["portal"].city.mappings.folder
    mapping = mapped.remembered(folder, kind, drop_folder.name_of(file))
    flask = Path(sys.executable).with_name("flask")
    return [flask, "import", kind, file, "--refuse-short", *(("--map", mapping) if mapping else ())]


def _tell(folder: DropFolder, files: list[Path]) -> None:
    """Write to who runs the machine: the last line of each result, which names nobody; the rest stays in the folder."""
    portal = current_app.extensions["portal"]
    told = [_told(file) for file in files]
    refused = sum(not one.taken for one in told)
    subject, body = portal.letters.write("files_taken", files=told, refused=refused, folder=str(folder.folder))
    outbox.write_once(portal.city.operator.email, subject, body)


def _told(file: Path) -> Told:
    taken, words = drop_folder.result_of(file) or (False, "")
    return Told(drop_folder.name_of(file), taken, words.splitlines()[-1].removeprefix("Error: ") if words else "")


COMMANDS = (drop_command,)
