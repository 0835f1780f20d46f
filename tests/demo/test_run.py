"""`make run` for who never saw it: it answers when it says so, refuses what is not its own, and opens every door."""

import re
import socket
import sqlite3
import subprocess

import pyotp
import pytest
import requests

from demo import settings, staff
from demo.simulator import rules
from domain.operations import made_for
from tests.demo.conftest import MAKE, SHELL
from tests.factories import make_household, make_person
from tests.scan.site import send_form
from tests.server import ROOT
from tests.simulation import free_port

pytestmark = [pytest.mark.sqlite_only, pytest.mark.xdist_group("demo")]


def test_it_answers_when_it_says_so_and_its_card_opens(served):
    demonstration, said = served
    assert requests.get(f"{demonstration.url}/sante", timeout=30).json()["status"] == "ok"
    number, year, month, day = re.search(r"(QMAGB\d+), née le (\d+)-(\d+)-(\d+)", said).groups()
    browser = requests.Session()
    born = {"birth_year": year, "birth_month": int(month), "birth_day": int(day)}
    send_form(browser, f"{demonstration.url}/compte/carte", card_number=number, **born)
    assert "password_again" in browser.get(f"{demonstration.url}/compte/identifiants").text


@pytest.mark.parametrize(
    ("name", "page"),
    [("comptoir", "carte"), ("finances", "export"), ("programmation", "changements"), ("administration", "comptes")],
)
def test_each_role_has_an_account_that_opens_its_pages(served, name, page):
    demonstration, said = served
    password = re.search(rf"^ +{name} +(\S.*)$", said, re.M)[1]
    browser = requests.Session()
    send_form(browser, f"{demonstration.url}/personnel/connexion", username=name, password=password)
    code = subprocess.run([*MAKE, "code"], cwd=ROOT, env=SHELL, capture_output=True, text=True, check=True).stdout[:6]
    send_form(browser, f"{demonstration.url}/personnel/code", code=code)
    answer = browser.get(f"{demonstration.url}/personnel/{page}", allow_redirects=False)
    assert answer.status_code == 200
    others = {"administration": "carte"}.get(name, "comptes")
    assert browser.get(f"{demonstration.url}/personnel/{others}", allow_redirects=False).status_code == 403


def test_every_role_there_is_has_one():
    from models import StaffRole

    assert sorted(staff.PEOPLE.values()) == sorted(StaffRole.ROLES)
    assert pyotp.TOTP(staff.SECRET).now().isdigit()


def test_the_card_to_see_refused_is_one_that_a_bank_refuses(served):
    number = re.search(r"refusé : ([\d ]+),", served[1])[1].replace(" ", "")
    assert number in rules.DECLINED_CARDS


def test_a_port_that_is_taken_is_said_in_one_line(runs, database):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        [line] = runs(database, PORT=str(port)).refuses()
    assert f"Le port {port} est pris" in line


def test_a_second_one_on_the_same_database_is_refused_however_it_is_written(runs, database, served):
    folder, _, name = database.rpartition("/")
    [line] = runs(f"{folder}/../{folder.rpartition('/')[2]}/{name}").refuses()
    assert "Une démonstration sert déjà cette base" in line


def test_two_databases_are_served_side_by_side(runs, tmp_path, served):
    beside = runs(f"sqlite:///{tmp_path}/other.db")
    beside.says()
    for one in (beside, served[0]):
        assert requests.get(f"{one.url}/sante", timeout=30).json()["status"] == "ok"
    beside.interrupt()


@pytest.mark.parametrize("held", ["says so", "older, with a resident"])
def test_a_database_it_did_not_make_is_refused_by_name_and_stays(runs, town, held):
    url, file = town
    if held == "says so":
        made_for.keep("simulator")
    else:
        make_person(make_household())
    before = dump(file)
    [line] = runs(url).refuses()
    assert f"la base {file} n’a pas été faite par la démonstration" in line
    assert dump(file) == before


def test_cut_while_it_is_made_it_is_made_the_next_time(runs, tmp_path):
    url = f"sqlite:///{tmp_path}/cut.db"
    first = runs(url)
    assert "se construit" in first.process.stdout.readline()
    first.interrupt()
    assert "QMAGB" in runs(url).says()


def test_of_a_towns_shell_nothing_reaches_money_or_mail():
    town = {
        "BRAINTREE_ENVIRONMENT": "production",
        "BRAINTREE_PRIVATE_KEY": "real",
        "MAIL_URL": "smtps://portail:secret@smtp.ville.qc.ca",
        "MAIL_OAUTH_CLIENT_SECRET": "real",
        "PUBLIC_URL": "https://dossier.ville.qc.ca",
        "TRUSTED_PROXIES": "1",
        "SIMULATOR_URL": f"http://127.0.0.1:{free_port()}",
        "PATH": "/bin",
    }
    ours = settings.of_the_demonstration(town, 5000)
    assert not {"BRAINTREE_PRIVATE_KEY", "MAIL_OAUTH_CLIENT_SECRET", "TRUSTED_PROXIES"} & ours.keys()
    assert (ours["BRAINTREE_ENVIRONMENT"], ours["MAIL_URL"]) == ("simulator", "file:instance/outbox")
    assert (ours["PUBLIC_URL"], ours["PATH"]) == ("http://127.0.0.1:5000", "/bin")


def test_help_shows_the_port():
    said = subprocess.run([*MAKE, "help"], cwd=ROOT, env=SHELL, capture_output=True, text=True, check=True).stdout
    assert "PORT=8080 make run" in said
    assert "$(" not in said


def dump(file) -> list[str]:
    with sqlite3.connect(file) as database:
        return list(database.iterdump())
