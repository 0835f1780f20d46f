"""Proofs of work: each is accepted once; forms without any share one allowance."""

from datetime import timedelta

import pytest

from domain.access import proof
from domain.common import rate_limits
from models import Attempt, SpentProof
from settings import LIMITS

pytestmark = pytest.mark.usefixtures("stopped", "db")
MOST = LIMITS[rate_limits.UNPROVEN].most


def test_a_proof_is_accepted_once():
    proof.spend("one")
    with pytest.raises(proof.BadProof):
        proof.spend("one")
    proof.spend("another")


def test_a_spent_proof_is_remembered_for_two_hours(stopped):
    proof.spend("one")
    stopped.shift(timedelta(hours=2))
    proof.forget_expired()
    with pytest.raises(proof.BadProof):
        proof.spend("one")
    stopped.shift(timedelta(seconds=1))
    proof.forget_expired()
    assert not SpentProof.select().exists()


def test_the_allowance_without_proof_is_the_whole_sites_and_comes_back_after_an_hour(stopped):
    for _ in range(MOST):
        proof.allow_unproven()
    with pytest.raises(proof.TooManyUnproven):
        proof.allow_unproven()
    assert Attempt.select().count() == MOST, "what is refused does not count"
    stopped.shift(timedelta(hours=1))
    proof.allow_unproven()


def test_a_proof_takes_nothing_from_the_allowance():
    proof.spend("one")
    assert not Attempt.select().exists()
