"""What the house asks of a card gateway, and that Braintree's keeps the promise to the letter."""

import inspect

import pytest

from adapters.braintree.gateway import BraintreeGateway
from domain.payments.gateway import Gateway, NotCharged, NotKept

PROMISED = sorted(name for name in vars(Gateway) if not name.startswith("_"))


def parameters(owner: type, name: str) -> list[tuple[str, object, object]]:
    """Return a method's parameters: names, how each is given, and of which type."""
    signature = inspect.signature(getattr(owner, name)).parameters.values()
    return [(one.name, one.kind, one.annotation) for one in signature]


@pytest.mark.parametrize("name", PROMISED)
def test_braintrees_gateway_takes_and_gives_what_was_promised(name):
    assert parameters(BraintreeGateway, name) == parameters(Gateway, name)
    kept, promised = (inspect.signature(getattr(owner, name)) for owner in (BraintreeGateway, Gateway))
    assert kept.return_annotation == promised.return_annotation


@pytest.mark.parametrize("name", PROMISED)
def test_whoever_calls_may_leave_out_what_the_promise_lets_her_leave_out(name):
    promised = inspect.signature(getattr(Gateway, name)).parameters.values()
    kept = inspect.signature(getattr(BraintreeGateway, name)).parameters
    optional = [one.name for one in promised if one.default is not inspect.Parameter.empty]
    assert [one for one in optional if kept[one].default is inspect.Parameter.empty] == []


@pytest.mark.parametrize("refusal", [NotCharged, NotKept])
def test_a_refusal_says_its_reason_even_when_the_gateway_had_no_words(refusal):
    assert (refusal("declined").reason, str(refusal("declined"))) == ("declined", "declined")
    told = refusal("funds", "2001 Insufficient Funds")
    assert (told.reason, str(told)) == ("funds", "2001 Insufficient Funds")
    assert NotCharged("funds").words == "funds"
