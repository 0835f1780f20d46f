"""Attacks 43 and 51: log lines forged by what is typed, personal data in logs and addresses."""

import io
import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from adapters import logs
from models import Account, Person


@pytest.fixture
def written(app):
    """Return what the portal logs meanwhile, as its lines."""
    stream = io.StringIO()
    handler = logs.configure(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_a_request_is_one_line_with_the_id_its_answer_bears(client, written):
    answer = client.get("/connexion")
    [line] = written()
    assert (line["message"], line["level"]) == ("GET account.sign_in 200", "INFO")
    assert line["request"] == answer.headers["X-Request-ID"]
    assert line["ms"] > 0
    assert abs(datetime.fromisoformat(line["at"]) - datetime.now(UTC)) < timedelta(minutes=1)  # whatever the zone here


def test_what_is_typed_forges_no_line(client, written):
    client.get("/mon-dossier/comptes/F1%0A%7B%22level%22%3A%22FORGED%22%7D?suite=x%0d%0aFORGED")
    assert "FORGED" not in json.dumps(written())


def test_an_address_is_never_logged(client, written):
    client.get("/mot-de-passe/a-secret-token")
    client.get("/courriel/a-secret-token")
    assert "a-secret-token" not in json.dumps(written())


def test_an_exceptions_message_may_quote_a_row_and_is_left_out(app, written):
    try:
        Person.get(Person.card_number == "QMAGB12345678")
    except Person.DoesNotExist:
        logging.getLogger("portal").exception("lost")
    [line] = written()
    assert "12345678" not in json.dumps(line)
    assert line["exc_info"].startswith("PersonDoesNotExist < ")


def test_the_journey_logs_nobody(citizen, written):
    citizen.joins(email="planted@example.com")
    citizen.signs_out()
    citizen.signs_in(password="wrong planted word")
    text = json.dumps(written(), ensure_ascii=False)
    assert Account.select().exists()
    for planted in (citizen.person.card_number[5:], "planted", citizen.person.last_name, "genevieve"):
        assert planted not in text


def test_what_is_said_again_and_again_is_written_once_with_how_often(written):
    log = logging.getLogger("portal.worker")
    with time_machine.travel(datetime(2026, 11, 23, tzinfo=UTC), tick=False) as hours:
        for number in range(50):
            log.warning("payment %d could not be advanced: %s", number, object())
        log.warning("another sentence")
        assert len(written()) == 2
        hours.shift(timedelta(minutes=10, seconds=1))
        log.warning("payment %d could not be advanced: %s", 51, object())
    assert written()[-1]["repeated"] == 49


def test_two_faults_in_one_sentence_are_both_written(written):
    log = logging.getLogger("portal.jobs")
    for kind in (ValueError, KeyError, ValueError):
        try:
            raise kind
        except kind:
            log.exception("%s failed", "mail")
    assert [line["exc_info"].split(" ")[0] for line in written()] == ["ValueError", "KeyError"]


def test_requests_are_all_written(client, written):
    for _time in range(3):
        client.get("/connexion")
    assert len(written()) == 3
