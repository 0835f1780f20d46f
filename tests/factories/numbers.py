"""Numbers that no two made things share."""

from itertools import count

numbers = count(5_000)  # far from the cards that tests name
