"""Cents: rounding, Quebec's taxes, sharing an amount out; the expected amounts were worked out by hand."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.common.money import LineTaxes, half_up, line_net, share, share_next, tax_lines, tps, tvq


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (0, 2, 0),
        (1, 2, 1),
        (-1, 2, -1),
        (3, 2, 2),
        (-3, 2, -2),
        (1, 3, 0),
        (2, 3, 1),
        (-2, 3, -1),
        (4, 4, 1),
        (7, 1, 7),
    ],
)
def test_halves_round_away_from_zero(numerator, denominator, expected):
    assert half_up(numerator, denominator) == expected


@pytest.mark.parametrize(
    ("base", "tps_cents", "tvq_cents"),
    [
        (10_000, 500, 998),
        (10_000_000, 500_000, 997_500),
        (100, 5, 10),
        (9, 0, 1),
        (10, 1, 1),
        (-10_000, -500, -998),
        (0, 0, 0),
        (33_333, 1_667, 3_325),
    ],
)
def test_the_taxes_of_an_amount(base, tps_cents, tvq_cents):
    assert (tps(base), tvq(base)) == (tps_cents, tvq_cents)


@pytest.mark.parametrize(
    ("thousandths", "price", "net"),
    [(1_000, 12_345, 12_345), (2_500, 1_001, 2_503), (333, 100, 33), (500, 1, 1), (3_000, -250, -750), (499, 1, 0)],
)
def test_a_line_is_quantity_times_price_to_the_cent(thousandths, price, net):
    assert line_net(thousandths, price) == net


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # the first takes the cent that is left
        (200, [1, 1, 1], [67, 67, 66]),
        (100, [1, 2], [33, 67]),  # the largest remainder takes it
        (11, [3, 1], [8, 3]),  # which need not be the largest part's
        (-11, [-3, -1], [-8, -3]),
        (5, [3, 2], [3, 2]),
        (7, [0, 5, 0], [0, 7, 0]),
        (80, [100, -20], [100, -20]),
        (7, [100, -20], [9, -2]),
        (-7, [-100, 20], [-9, 2]),
        (-100, [-1, -1, -1], [-33, -33, -34]),
        (10, [-1, -2], [3, 7]),
        (5, [0, 0], [0, 0]),
        (0, [3, 4], [0, 0]),
    ],
)
def test_an_amount_is_shared_out_by_largest_remainder(total, weights, parts):
    assert share(total, weights) == parts


@given(st.integers(-1_000_000, 1_000_000), st.lists(st.integers(-1_000, 100_000), min_size=1, max_size=6))
def test_the_parts_add_up_and_are_within_a_cent(total, weights):
    parts, whole = share(total, weights), sum(weights)
    assume(whole)
    assert sum(parts) == total
    assert all(abs(part * whole - total * weight) < abs(whole) for part, weight in zip(parts, weights, strict=True))


def test_taxes_are_those_of_the_taxable_subtotal_shared_out_to_its_lines():
    assert tax_lines([110, 110, 5_000], [True, True, False]) == [LineTaxes(6, 11), LineTaxes(5, 11), LineTaxes(0, 0)]
    assert sum(line.tvq_cents for line in tax_lines([110, 110], [True, True])) == tvq(220) == 22


def test_an_exempt_line_adds_nothing_to_the_taxable_subtotal():
    assert tax_lines([9, 5_000], [True, False]) == [LineTaxes(0, 1), LineTaxes(0, 0)]


def test_each_line_says_whether_it_is_taxable():
    with pytest.raises(ValueError, match="shorter|longer"):
        tax_lines([100, 200], [True])


@given(st.lists(st.tuples(st.integers(-100_000, 1_000_000), st.booleans()), min_size=1, max_size=6))
def test_the_lines_taxes_add_up_to_those_of_the_taxable_subtotal_and_exempt_lines_have_none(lines):
    nets, taxable = zip(*lines, strict=True)
    taxes = tax_lines(nets, taxable)
    base = sum(net for net, taxed in lines if taxed)
    assert (sum(line.tps_cents for line in taxes), sum(line.tvq_cents for line in taxes)) == (tps(base), tvq(base))
    assert {line for line, taxed in zip(taxes, taxable, strict=True) if not taxed} <= {LineTaxes(0, 0)}


@given(st.lists(st.integers(0, 50_000), min_size=1, max_size=4), st.lists(st.integers(0, 9_999), max_size=6))
def test_instalments_add_up_to_the_parts_of_the_whole(weights, instalments):
    before, sums = 0, [0] * len(weights)
    for cents in instalments:
        parts = share_next(before, cents, weights)
        assert sum(parts) == (cents if sum(weights) else 0)
        sums = [total + part for total, part in zip(sums, parts, strict=True)]
        before += cents
    assert sums == share(before, weights)
