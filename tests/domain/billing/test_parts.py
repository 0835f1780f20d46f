"""Which of several invoices one is."""

from city_registration import InstalmentPlan
from domain.billing import invoices, parts
from models import Invoice
from tests.domain.cart.test_confirm import confirms, priced
from tests.factories import make_household, make_invoice
from views.messages.billing import summary

IN_THREE = InstalmentPlan(percent=[50, 25, 25], due=[0, 30, 60])


def test_each_of_three_says_which_it_is_and_one_alone_says_nothing(app):
    home = make_household()
    three = confirms(home, priced(home, 9_000, plan=IN_THREE))
    alone = make_invoice(home)
    assert parts.of([*three, alone]) == {one.id: (at, 3) for at, one in enumerate(three, 1)}
    with app.test_request_context():
        said = [summary(one.summary) for one in invoices.payable([home.id])]
    assert sum("versement" in words for words in said) == 3
    assert any("versement 2 de 3" in words for words in said)


def test_a_place_paid_at_once_beside_one_in_parts_changes_nothing(app):
    home = make_household()
    three = confirms(home, priced(home, 4_000), priced(home, 9_000, plan=IN_THREE))
    assert parts.of(three[:1]) == {one.id: (at, 3) for at, one in enumerate(three, 1)}


def test_what_was_cancelled_is_no_part(app):
    home = make_household()
    three = confirms(home, priced(home, 9_000, plan=IN_THREE))
    Invoice.update(status=Invoice.CANCELLED).execute()
    assert parts.of(three) == {}
