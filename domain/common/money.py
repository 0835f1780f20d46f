"""Amounts in integer cents: Quebec's sales taxes, and sharing an amount out without losing a cent."""

from collections.abc import Sequence
from dataclasses import dataclass

TPS_THOUSANDTHS_OF_PERCENT = 5_000
TVQ_THOUSANDTHS_OF_PERCENT = 9_975
HUNDRED_PERCENT = 100_000


@dataclass(frozen=True)
class LineTaxes:
    """The taxes of one invoice line, in cents."""

    tps_cents: int
    tvq_cents: int


@dataclass(frozen=True)
class Amounts:
    """The amounts of an invoice, in cents."""

    subtotal_cents: int
    tps_cents: int
    tvq_cents: int
    total_cents: int


def half_up(numerator: int, denominator: int) -> int:
    """Divide and round to the nearest whole number, halves away from zero."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def tps(base_cents: int) -> int:
    """Return the TPS in cents on an amount before tax: 5 %, half a cent rounds up."""
    return half_up(base_cents * TPS_THOUSANDTHS_OF_PERCENT, HUNDRED_PERCENT)


def tvq(base_cents: int) -> int:
    """Return the TVQ in cents on an amount before tax: 9.975 %, not compounded on TPS since 2013."""
    return half_up(base_cents * TVQ_THOUSANDTHS_OF_PERCENT, HUNDRED_PERCENT)


def line_net(quantity_thousandths: int, unit_price_cents: int) -> int:
    """Return quantity × unit price in cents before tax; a rebate's price is negative."""
    return half_up(quantity_thousandths * unit_price_cents, 1000)


def share(total_cents: int, weights: Sequence[int]) -> list[int]:
    """Share an amount out in proportion to weights by largest remainder; the parts add up to the amount.

    Weights may be negative (a rebate's line) as long as they do not add up to nothing.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total_cents * weight // whole for weight in weights]
    remainders = [(total_cents * weight % whole) * (1 if whole > 0 else -1) for weight in weights]
    in_order = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in in_order[: total_cents - sum(parts)]:
        parts[i] += 1
    return parts


def share_next(before_cents: int, cents: int, weights: Sequence[int]) -> list[int]:
    """Share out what comes after `before_cents`, so that all the parts together are those of the whole.

    Sharing each instalment by itself would miss the whole's taxes by a cent, in one split out of three.
    """
    so_far, until_now = share(before_cents, weights), share(before_cents + cents, weights)
    return [now - then for now, then in zip(until_now, so_far, strict=True)]


def tax_lines(nets_cents: Sequence[int], taxable: Sequence[bool]) -> list[LineTaxes]:
    """Tax an invoice on its taxable subtotal and share the taxes out to its lines.

    Taxing each line would differ by a cent on one invoice in ten from what the paper says.
    """
    bases = [net if taxed else 0 for net, taxed in zip(nets_cents, taxable, strict=True)]
    base = sum(bases)
    shares = zip(share(tps(base), bases), share(tvq(base), bases), strict=True)
    return [LineTaxes(tps_cents, tvq_cents) for tps_cents, tvq_cents in shares]
