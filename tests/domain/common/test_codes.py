"""Codes read aloud: random, and nothing in them is mistaken for something else."""

import pytest

from domain.common.codes import READABLE, readable_secret


@pytest.mark.parametrize("length", [0, 1, 10])
def test_it_is_as_long_as_wanted(length):
    assert len(readable_secret(length)) == length


def test_only_what_can_be_read_aloud_is_in_it_and_all_of_that():
    assert set(readable_secret(5_000)) == set(READABLE)


@pytest.mark.parametrize("alike", ["0O", "1IL", "UV"])
def test_of_what_reads_alike_one_at_most_is_used(alike):
    assert len(set(alike) & set(READABLE)) <= 1


def test_each_character_is_worth_four_bits_and_nine_tenths():
    assert len(READABLE) == len(set(READABLE)) == 30
    assert READABLE.upper() == READABLE


def test_no_two_are_the_same():
    assert len({readable_secret(10) for _ in range(1_000)}) == 1_000
