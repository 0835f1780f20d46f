"""One question that fails stops nothing behind it; a gateway that is away is not asked for ever."""

import pytest

from domain.payments import asking
from domain.payments.gateway import AccountRefused, GatewayDown, NoSuchCharge, Uncertain


@pytest.fixture
def asked() -> list[int]:
    return []


def answering(asked: list[int], failing: dict[int, Exception]):
    def ask(row: int) -> None:
        asked.append(row)
        if row in failing:
            raise failing[row]

    return ask


@pytest.mark.parametrize("problem", [Uncertain("odd"), NoSuchCharge("x"), GatewayDown("x")])
def test_those_behind_one_that_fails_are_asked_and_the_failure_is_told(asked, problem):
    failed: list[int] = []
    with pytest.raises(type(problem)):
        asking.each(range(6), answering(asked, {0: problem, 3: problem}), failed.append)
    assert (asked, failed) == ([0, 1, 2, 3, 4, 5], [0, 3])


def test_nothing_fails_nothing_is_raised(asked):
    asking.each(range(3), answering(asked, {}))
    assert asked == [0, 1, 2]


def test_a_gateway_that_answers_nothing_is_left_alone(asked):
    with pytest.raises(Uncertain):
        asking.each(range(100), answering(asked, dict.fromkeys(range(1, 100), Uncertain("away"))))
    assert len(asked) == 1 + asking.AWAY_AFTER


def test_a_refused_account_ends_it_at_once(asked):
    with pytest.raises(AccountRefused):
        asking.each(range(3), answering(asked, {0: AccountRefused("keys")}))
    assert asked == [0]


def test_a_fault_of_ours_is_no_silence_of_the_gateways_and_stops_nothing_behind_it(asked):
    with pytest.raises(ZeroDivisionError):
        asking.each(range(4), answering(asked, {0: ZeroDivisionError(), 2: Uncertain("odd")}))
