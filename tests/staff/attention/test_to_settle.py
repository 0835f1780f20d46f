"""À régler opens to every role, and shows what those of the person may settle."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from commands.import_kinds import KINDS
from domain.common import alerts
from models import ChangeRequest, Payment, write
from tests.factories import make_invoice, make_person
from views.messages import staff


def test_page_comes_whole_and_as_fragment_when_nothing_waits(clerk):
    assert clerk.client.get_page("/personnel").count('<p class="muted">Aucun') == 3


@pytest.fixture
def one_of_each(app):
    """An alert and a request."""
    with write():
        alerts.raise_alert("guessing", "2026", "beaucoup")
        return ChangeRequest.create(kind=ChangeRequest.CORRECTION, person=make_person(), words="Mon nom")


@pytest.mark.parametrize(
    ("roles", "money", "requests"),
    [
        (["counter"], True, True),
        (["finance"], True, False),
        (["programming"], False, False),
        (["admin"], True, False),
        (["programming", "finance"], True, False),
        (["admin", "counter"], True, True),
    ],
)
def test_a_role_sees_what_it_may_settle(hires, one_of_each, roles, money, requests):
    page = hires(*roles).client.get_page("/personnel")
    assert ("beaucoup" in page) is money
    assert ("Paiements dont l’issue est inconnue" in page) is money
    assert (f"/personnel/demandes/{one_of_each.id}" in page) is requests
    assert ("Demandes à décider" in page) is requests
    assert ("Rien ici ne dépend de vous" in page) is not (money or requests)


def test_it_names_uncertain_payments_alerts_and_requests(clerk, citizen):
    citizen.joins()
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    Payment.update(state=Payment.UNKNOWN, submitted_at=payment.created_at).execute()
    with write():
        alerts.raise_alert("guessing", "2026", "beaucoup")
        asked = ChangeRequest.create(kind=ChangeRequest.CORRECTION, person=make_person(), words="Mon nom")
    page = clerk.client.get_page("/personnel")
    assert payment.reference in page
    assert "Quelqu’un devine peut-être des cartes" in page
    assert f"/personnel/demandes/{asked.id}" in page
    assert "Trần" not in page, "the list does not open anybody's file"
    Payment.update(state=Payment.CREATED, submitted_at=None).execute()


def kinds_of_alerts() -> Iterator[str]:
    """Yield the kind of every alert that the rules raise, a constant's value where it is one."""
    for path in Path("domain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "raise_alert":
                kind = node.args[0]
                module = ".".join(path.with_suffix("").parts)
                yield kind.value if isinstance(kind, ast.Constant) else getattr(import_module(module), kind.id)


def test_every_kind_of_alert_has_its_heading():
    assert {*kinds_of_alerts(), *(f"import {kind}" for kind in KINDS)} == set(staff.ALERTS)
