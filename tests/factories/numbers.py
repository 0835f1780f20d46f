"""Numbers that no two made things share."""

from itertools import count

numbers = count(1)
