"""Half past nine in the evening in Magog, on a machine in UTC, where tomorrow has begun: today is still today."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from domain.billing import reminders
from domain.common import clock, jobs
from domain.payments import reconciliation
from domain.privacy import retention
from models import Message, Person, Session
from tests.factories import (
    make_activity,
    make_invoice,
    make_person,
    make_place,
    make_registration,
    make_saved_card,
)

HALF_PAST_NINE = datetime(2026, 12, 2, 2, 30, tzinfo=UTC)
NEW_YEARS_EVE = datetime(2027, 1, 1, 2, 30, tzinfo=UTC)
TODAY = date(2026, 12, 1)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def evening() -> Iterator[None]:
    with time_machine.travel(HALF_PAST_NINE, tick=True):
        yield


@pytest.fixture
def member(citizen):
    citizen.joins()
    return citizen


def test_the_machine_is_a_day_ahead_and_the_portal_is_not():
    assert date.today() == TOMORROW  # noqa: DTZ011
    assert clock.today() == TODAY


@pytest.mark.parametrize("page", ["comptes", "comptes/factures", "comptes/{number}"])
@pytest.mark.parametrize(("due_on", "late"), [(TODAY, False), (YESTERDAY, True)])
def test_an_invoice_due_today_is_not_late(member, page, due_on, late):
    invoice = make_invoice(member.household, due_on=due_on)
    html = member.client.get_page(f"/mon-dossier/{page.format(number=invoice.number)}")
    assert ('<span class="tag bad">En retard</span>' in html) is late


@pytest.mark.parametrize(("due_on", "late"), [(TODAY, False), (YESTERDAY, True)])
def test_the_dossier_says_late_once_it_is(member, due_on, late):
    make_invoice(member.household, due_on=due_on)
    assert ("en retard" in member.client.get_page("/mon-dossier")) is late


def test_a_slip_bears_todays_date(member):
    make_invoice(member.household)
    assert "Total au 1er\u00a0décembre\u00a02026" in member.client.get_page("/mon-dossier/bordereau")


def test_a_statement_asked_for_without_dates_ends_today(member):
    assert "au 1er\u00a0décembre\u00a02026" in member.client.get_page("/mon-dossier/comptes/releve")


@pytest.mark.parametrize(("expires_on", "expired"), [(TODAY, False), (YESTERDAY, True)])
def test_a_card_valid_until_today_identifies(citizen, expires_on, expired):
    Person.update(expires_on=expires_on).execute()
    assert ("est expirée" in citizen.identifies().text) is expired


@pytest.mark.parametrize(("born", "adult"), [(date(2008, 12, 1), True), (date(2008, 12, 2), False)])
def test_nobody_is_let_in_on_the_eve_of_her_birthday(citizen, born, adult):
    citizen.person = make_person(citizen.household, birth_date=born)
    assert (citizen.identifies().status_code == 303) is adult


def test_a_birth_date_of_tomorrow_is_in_the_future(citizen):
    assert "futur" in citizen.identifies(born=TOMORROW).text
    assert "futur" not in citizen.identifies(born=TODAY).text


def test_ma_famille_does_not_call_a_card_of_today_expired(member):
    make_person(member.household, expires_on=TODAY, first_name="Léa", birth_date=date(2018, 5, 1))
    assert "expirée" not in member.client.get_page("/mon-dossier/famille")
    Person.update(expires_on=YESTERDAY).where(Person.first_name == "Léa").execute()
    assert "expirée" in member.client.get_page("/mon-dossier/famille")


@pytest.mark.parametrize(("expires_on", "pays"), [(TODAY, 303), (YESTERDAY, 422)])
def test_a_saved_card_pays_on_its_last_day(member, expires_on, pays):
    card = make_saved_card(Session.get().account, expires_on=expires_on)
    answer = member.pays_with(card, make_invoice(member.household))
    assert answer.status_code == pays
    assert ("Expirée" in member.client.get_page("/mon-dossier/coffre")) is (pays == 422)


def test_what_takes_place_tonight_is_still_to_come(member):
    tonight = make_activity(
        starts_on=TODAY, ends_on=TODAY, weekdays="mar", starts_at=time(21), ends_at=time(22), title="Hockey du soir"
    )
    make_registration(member.person, tonight)
    assert "Hockey du soir" in member.client.get_page("/mon-dossier/activites")


def test_the_last_evening_of_a_waiting_list_still_shows(member):
    over_tonight = make_activity(starts_on=YESTERDAY, ends_on=TODAY, weekdays="lun mar", title="Cours complet")
    make_registration(member.person, over_tonight, status="waiting")
    assert "Cours complet" in member.client.get_page("/mon-dossier/activites")


def test_a_places_week_begins_today(client):
    place = make_place()
    make_activity(place, starts_on=TODAY, ends_on=TODAY, weekdays="mar", title="Patin de ce soir")
    assert "Patin de ce soir" in client.get_page(f"/localisations/{place.code}")


def test_reminders_are_of_the_day_it_is(member, city, app):
    letters = app.extensions["portal"].letters
    account = Session.get().account
    account.email, account.email_confirmed_at = "g@example.com", clock.now()
    account.save()
    make_invoice(member.household, due_on=TODAY)
    Message.delete().execute()
    reminders.write_due(letters, city, clock.today())
    assert not Message.select().exists(), "due today: neither before nor after"


def test_the_day_to_match_is_the_one_that_ended(app, gateway, context, simulator):
    reconciliation.match_days_due(context)
    assert jobs.done_until(reconciliation.DAILY) == YESTERDAY


def test_nothing_is_erased_a_day_early(app, city):
    limit = city.retention.cards.length
    Person.update(expires_on=TODAY - limit).execute()
    assert retention.count(city)["cards"] == 0


def test_on_new_years_eve_the_year_is_not_over(member):
    with time_machine.travel(NEW_YEARS_EVE, tick=True):
        Session.update(created_at=clock.now(), seen_at=clock.now()).execute()
        assert ">2027<" not in member.client.get_page("/mon-dossier/recus-fiscaux")
