"""Numbers that no two made things share, nor what a test writes by hand, such as card QMAGB00000002."""

from itertools import count

numbers = count(1_000)
