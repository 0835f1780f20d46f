"""Every address of the city's side, with every role: what opens is what the contract says, and nothing else."""

from itertools import combinations

import pytest

from domain.staff import accounts
from tests.attacks.conftest import Ids, rules
from tests.staff.conftest import Clerk
from views.staff import permissions

ALL = {"counter", "finance", "programming", "admin"}
# The contract, by the word that follows /personnel/: the roles that open it, any of them.
CONTRACT = {
    "": ALL,
    "alertes": {"counter", "finance", "admin"},
    "trop-percus": {"counter", "finance"},
    "debits": {"counter", "finance"},
    "courriels": {"admin"},
    "mot-de-passe": ALL,
    "session": ALL,
    "carte": {"counter"},
    "facture": {"counter"},
    "comptes-a-verifier": {"counter"},
    "foyers": {"counter", "programming"},
    "demandes": {"counter"},
    "revisions": {"counter"},
    "changements": {"counter", "programming"},
    "fiches-sante": {"counter", "programming"},
    "accompagnements": {"counter", "programming"},
    "remboursement": {"finance"},
    "export": {"finance"},
    "comptes": {"admin"},
    "journal": {"admin"},
    "incidents": {"admin"},
    "destructions": {"admin"},
}
THE_WAY_IN = {"connexion", "code", "premiere-fois", "deconnexion"}
MENU = {
    "/personnel/carte": "carte",
    "/personnel/facture": "facture",
    "/personnel/changements": "changements",
    "/personnel/fiches-sante": "fiches-sante",
    "/personnel/remboursement": "remboursement",
    "/personnel/export": "export",
    "/personnel/comptes": "comptes",
    "/personnel/incidents": "incidents",
    "/personnel/destructions": "destructions",
    "/personnel/journal": "journal",
}
ALONE_AND_TWO = [roles for size in (1, 2) for roles in combinations(sorted(ALL), size)]


def word(rule) -> str:
    """Return what follows /personnel/ in an address."""
    return (rule.rule.split("/") + [""])[2]


def staff_rules(app, method: str) -> list:
    return [rule for rule in rules(app, method) if rule.endpoint.startswith("staff.")]


def walk(app, client) -> dict[tuple[str, str], int]:
    """Ask for every page, send every form empty; return what each answered."""
    answers = {}
    for method in ("GET", "POST"):
        for rule in staff_rules(app, method):
            if word(rule) not in THE_WAY_IN:
                answers[method, rule.rule] = client.open(Ids().fill(rule), method=method).status_code
    return answers


@pytest.mark.parametrize("roles", ALONE_AND_TWO, ids="+".join)
def test_a_page_opens_to_its_roles_and_to_no_other(app, hires, roles):
    answers = walk(app, hires(*roles).client)
    assert len(answers) > 15
    for (method, address), status in answers.items():
        opened_by = CONTRACT[(address.split("/") + [""])[2]]
        if opened_by & set(roles):
            assert status in (200, 204, 303, 404, 422), (method, address)
        else:
            assert status == 403, (method, address)


@pytest.mark.parametrize("roles", ALONE_AND_TWO, ids="+".join)
def test_the_menu_shows_what_opens(hires, roles):
    page = hires(*roles).client.get("/personnel").text
    menu = page[page.index('<nav id="menu"') : page.index("</nav>")]
    shown = {address for address in MENU if f'href="{address}"' in menu}
    assert shown == {address for address, name in MENU.items() if CONTRACT[name] & set(roles)}
    assert "/personnel/mot-de-passe" in menu


def test_who_is_not_signed_in_is_sent_to_the_door(app, client):
    for method in ("GET", "POST"):
        for rule in staff_rules(app, method):
            if word(rule) not in ("connexion", "deconnexion"):
                answer = client.open(Ids().fill(rule), method=method)
                assert (answer.status_code, answer.location) == (303, "/personnel/connexion"), rule


def test_every_page_is_named_once_in_the_table(app):
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("staff.")}
    groups = (permissions.OUTSIDE, permissions.HALF_WAY, set(permissions.ROLES_THAT_OPEN))
    assert set.union(*groups) == pages
    assert sum(map(len, groups)) == len(pages)


def test_a_page_that_the_table_does_not_name_opens_to_nobody(app):
    app.add_url_rule("/personnel/neuve", "staff.attention.neuve", lambda: "ouvert")
    clerk = Clerk(app, "toutes.mains", *ALL)
    clerk.sets_up()
    assert clerk.client.get("/personnel/neuve").status_code == 403
    assert app.test_client().get("/personnel/neuve").status_code == 303


def test_a_role_opens_what_it_opens_when_the_request_comes(app, hires):
    """No page keeps what a role was: the next request is judged by the roles of its moment."""
    clerk = hires("finance")
    assert clerk.client.get("/personnel/export").status_code == 200
    hires("admin")
    accounts.change_roles(clerk.username, "counter")
    clerk.signs_in()
    assert clerk.client.get("/personnel/export").status_code == 403
    assert clerk.client.get("/personnel/carte").status_code == 200
