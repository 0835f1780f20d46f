"""Where staff find a child's form: by her card, or by her group."""

import pytest

from models import AuditEvent
from tests.factories import make_group, make_person

PATH = "/personnel/fiches-sante"


def test_page_comes_whole_and_as_fragment_with_the_groups_to_come(clerk):
    group = make_group()
    html = clerk.client.get_page(PATH)
    assert f"{PATH}/groupe/{group.code}" in html


def test_a_card_leads_to_the_childs_page_and_nothing_is_noted_yet(clerk):
    person = make_person()
    answer = clerk.post(PATH, card_number=person.card_number)
    assert (answer.status_code, answer.location) == (303, f"{PATH}/{person.id}")
    assert not AuditEvent.select().where(AuditEvent.person == person).exists()


@pytest.mark.parametrize("wrong", ["", "QMAGB99999999", "x", "a\0"])
def test_no_such_card_is_said(clerk, wrong):
    assert clerk.post(PATH, card_number=wrong).status_code == 422
