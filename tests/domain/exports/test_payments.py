"""The file of payments: what came in and what went back, each refund after its payment."""

from datetime import timedelta

from domain.common import clock
from domain.exports import payments
from tests.factories import make_household, make_invoice, pay_elsewhere, take_back


def told() -> list[tuple]:
    return [(row["payment"], row["amount"]) for row in payments.rows()]


def test_a_file_gets_back_the_key_that_it_gave(db):
    pay_elsewhere((make_invoice(make_household()), 4_000), reference="EXT-C1")
    assert told() == [("C1", 4_000)]


def test_a_refund_follows_its_payment_whatever_came_between(db):
    now, home = clock.now(), make_household()
    old = pay_elsewhere((make_invoice(home), 4_000), reference="P1", resolved_at=now - timedelta(days=9))
    pay_elsewhere((make_invoice(home), 5_000), reference="P2", resolved_at=now - timedelta(days=5))
    note = take_back(old, 1_500)
    assert told() == [("P1", 4_000), (f"P1-R-{note.number}", -1_500), ("P2", 5_000)]


def test_what_the_bank_took_back_never_came_in(db):
    one = pay_elsewhere((make_invoice(make_household()), 4_000), reference="P1")
    take_back(one, 1_000)
    take_back(one, 3_000, owed_again=True)
    assert [cents for _key, cents in told()] == [1_000, -1_000]


def test_what_is_here_is_known_by_the_key_that_it_went_out_with(db):
    one = pay_elsewhere((invoice := make_invoice(make_household()), 4_000), reference="P1")
    note = take_back(one, 1_500)
    known = payments.known(["P1", f"P1-R-{note.number}", "C9"])
    assert {key: entry.cents for key, entry in known.items()} == {
        "P1": {invoice.id: 4_000},
        f"P1-R-{note.number}": {invoice.id: -1_500},
    }
