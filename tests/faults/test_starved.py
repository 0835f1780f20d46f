"""The database locked, the disk full: pages that can be read are, nobody is charged for what could not be written."""

from time import sleep

import pytest

import models
from models import Payment
from tests.databases import held
from tests.faults.town import Town


@pytest.fixture
def town(database_url, tmp_path):
    town = Town(tmp_path, database_url)
    yield town
    town.close()


def test_locked_for_a_while_it_waits_and_reads(town):
    town.server.start()
    resident = town.resident()
    paid = resident.pays(town.owes(resident)).reference
    town.wait(paid, "paid")
    invoice = town.owes(resident)
    town.simulator.breaks("sale", "slow", seconds=0.5)
    reference = resident.pays(invoice).reference
    town.wait(reference, "submitted")
    with held(town.database_url):
        sleep(1)
        assert 'data-state="paid"' in resident.sees(paid)
        assert 'data-state="verifying"' in resident.sees(reference)
    assert town.wait(reference, "paid") == "paid"
    assert town.audit().clean


def test_locked_for_too_long_the_page_says_that_nothing_was_taken(town):
    town.server.start()
    resident = town.resident()
    invoice = town.owes(resident)
    with held(town.database_url):
        answer = resident.pays(invoice)
    assert answer.status == 503
    assert "rien n’a été pris" in answer.html
    assert not Payment.select().exists()
    assert resident.pays(invoice).reference
    town.settle_down()
    assert town.audit().clean


@pytest.mark.sqlite_only
def test_on_a_full_disk_nobody_is_charged_for_what_was_not_written(town):
    residents = [town.resident() for _ in range(60)]
    invoices = [town.owes(resident) for resident in residents]
    models.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # the log written into the file, and begun anew
    town.server.start(largest_file=models.sqlite_file(town.database_url).stat().st_size + 200_000)
    answers = [resident.pays(invoice) for resident, invoice in zip(residents, invoices, strict=True)]
    refused = [answer for answer in answers if answer.status != 303]
    assert refused, "the disk was never full"
    assert all("rien n’a été pris" in answer.html for answer in refused)
    sleep(1.5)
    town.server.kill()
    town.server.start()
    town.settle_down()
    audit = town.audit()
    assert audit.clean, audit
    assert audit.charges == len(answers) - len(refused)
