"""Every command, setting, address and file that a document names exists; each that there is stands in a document."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from itertools import takewhile
from pathlib import Path

import click
import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound

import settings
from adapters.mapping.rules import Mapping
from tests.documents import DOCUMENTS, LINK, ROOT, addresses_of, code_of, typed

FLASKS_OWN = {"run", "shell", "routes"}
PORTAILS = {("configurer",): set(), ("mettre-a-jour",): {"--retour"}}  # beside flask's: commands/portail.py
STAND_IN = ("simulator.", "static")  # what the gateway's stand-in serves to a browser, and files
MACHINE = re.compile(r"/(bin|dev|etc|mnt|opt|proc|root|run|srv|tmp|usr|var)\b")
SETTING = re.compile(r"\b(?:[A-Z]+_)+[A-Z]+\b")
THEIRS = {"LITESTREAM_ACCESS_KEY_ID", "LITESTREAM_SECRET_ACCESS_KEY"}  # Litestream's own
OURS = re.compile(r"\bportail[@-][\w-]+")
FILE = re.compile(r"(?:[\w-]+/)+[\w.-]*\.\w+")
PROGRAM = ("adapters", "commands", "demo", "deploy", "domain", "tables", "tests", "views")
FOLDERS = tuple(f"{folder}/" for folder in (*PROGRAM, "docs", "static", "templates", "migrations"))
TEXTS = {"", ".conf", ".json", ".py", ".service", ".sh", ".timer", ".toml", ".yml"}

Commands = dict[tuple[str, ...], set[str]]


@pytest.fixture(scope="module")
def program() -> str:
    """What the program, its scripts and its tests say."""
    files = [file for folder in PROGRAM for file in (ROOT / folder).rglob("*") if file.suffix in TEXTS]
    files += [*ROOT.glob("*.py"), ROOT / "Makefile", ROOT / "city.toml"]
    this = Path(__file__).resolve()
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file() and file.resolve() != this)


@pytest.fixture
def commands(app: Flask) -> Commands:
    """Each command's words, with its options."""
    return PORTAILS | dict(leaves(app.cli, ()))


def leaves(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Yield a command's words and options, a group's one by one."""
    if not isinstance(command, click.Group):
        shown = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
        yield words, {name for one in shown for name in one.opts}
        return
    for name, one in command.commands.items():
        if name not in FLASKS_OWN and not one.hidden:
            yield from leaves(one, (*words, name))


def named(document: Path) -> list[list[str]]:
    """Return the words of each command of ours that a document names, after `flask` or `portail`."""
    return [words for code in code_of(document) for words in typed(code, "flask", "portail")]


def meant(words: list[str], commands: Commands) -> list[tuple[str, ...]]:
    """Return the commands that words may mean: `KIND`, `$kind`, `…` and nothing stand for any."""
    return [
        path
        for path in commands
        if all(said == part or re.match(r"[A-Z…$]", said) for said, part in zip(words, path, strict=False))
    ]


def goes(words: list[str], commands: Commands) -> bool:
    """Tell whether a command exists, and takes the options that it is given."""
    options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    paths = meant([word for word in words if word not in options], commands)
    return bool(paths) and options <= set().union(*(commands[path] for path in paths)) | {"--help"}


def test_a_command_that_is_named_exists_and_takes_its_options(commands: Commands):
    said = [(document.name, *words) for document in DOCUMENTS for words in named(document)]
    assert [one for one in said if not goes(list(one[1:]), commands)] == []


def test_what_the_program_and_its_letters_say_to_type_exists(program: str, commands: Commands):
    letters = "\n".join(one.read_text(encoding="utf-8") for one in (ROOT / "templates" / "mail").glob("*.txt"))
    said = re.findall(r"«[\u00a0 ]((?:flask|portail) [a-z][^»{%]*)", program)
    said += re.findall(r"(?:^ {4}|: |, ou )((?:flask|portail) [a-z][^\n\"{%]*)", letters, re.MULTILINE)
    assert {"flask backup", "portail mail --again"} <= {one.strip() for one in said}
    assert [one for one in said if not all(goes(words, commands) for words in typed(one, "flask", "portail"))] == []


def test_every_command_stands_in_a_document(commands: Commands):
    said = [words for document in DOCUMENTS for words in named(document)]
    told = {path for words in said for path in meant(words, commands) if len(words) >= len(path)}
    assert sorted(commands.keys() - told) == []


def test_every_option_stands_in_a_document(commands: Commands):
    said = [words for document in DOCUMENTS for words in named(document)]
    for path, options in commands.items():
        told = {word.partition("=")[0] for words in said if path in meant(words, {path: options}) for word in words}
        assert options - told - {"--help"} == set(), path


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_what_make_is_asked_for_exists_and_is_told():
    said = {
        word
        for document in DOCUMENTS
        for code in code_of(document)
        for words in typed(code, "make")
        for word in takewhile(lambda one: re.fullmatch(r"[a-z-]+", one), words)
    }
    assert said == targets()


def known_settings() -> set[str]:
    """Return each name that the environment is asked for."""
    asked = set()

    class Environment(dict[str, str]):
        def get(self, name: str, default: str = "") -> str:
            asked.add(name)
            return default

    settings.load(Environment())
    return asked


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_a_setting_that_is_named_exists(document: Path, program: str):
    said = {name for code in code_of(document) for name in SETTING.findall(code)}
    assert sorted(name for name in said - known_settings() - THEIRS if not re.search(rf"\b{name}\b", program)) == []


def test_every_setting_stands_in_a_document():
    said = "\n".join(code for document in DOCUMENTS for code in code_of(document))
    assert known_settings()
    assert [name for name in sorted(known_settings()) if not re.search(rf"\b{name}\b", said)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_a_section_of_the_citys_file_exists(document: Path):
    city = tomllib.loads((ROOT / "city.toml").read_text(encoding="utf-8"))
    mapping = {field.name for field in fields(Mapping)}  # whose example is read by its own test
    for code in code_of(document):
        for section, key in re.findall(r"(?:^|\s)\[([a-z_]+)\](?: ([a-z_]+))?", code):
            if section in mapping:
                continue
            assert isinstance(city.get(section), dict), code
            assert not key or key in city[section], code


def test_an_address_that_is_named_exists(app: Flask):
    said = [(document.name, *one) for document in DOCUMENTS for one in addresses_of(document)]
    portals = [one for one in said if not MACHINE.match(one[1])]
    assert [(name, address) for name, address, ways in portals if not any(rules_of(app, way) for way in ways)] == []


def test_every_address_stands_in_a_document(app: Flask):
    said = {
        rule
        for document in DOCUMENTS
        for _, ways in addresses_of(document)
        for rule in next(filter(None, (rules_of(app, way) for way in ways)), ())
    }
    rules = {one.rule for one in app.url_map.iter_rules() if not one.endpoint.startswith(STAND_IN)}
    assert sorted(rules - said) == []


def rules_of(app: Flask, address: str) -> set[str]:
    """Return the rules that an address is one of, `<anything>` standing for itself; with … those that go on from it."""
    if address.endswith("…"):
        return {one.rule for one in app.url_map.iter_rules() if one.rule.startswith(address.removesuffix("…"))}
    adapter = app.url_map.bind("localhost")
    found = set()
    for method in ("GET", "POST"):
        try:
            found.add(adapter.match(re.sub(r"<[^>]+>", "1", address), method, return_rule=True)[0].rule)
        except (MethodNotAllowed, NotFound):
            continue
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_a_file_or_unit_that_is_named_exists(document: Path, program: str):
    code = code_of(document)
    files = {name for one in code for name in FILE.findall(one) if name.startswith(FOLDERS)}
    gone = [name for name in files if not list(ROOT.glob(name))]
    ours = {name for one in code for name in OURS.findall(one)}
    assert sorted([*gone, *(name for name in ours if name not in program)]) == []


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "CHANGELOG.md"], ids=lambda one: one.name)
def test_a_link_leads_somewhere(document: Path):
    links = [one for one in LINK.findall(document.read_text(encoding="utf-8")) if not re.match(r"https?:|mailto:", one)]
    assert [one for one in links if not leads_somewhere(document, one)] == []


def leads_somewhere(document: Path, link: str) -> bool:
    """Tell whether a link's file, and its heading in it, are there."""
    file, _, heading = link.partition("#")
    target = document.parent / file if file else document
    return target.exists() and (not heading or heading in headings(target))


def headings(document: Path) -> set[str]:
    """Return the headings of a document as links write them: small letters, no signs, - for a space."""
    found = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in found}


def test_each_version_begins_with_what_to_do_when_updating():
    versions = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert versions
    assert [one.splitlines()[0] for one in versions if "**When updating**" not in "\n".join(one.splitlines()[:3])] == []
