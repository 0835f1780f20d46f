"""The rehearsal itself: it has nothing happen that no gateway does, and ends when every question has its answer."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from domain.billing import ledger
from domain.payments import refunds
from models import Payment, UnmatchedCharge
from tests.faults.counter import Counter
from tests.faults.disputer import ENDS, Disputer
from tests.faults.refunder import Refunder
from tests.faults.town import Town


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """A town of one test's own, its server started."""
    town = Town(tmp_path, database_url)
    town.server.start()
    yield town
    town.close()


def disputer(town: Town, **how) -> Disputer:
    return Disputer(town, Random(1), Counter(town, town.folder, [], Random(1)), **how)


def pays(town: Town) -> Payment:
    resident = town.resident()
    reference = resident.pays(town.owes(resident)).reference
    assert town.wait(reference, "paid") == "paid"
    return Payment.get(Payment.reference == reference)


def sale_of(town: Town, payment: Payment) -> dict:
    [sale] = town.simulator.ask("GET", f"transactions?order_id={payment.reference}").json()
    return sale


def gives_back(town: Town, payment: Payment) -> None:
    refunds.ask(payment, payment.amount_cents, payment.amount_cents, "essai")
    assert town.wait(payment.reference, "refunded") == "refunded"


def is_lost_in_silence(town: Town, payment: Payment) -> None:
    """Have a dispute of a settled charge lost, its notices too."""
    assert town.settles(payment.gateway_id)
    for word in ("opened", "lost"):
        town.simulator.ask("POST", "webhook", kind=f"dispute_{word}", transaction=payment.gateway_id)


def test_a_charge_that_stands_is_disputed(town):
    sale = sale_of(town, pays(town))
    disputer(town).begins(sale)
    assert sale_of(town, Payment.get(Payment.gateway_id == sale["id"]))["disputes"] == ["open"]


def test_one_voided_since_it_was_seen_is_not_revived(town):
    payment = pays(town)
    seen = sale_of(town, payment)
    gives_back(town, payment)
    disputer(town).begins(seen)
    now = sale_of(town, payment)
    assert (now["history"][-1], now["disputes"]) == ("voided", [])
    assert town.audit().clean, town.audit()


def test_nor_by_who_gives_back(town):
    payment = pays(town)
    gives_back(town, payment)
    for seed in range(5):  # three in four settle the charge first
        Refunder(town, Random(seed)).asks(payment)
    assert sale_of(town, payment)["history"][-1] == "voided"


def test_days_pass_until_a_question_left_without_an_answer_has_it(town):
    payment = pays(town)
    is_lost_in_silence(town, payment)
    town.simulator.breaks("find", "reset", times=3)  # more ways than one lead to it
    town.days_pass()
    assert Payment.get_by_id(payment.id).state == "charged_back"
    assert town.audit().clean, town.audit()


def test_the_daily_match_is_asked_again_when_it_got_no_answer(town):
    payment = pays(town)
    town.days_pass()  # settled: from here on only the match finds a dispute of which nobody heard
    is_lost_in_silence(town, payment)
    town.simulator.breaks("find", "reset", times=3)  # more ways than one lead to it
    town.match()
    assert Payment.get_by_id(payment.id).state == "charged_back"
    assert town.audit().clean, town.audit()


def test_what_is_won_in_parts_after_it_was_paid_at_the_counter_is_owed_to_somebody(town):
    payment = pays(town)
    assert town.settles(payment.gateway_id)
    who = disputer(town)
    for word in ("opened", *ENDS["lost, paid at the counter, then won in two parts"]):
        who._takes_step(word, payment.gateway_id, payment.amount_cents)
        town.days_pass()
    town.settle_down()
    assert who.counter.kinds["lost to a dispute"] == 1
    assert UnmatchedCharge.select().where(UnmatchedCharge.reason == UnmatchedCharge.WON_BACK).exists()
    assert town.audit(who.counter.taken).clean, town.audit(who.counter.taken)


def test_what_went_back_of_a_charge_that_pays_nothing_and_came_back_is_lost_until_it_goes_back_again(town):
    payment = pays(town)
    second = town.charges_again(payment.reference, 4_200)
    assert town.settles(second)
    town.match()
    town.gives_back()
    assert town.audit().clean, town.audit()
    who = Refunder(town, Random(1))
    while not who.refunds:
        who._judged.clear()
        who.decline()
    assert list(who.refunds) == ["of nothing owed, declined days later"]
    [lost, _in_all, _astray] = town.audit().lost
    assert lost.startswith(f"charged, not booked: {payment.reference}")
    town.days_pass()
    town.gives_back()
    assert town.audit().clean, town.audit()


def test_what_is_won_back_and_owed_to_nobody_is_lost(town):
    payment = pays(town)
    ledger.post(ledger.lost(payment.gateway_id, -2_500, payment))
    assert f"won back, and owed to nobody: 2500 ¢ of {payment.gateway_id}" in town.audit().lost
