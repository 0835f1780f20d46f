"""What the portal tells by itself to who runs the machine."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from adapters.braintree.gateway import BraintreeGateway
from adapters.mail_templates import Letters
from city import load_city
from domain.billing import ledger
from domain.common import alerts
from domain.common.facts import Fact
from domain.common.outbox import FAR
from domain.operations import health, watch
from domain.operations.health import Seen, Wrong
from models import Counter, Invoice, LedgerEntry, Message
from settings import load
from tests.factories import make_household, make_invoice

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WELL = Seen("0008", lambda: True, 60, True)
ADDRESS = "it@ville.qc.ca"


@pytest.fixture
def hours(db):
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def letters() -> Letters:
    return Letters(Path("templates/mail"), load_city(Path("city.toml")), "https://dossier.example.ca")


def bodies() -> list[str]:
    return [message.body for message in Message.select().order_by(Message.id)]


def test_what_goes_wrong_is_told_once_a_day_while_it_lasts(hours, letters):
    full = replace(WELL, free_percent=5)
    for _time in range(3):
        watch.tell(letters, ADDRESS, full)
    [body] = bodies()
    assert "le disque a moins de 10" in body
    hours.shift(timedelta(days=1, minutes=1))
    watch.tell(letters, ADDRESS, full)
    assert len(bodies()) == 2


def test_something_else_is_told_at_once_with_what_lasts(hours, letters):
    watch.tell(letters, ADDRESS, replace(WELL, free_percent=5))
    watch.tell(letters, ADDRESS, replace(WELL, free_percent=5, workers_turn=False))
    assert "le disque" in bodies()[1]
    assert "s’est arrêté" in bodies()[1]


def test_what_ended_and_comes_again_is_news(hours, letters):
    for free in (5, 60, 5):
        watch.tell(letters, ADDRESS, replace(WELL, free_percent=free))
    assert len(bodies()) == 2


def test_a_well_portal_writes_nothing(hours, letters):
    watch.tell(letters, ADDRESS, WELL)
    watch.tell_what_waits(letters, ADDRESS)
    assert bodies() == []


def test_with_no_address_nothing_is_written_and_nothing_fails(hours, letters):
    watch.tell(letters, "", replace(WELL, free_percent=5))
    assert bodies() == []


@pytest.mark.parametrize("wrong", Wrong)
def test_each_thing_that_may_be_wrong_has_its_words(letters, wrong):
    _subject, body = letters.write("portal_attention", wrong=[Fact(wrong)])
    assert "- " in body


def test_what_waits_is_told_by_kind_and_number_and_names_nobody(hours, letters):
    alerts.raise_alert(alerts.Kind.GUESSING, "x", count=3)
    Message.create(recipient="genevieve@example.com", subject="s", body="b", due_at=FAR)
    watch.tell_what_waits(letters, ADDRESS)
    body = bodies()[-1].replace("\u00a0", " ")
    assert "avertissements : 1" in body
    assert "courriels abandonnés : 1" in body
    assert "/personnel" in body
    assert "genevieve" not in body


def test_since_when_the_gateway_is_silent_is_kept_until_it_answers(hours, environment, simulator):
    down = BraintreeGateway(load(environment | {"SIMULATOR_URL": "http://127.0.0.1:9"}))
    watch.look_at_gateway(down)
    hours.shift(timedelta(minutes=20))
    watch.look_at_gateway(down)
    assert Counter.kept_moment(health.SILENT_SINCE) == NOON.replace(tzinfo=None)
    watch.look_at_gateway(BraintreeGateway(load(environment | {"SIMULATOR_URL": simulator.url})))
    assert Counter.kept_moment(health.SILENT_SINCE) is None


def test_books_that_do_not_balance_are_an_alert_until_they_do(hours):
    make_invoice(make_household())
    watch.look_at_books()
    assert not alerts.is_open(alerts.Kind.BOOKS)
    entry = {"posting": "astray", "invoice": Invoice.get(), "account": ledger.RECEIVABLE}
    LedgerEntry.create(debit_cents=1_200, **entry)
    watch.look_at_books()
    assert alerts.is_open(alerts.Kind.BOOKS)
    LedgerEntry.create(credit_cents=1_200, **entry)
    watch.look_at_books()
    assert not alerts.is_open(alerts.Kind.BOOKS)
