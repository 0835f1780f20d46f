"""Cards that their bank refused are counted; what the attacks meet: tests/attacks/test_card_testing.py."""

from datetime import datetime, timedelta

import pytest
import time_machine

from domain.common import clock
from domain.common.pseudonyms import pseudonym
from domain.payments import card_tries
from models import Alert, CardTry
from settings import LIMITS

pytestmark = pytest.mark.usefixtures("db")

HERE = "203.0.113.9"
PROOF, CLOSED = LIMITS["cards refused: proof"].most, LIMITS["cards refused: closed"].most
REFERENCES = [f"P{n}" for n in range(CLOSED + 1)]
NOON = datetime(2026, 11, 23, 17)


def refuse(where: card_tries.Places, *references: str) -> None:
    """Have cards tried there, one after another, refused by their bank."""
    for reference in references:
        card_tries.note(where, reference, proven=True)
        card_tries.ended(reference, "declined")


def test_an_account_counts_with_its_invoices_and_its_network_but_not_its_address():
    where = card_tries.places(HERE, 12, ["F1", "F2"])
    assert where.narrow == ("account 12", "invoice F1", "invoice F2")
    assert where.network == f"network {pseudonym('203.0.113.0/24')}"


def test_a_guest_counts_by_her_address_which_of_ipv6_is_a_64():
    where = card_tries.places("2001:db8:1:2:3::4", None, ["F1"], "D7")
    assert where.narrow == (f"address {pseudonym('2001:db8:1:2::/64')}", "guests D7", "invoice F1")
    assert where.network == f"network {pseudonym('2001:db8:1::/48')}"


def test_each_wait_ends_a_minute_after_the_last_card():
    where = card_tries.places(HERE, 12)
    with time_machine.travel(NOON, tick=False) as travelled:
        refuse(where, *REFERENCES[:PROOF])
        with pytest.raises(card_tries.TooManyRefused) as refused:
            card_tries.check(where)
        assert refused.value.until == clock.now() + card_tries.WAIT
        travelled.shift(card_tries.WAIT)
        card_tries.check(where)
        assert card_tries.wants_proof(where)
        travelled.shift(timedelta(days=1))
        assert not card_tries.wants_proof(where)


def test_cards_under_way_bring_a_proof_but_neither_wait_nor_close():
    where = card_tries.places(HERE, 12)
    for reference in REFERENCES[:PROOF]:
        card_tries.note(where, reference)
    card_tries.check(where)
    with pytest.raises(card_tries.ProofWanted):
        card_tries.note(where, REFERENCES[PROOF])
    card_tries.note(where, REFERENCES[PROOF], proven=True)


def test_of_a_place_no_more_are_under_way_than_may_be_refused():
    where = card_tries.places(HERE, 12)
    for reference in REFERENCES[:CLOSED]:
        card_tries.note(where, reference, proven=True)
    with pytest.raises(card_tries.TooManyUnderWay):
        card_tries.note(where, REFERENCES[CLOSED], proven=True)
    card_tries.ended(REFERENCES[4])  # its bank took it
    card_tries.note(where, REFERENCES[CLOSED], proven=True)


def test_what_was_refused_yesterday_leaves_its_seat():
    where = card_tries.places(HERE, 12)
    with time_machine.travel(NOON, tick=False) as travelled:
        for reference in REFERENCES[:CLOSED]:
            card_tries.note(where, reference, proven=True)
        for reference in REFERENCES[:CLOSED]:
            card_tries.ended(reference, "declined")
        with pytest.raises(card_tries.TooManyRefused) as refused:
            card_tries.note(where, REFERENCES[CLOSED], proven=True)
        assert refused.value.until is None
        travelled.shift(timedelta(days=1))
        card_tries.note(where, REFERENCES[CLOSED])


def test_a_network_is_slowed_and_never_closed():
    many = LIMITS["cards refused: proof of a network"].most
    for n in range(many * 3):
        assert card_tries.wants_proof(card_tries.places(HERE, 99_999)) is (n >= many)
        refuse(card_tries.places("203.0.113.200", n + 1), f"P{n}")
    elsewhere_in_it = card_tries.places(HERE, 99_999)
    card_tries.check(elsewhere_in_it)
    with pytest.raises(card_tries.ProofWanted):
        card_tries.note(elsewhere_in_it, "P")
    card_tries.note(elsewhere_in_it, "P", proven=True)


def test_a_door_closed_is_said_to_a_person_however_slowly_the_cards_came():
    where, hours = card_tries.places(HERE, 12), timedelta(hours=2)
    with time_machine.travel(NOON, tick=False) as travelled:
        for reference in REFERENCES[:CLOSED]:
            assert not Alert.select().exists()
            refuse(where, reference)
            travelled.shift(hours)
    assert [alert.subject.partition(" 2")[0] for alert in Alert.select()] == ["account 12"]


def test_the_site_is_told_of_and_never_closed():
    for n in range(LIMITS["cards refused: alert of the site"].most):
        refuse(card_tries.places(f"10.{n}.0.1", n + 1), f"P{n}")
    assert [alert.subject for alert in Alert.select()] == [f"site {clock.today()}"]
    card_tries.check(card_tries.places("10.200.0.1", 99_999))


@pytest.mark.parametrize(
    "reason", ["unreachable", "network", "city", "rules", "changed", "stopped", "removed", "not_found"]
)
def test_what_no_bank_refused_does_not_count(reason):
    card_tries.note(card_tries.places(HERE, 12), "P0")
    card_tries.ended("P0", reason)
    assert not CardTry.select().exists()


def test_what_no_limit_counts_any_more_is_deleted():
    with time_machine.travel(NOON, tick=False) as travelled:
        card_tries.note(card_tries.places(HERE, 12), "P0")
        travelled.shift(card_tries.KEPT)
        card_tries.forget_expired()
        assert CardTry.select().exists()
        travelled.shift(timedelta(seconds=1))
        card_tries.forget_expired()
    assert not CardTry.select().exists()
