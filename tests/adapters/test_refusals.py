"""Why a card was refused: each reason that one can act on has its words, and the bank is blamed only when it was it."""

from types import SimpleNamespace

import pytest
from braintree import Transaction

from adapters.braintree import transactions
from domain.payments.gateway import NotCharged, Uncertain
from views.messages import paying

REJECTIONS = [value for name, value in vars(Transaction.GatewayRejectionReason).items() if not name.startswith("_")]
BY_THE_BANK = ("declined", "funds", "limit", "call_bank", "authentication")


def refused(status: str, *, code: str = "", rejection: str | None = None) -> str:
    """Return why a sale that ended so was refused."""
    answer = {"id": "x", "status": status, "processor_response_code": code, "gateway_rejection_reason": rejection}
    result = SimpleNamespace(is_success=False, transaction=SimpleNamespace(**answer))
    with pytest.raises(NotCharged) as refusal:
        transactions.outcome(result)
    return refusal.value.reason


@pytest.mark.parametrize("rejection", [one for one in REJECTIONS if one != "duplicate"])
def test_what_the_gateways_rules_stop_is_never_the_banks_doing(app, rejection):
    reason = refused("gateway_rejected", rejection=rejection)
    with app.test_request_context():
        for words in (paying.refusal(reason), paying.not_kept(reason)):
            assert "banque a refusé" not in words.replace("n’a rien refusé", "")
            assert "banque de cette carte" not in words
    assert reason != "declined"


def test_a_duplicate_is_no_refusal():
    with pytest.raises(Uncertain):
        refused("gateway_rejected", rejection="duplicate")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("2000", "declined"), ("2001", "funds"), ("2002", "limit"), ("2003", "limit"), ("2004", "expired"),
        ("2005", "number"), ("2006", "date"), ("2010", "cvv"), ("2044", "call_bank"), ("2059", "postal_code"),
        ("2060", "postal_code_and_cvv"), ("2099", "authentication"), ("2024", "kind"), ("2026", "city"),
        ("2014", "declined"), ("2999", "declined"),
    ],
)  # fmt: skip
def test_a_banks_answer_has_its_reason(code, expected):
    assert refused("processor_declined", code=code) == expected


@pytest.mark.parametrize("code", ["3000", "3001", ""])
def test_a_failure_of_the_network_is_no_refusal_of_the_bank(code):
    assert refused("failed", code=code) == "network"


def test_every_reason_has_its_own_words_and_says_what_to_do(app):
    reasons = {*transactions.REJECTIONS.values(), *transactions.RESPONSES.values()}
    with app.test_request_context():
        said = {reason: paying.refusal(reason) for reason in reasons}
        plain = paying.refusal("declined")
    assert len(set(said.values()) | {plain}) == len(reasons) + 1
    for reason, words in said.items():
        assert ("Votre banque" in words and "n’a rien refusé" not in words) == (reason in BY_THE_BANK), reason
        assert any(verb in words for verb in ("Essayez", "Vérifiez", "Écrivez", "Appelez", "Payez", "Attendez")), reason
