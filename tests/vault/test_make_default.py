"""One default at most, the account's choice."""

from models import SavedCard
from tests.factories import make_saved_card


def test_another_card_is_offered_first(member):
    first = make_saved_card(member.account, is_default=True)
    second = make_saved_card(member.account, last_four="4444")
    answer = member.post(f"/mon-dossier/coffre/{second.reference}/defaut", "/mon-dossier/coffre")
    assert answer.location == "/mon-dossier/coffre"
    assert not SavedCard.get_by_id(first.id).is_default
    assert SavedCard.get_by_id(second.id).is_default
    html = member.client.get_page("/mon-dossier/coffre")
    assert html.index("4444") < html.index("1111")


def test_a_card_on_its_way_out_does_not_become_the_default(member):
    kept = make_saved_card(member.account, is_default=True)
    going = make_saved_card(member.account, state="removing")
    member.post(f"/mon-dossier/coffre/{going.reference}/defaut", "/mon-dossier/coffre")
    assert SavedCard.get_by_id(kept.id).is_default
    assert not SavedCard.get_by_id(going.id).is_default
