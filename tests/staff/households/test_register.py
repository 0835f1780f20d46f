"""Registering for who is on the phone."""

import re
from datetime import timedelta

import pytest

from domain.common import clock
from models import Activity, AuditEvent, CartItem, Invoice, Registration
from tests.domain.cart.hold import held
from tests.factories import make_group, make_household, make_person, make_price
from views.messages import staff

REASON = "Décision du directeur"


@pytest.fixture
def child(clerk):
    return make_person(make_household("D01000001"), first_name="Léa")


def path(household="D01000001") -> str:
    return f"/personnel/foyers/{household}/inscrire"


def test_page_comes_whole_and_as_fragment(clerk, child):
    make_group(title="Club été, semaine 1")
    html = clerk.client.get_page(path())
    assert child.card_number in html
    assert "Club été, semaine 1" in html


def test_no_such_household_is_not_found(clerk):
    assert clerk.client.get(path("inconnu")).status_code == 404


def test_the_place_is_held_with_its_invoice_due_and_it_is_noted(clerk, child):
    group = make_group()
    make_price(option="garde", label="Garde", amount_cents=3_500)
    html = clerk.post(path(), activity=group.code, person=child.card_number, option="garde").text
    item, invoice = CartItem.get(), Invoice.get()
    assert (item.state, item.invoice_id, item.made_by) == (CartItem.HELD, invoice.id, clerk.username)
    assert invoice.total_cents == 9_300
    assert invoice.number in html
    event = AuditEvent.get(AuditEvent.action == "registered on behalf")
    assert (event.person_id, event.subject) == (child.id, group.code)


def test_nothing_to_pay_is_registered_at_once(clerk, child):
    clerk.post(path(), activity=make_group(price_cents=0).code, person=child.card_number)
    assert Registration.get().status == Registration.CONFIRMED


def test_a_cheque_has_three_days(clerk, child):
    clerk.post(path(), activity=make_group().code, person=child.card_number, cheque="y")
    assert timedelta(days=2, hours=23) < CartItem.get().held_until - clock.now() <= timedelta(days=3)


def test_the_same_rules_refuse_unless_passed_with_a_reason(clerk, child):
    group = make_group(age_max=3)
    answer = clerk.post(path(), activity=group.code, person=child.card_number)
    assert answer.status_code == 422
    assert "son âge" in answer.text
    assert not CartItem.select().exists()
    passes(clerk, answer, group, child)
    assert CartItem.get().override_reason == REASON


def passes(clerk, answer, group, child):
    """Press again on the page that names the rules, with a reason."""
    seen = re.search(r'name="rules_seen"[^>]* value="([^"]*)"', answer.text)[1]
    return clerk.post(path(), activity=group.code, person=child.card_number, override_reason=REASON, rules_seen=seen)


def test_a_script_that_knows_no_page_passes_with_a_reason_and_the_rules_are_named(clerk, child):
    """The contract's own fields, without the page's: one POST."""
    group = make_group(age_max=3)
    done = clerk.post(path(), activity=group.code, person=child.card_number, override_reason=REASON)
    assert done.status_code == 200
    assert CartItem.get().override_reason == REASON
    assert AuditEvent.get(AuditEvent.action == "rules passed").subject == f"{group.code}: age"


def test_the_page_always_sends_what_it_named(clerk, child):
    assert re.search(r'name="rules_seen"[^>]* value=""', clerk.client.get_page(path()))


def test_a_reason_passes_the_rules_that_the_page_named_and_they_are_in_the_journal(clerk, child):
    group = make_group(age_max=3, needs_level="NAGE-2")
    answer = clerk.post(path(), activity=group.code, person=child.card_number, override_reason=REASON, rules_seen="")
    assert answer.status_code == 422
    assert not CartItem.select().exists()
    panel = re.search(r'<p class="panel">(.*?)</p>', answer.text)[1]
    assert "son âge" in panel
    assert "réussir un niveau" in panel
    done = passes(clerk, answer, group, child)
    assert CartItem.get().state == CartItem.HELD
    assert (
        "Vous êtes passé outre\u00a0: son âge n’est pas celui du groupe, il faut d’abord réussir un niveau."
        in done.text
    )
    event = AuditEvent.get(AuditEvent.action == "rules passed")
    assert (event.person_id, event.subject) == (child.id, f"{group.code}: age level")
    assert staff.subject(event) == (
        f"{group.code}\u00a0: son âge n’est pas celui du groupe, il faut d’abord réussir un niveau"
    )


def test_a_rule_that_was_not_named_is_asked_again(clerk, child):
    group = make_group(age_max=3)
    answer = clerk.post(path(), activity=group.code, person=child.card_number, override_reason=REASON, rules_seen="")
    Activity.update(needs_level="NAGE-2").execute()
    again = passes(clerk, answer, group, child)
    assert again.status_code == 422
    assert not CartItem.select().exists()
    assert not AuditEvent.select().where(AuditEvent.action == "rules passed").exists()
    assert passes(clerk, again, group, child).status_code == 200
    assert CartItem.get().state == CartItem.HELD


@pytest.mark.parametrize("other", ["group", "child"])
def test_what_was_named_for_another_passes_nothing(clerk, child, other):
    group = make_group(age_max=3)
    answer = clerk.post(path(), activity=group.code, person=child.card_number, override_reason=REASON, rules_seen="")
    if other == "group":
        group = make_group(age_max=3)
    else:
        child = make_person(child.memberships.get().household)
    assert passes(clerk, answer, group, child).status_code == 422
    assert not CartItem.select().exists()


def test_without_a_reason_what_was_named_is_not_passed(clerk, child):
    group = make_group(age_max=3)
    answer = clerk.post(path(), activity=group.code, person=child.card_number)
    seen = re.search(r'name="rules_seen"[^>]* value="([^"]*)"', answer.text)[1]
    assert clerk.post(path(), activity=group.code, person=child.card_number, rules_seen=seen).status_code == 422
    assert not CartItem.select().exists()


def test_no_rule_is_named_where_a_reason_helps_nobody(clerk, child):
    group = make_group(price_cents=None)
    answer = clerk.post(path(), activity=group.code, person=child.card_number, override_reason=REASON, rules_seen="")
    again = passes(clerk, answer, group, child)
    assert again.status_code == 422
    assert 'rules_seen" type="hidden" value="">' in again.text


def test_the_capacity_is_never_passed(clerk, child):
    group = make_group(capacity=0)
    answer = clerk.post(path(), activity=group.code, person=child.card_number, override_reason="s’il vous plaît")
    assert answer.status_code == 422
    assert not CartItem.select().exists()


@pytest.mark.parametrize(
    "sent", [{"activity": "inconnue"}, {"person": "QMAGB99999999"}, {"activity": ""}, {"person": ""}]
)
def test_what_is_unknown_is_said(clerk, child, sent):
    values = {"activity": make_group().code, "person": child.card_number} | sent
    assert clerk.post(path(), **values).status_code == 422
    assert not CartItem.select().exists()


def test_what_the_family_holds_itself_is_not_confirmed_with_it(clerk, child):
    other = make_person(child.memberships.get().household)
    family = make_group()
    mine = held(child.memberships.get().household, other, family)
    clerk.post(path(), activity=make_group().code, person=child.card_number)
    assert CartItem.get_by_id(mine.id).invoice_id is None
    assert Invoice.select().count() == 1


def test_what_is_not_open_yet_is_said_to_be_a_wish_and_no_place(clerk, child):
    soon = make_group(opens_residents=clock.now() + timedelta(hours=1), starts_on=clock.today() + timedelta(days=60))
    html = clerk.post(path(), activity=soon.code, person=child.card_number).text
    assert CartItem.get().state == CartItem.WISH
    assert "c’est fait" not in html
    assert "ce n’est pas une place" in html


@pytest.mark.parametrize("typed", ["gardee", "Garde", "garde, diner"])
def test_an_option_that_there_is_not_is_said_and_takes_no_place(clerk, child, typed):
    group = make_group()
    make_price(option="garde", label="Garde", amount_cents=3_500)
    answer = clerk.post(path(), activity=group.code, person=child.card_number, option=typed)
    assert answer.status_code == 422
    assert "Options possibles\u00a0: garde." in answer.text
    assert not CartItem.select().exists()


def paper(**ago: float) -> tuple[str, object]:
    """An hour that a sheet of paper bears, as its field is filled, and the same in UTC."""
    moment = (clock.now() - timedelta(**ago)).replace(second=0, microsecond=0)
    return clock.local(moment).strftime("%Y-%m-%dT%H:%M"), moment


def test_what_was_taken_on_paper_bears_its_hour_and_the_journal_says_it(clerk, child):
    group, (typed, moment) = make_group(), paper(hours=3)
    clerk.post(path(), activity=group.code, person=child.card_number, taken_at=typed)
    item = CartItem.get()
    assert (item.chosen_at, item.held_at) == (moment, moment)
    assert item.held_until > clock.now()  # she has as long to pay as anybody
    event = AuditEvent.get(AuditEvent.action == "registered from paper")
    assert event.subject == f"{group.code}, {typed.replace('T', ' ')}"


def test_what_closed_since_is_taken_and_what_was_not_open_then_is_not(clerk, child):
    now, (typed, _moment) = clock.now(), paper(hours=3)
    closed = make_group(closes=now - timedelta(hours=1))
    clerk.post(path(), activity=closed.code, person=child.card_number, taken_at=typed)
    assert CartItem.get().activity == closed
    late = make_group(opens_everyone=now - timedelta(hours=1), opens_residents=now - timedelta(days=1), title="Tard")
    child.resident = False
    child.save()
    assert clerk.post(path(), activity=late.code, person=child.card_number, taken_at=typed).status_code == 422
    assert CartItem.select().count() == 1


def test_the_price_is_that_of_the_papers_day(clerk, child):
    group, (typed, moment) = make_group(), paper(days=2)
    day = clock.local(moment).date()
    make_price(group.program, 4_000, first_day=day, last_day=day)
    clerk.post(path(), activity=group.code, person=child.card_number, taken_at=typed)
    assert Invoice.get().total_cents == 4_000


@pytest.mark.parametrize("ago", [{"minutes": -2}, {"days": 7, "minutes": 2}])
def test_an_hour_to_come_or_a_week_old_is_refused(clerk, child, ago):
    answer = clerk.post(path(), activity=make_group().code, person=child.card_number, taken_at=paper(**ago)[0])
    assert (answer.status_code, "7 jours" in answer.text) == (422, True)
    assert not CartItem.select().exists()


@pytest.mark.parametrize("typed", ["hier", "2026-13-01T10:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-12-05"])
def test_what_is_no_hour_is_said(clerk, child, typed):
    answer = clerk.post(path(), activity=make_group().code, person=child.card_number, taken_at=typed)
    assert answer.status_code == 422
    assert not CartItem.select().exists()


def test_however_early_the_paper_the_capacity_is_never_passed(clerk, child):
    group = make_group(capacity=1)
    other = make_household()
    held(other, make_person(other), group)
    sent = {"activity": group.code, "person": child.card_number, "taken_at": paper(days=6)[0]}
    assert clerk.post(path(), **sent, override_reason="premier arrivé").status_code == 422
    assert CartItem.select().count() == 1
