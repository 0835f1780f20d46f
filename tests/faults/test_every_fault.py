"""Every failure of the gateway at every call: the charge is found or surely not made, and the page says which."""

from datetime import timedelta
from time import monotonic, sleep

import pytest

from demo.simulator.faults import KINDS
from domain.common import clock
from domain.payments import refunds
from models import Payment, Refund
from tests.faults.town import SURELY_PAID

CERTAIN = {"refused", "http_401", "http_403", "http_426", "http_429"}
CHARGED = {"answer_lost", "late", "hang_after", "slow", "duplicate"}


@pytest.fixture(scope="module")
def town(town):
    town.server.start()
    return town


@pytest.fixture(scope="module")
def payments(town) -> dict[str, Payment]:
    """A payment struck by each failure at the sale, once all is settled."""
    references = {}
    for kind in KINDS:
        resident = town.resident()
        town.simulator.breaks("sale", kind, seconds=1.2 if kind.startswith("hang") else 0.3)
        references[kind] = resident.pays(town.owes(resident)).reference
        town.wait(references[kind], "paid", "refused", "unknown", "unexpected")
    town.settle_down()
    return {kind: Payment.get(Payment.reference == reference) for kind, reference in references.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_sale(town, payments, kind):
    states = [event.to_state for event in payments[kind].events]
    assert ("unknown" in states) == (kind not in CERTAIN | {"slow", "duplicate", "wrong_amount"})
    expected = ("unexpected",) if kind == "wrong_amount" else SURELY_PAID if kind in CHARGED else ("refused",)
    assert payments[kind].state in expected


def test_nothing_is_lost_double_or_unresolved(town, payments):
    audit = town.audit()
    assert audit.clean, audit
    assert audit.invoices_paid == len(CHARGED)


SILENT = [kind for kind in KINDS if kind not in ("refused", "duplicate", "wrong_amount")]  # no part of a search


def test_at_the_search(town, payments):
    resident = town.resident()
    town.simulator.breaks("sale", "answer_lost", times=len(SILENT))
    references = [resident.pays(town.owes(resident)).reference for _ in SILENT]
    for reference in references:
        town.wait(reference, "unknown")
    for kind in SILENT:
        town.simulator.breaks("search", kind, seconds=1.2 if kind.startswith("hang") else 0.3)
    town.server.flask("reconcile")
    for reference in references:
        assert 'data-state="refused"' not in resident.sees(reference)
    town.settle_down()
    assert {town.wait(reference, *SURELY_PAID) for reference in references} <= set(SURELY_PAID)
    assert town.audit().clean, town.audit()


@pytest.mark.parametrize("call", ["void", "refund", "find"])
def test_when_giving_back(town, payments, call):
    resident = town.resident()
    kinds = [kind for kind in KINDS if kind not in ("duplicate", "wrong_amount")]
    references = [resident.pays(town.owes(resident)).reference for _ in kinds]
    for reference in references:
        town.wait(reference, "paid")
    if call == "refund":
        town.simulator.ask("POST", "settle-all")
    for kind in kinds:
        town.simulator.breaks(call, kind, seconds=1.2 if kind.startswith("hang") else 0.3)
    asked = [refunds.ask(Payment.get(Payment.reference == r), 10_000, 10_000, "essai") for r in references]
    assert {struck(refund) for refund in asked} <= {"done", "refused", "unknown"}
    assert town.simulator.ask("GET", "faults").json() == []
    age_refunds()
    town.settle_down()
    assert town.audit().clean, town.audit()


def struck(refund: Refund) -> str:
    until = monotonic() + 10
    while monotonic() < until and Refund.get_by_id(refund.id).state in ("created", "submitted"):
        sleep(0.05)
    return Refund.get_by_id(refund.id).state


def age_refunds() -> None:
    """Have the minutes pass after which a refund that left no trace surely did not take place."""
    Refund.update(submitted_at=clock.now() - timedelta(hours=1), due_at=clock.now()).where(
        Refund.state == Refund.UNKNOWN
    ).execute()
