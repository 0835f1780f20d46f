"""What an invoice is for, in short."""

import pytest

from domain.billing import summaries
from models import InvoiceLine
from tests.factories import make_household, make_invoice, make_person
from views.messages.billing import summary


@pytest.mark.parametrize(
    ("more_cents", "said"),
    [((), ""), ((500,), " et 1 autre article"), ((500, 0), " et 2 autres articles"), ((-500,), "")],
)
def test_a_summary_names_the_child_and_counts_the_other_things_but_no_rebate(db, more_cents, said):
    home = make_household()
    invoice = make_invoice(home, description="Club été", person=make_person(home, first_name="Léa"))
    first = InvoiceLine.get()
    for position, cents in enumerate(more_cents, start=2):
        fields = first.__data__ | {"position": position, "unit_price_cents": cents, "net_cents": cents}
        InvoiceLine.create(**{name: value for name, value in fields.items() if name != "id"})
    [found] = summaries.of([invoice])
    assert summary(found.summary) == f"Club été · Léa{said}"


def test_each_of_several_has_its_own_words_and_one_without_lines_none(db):
    home = make_household()
    first, bare, second = (make_invoice(home, description=words) for words in ("Aquaforme", "Rien", "Yoga"))
    InvoiceLine.delete().where(InvoiceLine.invoice == bare).execute()
    said = [one.summary and one.summary.description for one in summaries.of([first, bare, second])]
    assert said == ["Aquaforme", None, "Yoga"]
