"""Two texts that look alike are the same, from a form as from a file."""

import pytest

from domain.common.cleaning import clean, composed


@pytest.mark.parametrize(
    ("brought", "kept"),
    [
        ("QMAGB\u200b90001030", "QMAGB90001030"),  # zero-width space
        ("\ufeffBédard", "Bédard"),  # a second byte-order mark
        ("Be\u0301dard", "Bédard"),  # an accent apart
        ("Be\u034f\u0301dard", "Bédard"),  # and a joiner between
        ("\u202aO’Brien\u202c", "O’Brien"),  # pasted from a phone's contacts
        ("coop\u00aderative", "cooperative"),  # soft hyphen
        ("Lé\u2060a", "Léa"),
        ("Zoé\u3164", "Zoé"),  # a letter that has no ink
        ("12\true Neuve", "12 rue Neuve"),
        ("a\u2028b", "a b"),
    ],
)
def test_what_nobody_sees_is_dropped(brought, kept):
    assert clean(brought) == kept
    assert clean(kept) == kept


@pytest.mark.parametrize("seen", ["Nguyễn Thị Ánh", "ᐊᓂᖅ", "O’Brien-D'Amours", "1\u00a0234,56\u00a0$", "a\nb"])
def test_what_is_seen_stays(seen):
    assert clean(seen) == seen


def test_a_secret_is_composed_only():
    assert composed("e\u0301\u200b") == "é\u200b"
