"""What the form takes, the mailer can write to, and nothing else."""

import pytest

from domain.common import emails


@pytest.mark.parametrize(
    ("typed", "kept", "sent"),
    [
        ("marie@example.ca", "marie@example.ca", "marie@example.ca"),
        (" Marie@EXAMPLE.ca ", "Marie@example.ca", "Marie@example.ca"),
        ("o’brien@example.ca", "o'brien@example.ca", "o'brien@example.ca"),
        ("marie@hélène.ca", "marie@hélène.ca", "marie@xn--hlne-6oae.ca"),
        ("marie@xn--hlne-6oae.ca", "marie@hélène.ca", "marie@xn--hlne-6oae.ca"),
        ("marie@HE\u0301LE\u0300NE.ca", "marie@hélène.ca", "marie@xn--hlne-6oae.ca"),
        ("ma\u200brie@example.ca", "marie@example.ca", "marie@example.ca"),
    ],
)
def test_an_address_is_kept_one_way_and_sent_in_ascii(typed, kept, sent):
    assert emails.read(typed) == kept
    assert emails.on_the_wire(kept) == sent


@pytest.mark.parametrize(
    "typed",
    [
        "", "marie", "marie@exemple", "marie@localhost", "a@b@c.ca", "a..b@c.ca", "hélène@exemple.ca", "a@b,ca",
        "a@b.ca,c@d.ca", "a@b.ca\r\nBcc: x@y.ca", "a@[127.0.0.1]", "x" * 65 + "@b.ca", '"a b"@c.ca', "a@-b.ca",
    ],
)  # fmt: skip
def test_what_no_letter_reaches_is_refused(typed):
    with pytest.raises(emails.NotAnAddress):
        emails.read(typed)
