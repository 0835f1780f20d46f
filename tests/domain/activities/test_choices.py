"""What stands in a cart, as it is chosen."""

from domain.activities import choices
from domain.activities.choices import Choice
from models import CartItem
from tests.factories import make_group, make_household, make_person


def item(**values) -> CartItem:
    household = make_household()
    values = {"household": household, "person": make_person(household), "activity": make_group()} | values
    return CartItem.create(state=CartItem.WISH, **values)


def test_it_comes_with_its_options_and_what_would_do_instead_in_order(app):
    first, second = make_group(), make_group()
    one = item(options="garde autobus", fallbacks=f"{second.code} inconnu {first.code}", together="x")
    wanted = Choice(one.person, one.activity, ("garde", "autobus"), (second, first), "x")
    assert choices.as_choices([one]) == [wanted]


def test_those_that_go_together_stand_where_the_first_does(app):
    found = [item(together="x"), item(), item(together="x")]
    groups = choices.in_groups(found, choices.as_choices(found))
    assert [[one.id for one, _choice in group] for group in groups] == [[found[0].id, found[2].id], [found[1].id]]
