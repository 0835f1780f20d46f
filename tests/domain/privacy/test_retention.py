"""What is past its time is proposed; it goes once somebody approved it, as she saw it, and the list of it stays."""

from datetime import timedelta

import pytest

from domain.common import clock
from domain.privacy import retention
from domain.privacy.retention import OtherList
from domain.privacy.series import PAST_A_TIME, Kind
from domain.staff import accounts
from models import Alert, AuditEvent, Destruction, EmailConfirmation, Message, StaffAccount
from tests.databases import dump
from tests.factories import make_account

pytestmark = pytest.mark.usefixtures("db")

LONG_AGO = clock.now() - timedelta(days=900)


@pytest.fixture
def staff(app) -> StaffAccount:
    accounts.add("greffe", "admin")
    return StaffAccount.get()


@pytest.fixture
def letters(app):
    return app.extensions["portal"].letters


def settled(subject: str, closed_at=LONG_AGO) -> Alert:
    return Alert.create(kind="guessing", subject=subject, details="{}", closed_at=closed_at)


def test_nothing_goes_before_somebody_approves_it(city, letters):
    settled("2024-01-01 08")
    for _ in range(2):
        retention.clean_up(letters, city)
        retention.propose(city)
        retention.carry_out(letters, city)
    assert Alert.select().count() == 1
    [proposal] = retention.proposed()
    assert (proposal.series, proposal.rows, proposal.number) == (Kind.ALERTS, 1, city.retention.alerts.number)
    assert proposal.first_on == proposal.last_on == LONG_AGO.date()


def test_approved_it_goes_and_the_list_says_what_how_many_when_and_by_whom(city, letters, staff):
    for n in range(retention.AT_ONCE + 5):
        settled(f"{n}", LONG_AGO + timedelta(days=n))
    kept = settled("lately", clock.now())
    retention.propose(city)
    retention.approve(staff, [retention.as_shown(row) for row in retention.proposed()])
    assert Alert.select().count() == retention.AT_ONCE + 6, "not on the page's thread"
    assert retention.carry_out(letters, city) == {Kind.ALERTS: retention.AT_ONCE + 5}
    assert list(Alert.select()) == [kept]
    [done] = retention.approved()
    assert (done.approved_by, done.rows, done.destroyed) == ("greffe", retention.AT_ONCE + 5, retention.AT_ONCE + 5)
    assert (done.first_on, done.last_on) == (LONG_AGO.date(), (LONG_AGO + timedelta(days=retention.AT_ONCE + 4)).date())
    assert done.finished_at
    assert AuditEvent.select().where(AuditEvent.action == "destruction approved").get().subject == "alerts 25"
    assert retention.carry_out(letters, city) == {}


def test_what_became_another_list_is_not_approved(city, staff):
    settled("one")
    retention.propose(city)
    shown = [retention.as_shown(row) for row in retention.proposed()]
    settled("two")
    retention.propose(city)
    with pytest.raises(OtherList):
        retention.approve(staff, shown)
    with pytest.raises(OtherList):
        retention.approve(staff, ["no list"])
    assert retention.approved() == []


def test_two_that_approve_one_list_approve_it_once(city, staff):
    settled("one")
    retention.propose(city)
    shown = [retention.as_shown(row) for row in retention.proposed()]
    retention.approve(staff, shown)
    with pytest.raises(OtherList):
        retention.approve(staff, shown)
    retention.propose(city)
    assert retention.proposed() == [], "what is approved is not proposed again before it is done"


def test_what_was_needed_again_meanwhile_stays_and_the_list_says_how_many_went(city, letters, staff):
    again, old = settled("again"), settled("old")
    retention.propose(city)
    retention.approve(staff, [retention.as_shown(row) for row in retention.proposed()])
    Alert.update(closed_at=None).where(Alert.id == again.id).execute()
    retention.carry_out(letters, city)
    assert list(Alert.select()) == [again]
    [done] = retention.approved()
    assert (done.rows, done.destroyed) == (2, 1)
    assert old not in Alert.select()


def test_what_is_past_its_time_no_more_is_proposed_no_more(city):
    alert = settled("one")
    retention.propose(city)
    Alert.update(closed_at=None).where(Alert.id == alert.id).execute()
    retention.propose(city)
    assert not Destruction.select().exists()


def test_the_list_names_no_resident(city, letters, staff):
    person = make_account().person
    Message.create(recipient="genevieve@example.com", subject="x", body="Bonjour Geneviève", sent_at=LONG_AGO)
    retention.propose(city)
    retention.approve(staff, [retention.as_shown(row) for row in retention.proposed()])
    retention.carry_out(letters, city)
    told = str(list(Destruction.select().dicts()))
    assert not [word for word in (person.first_name, person.card_number, "genevieve") if word in told]
    assert "genevieve@example.com" not in dump()


def test_a_series_is_counted_past_its_own_period_and_not_before(db, city):
    period = city.retention.alerts.length
    settled("day before", clock.now() - period + timedelta(days=1))
    assert retention.count(city)[Kind.ALERTS] == 0
    settled("day after", clock.now() - period - timedelta(days=2))
    assert retention.count(city) == {series.kind: int(series.kind == Kind.ALERTS) for series in PAST_A_TIME}


def test_links_to_confirm_that_nobody_could_use_for_weeks_go_by_themselves(city, letters):
    account = make_account()
    for digest, days in (("old", 41), ("new", 39)):
        expired = clock.now() - timedelta(days=days)
        EmailConfirmation.create(token_digest=digest, account=account, email="a@example.com", expires_at=expired)
    retention.clean_up(letters, city)
    assert [row.token_digest for row in EmailConfirmation.select()] == ["new"]


def test_the_command_counts_proposes_and_carries_out_what_was_approved(app, city, staff):
    settled("one")
    words = app.test_cli_runner().invoke(args=["retention", "--dry-run"]).output
    assert "1 Avertissements au personnel" in words
    assert not Destruction.select().exists()
    app.test_cli_runner().invoke(args=["retention"])
    retention.approve(staff, [retention.as_shown(row) for row in retention.proposed()])
    assert "détruit, comme approuvé" in app.test_cli_runner().invoke(args=["retention"]).output
    assert not Alert.select().exists()
