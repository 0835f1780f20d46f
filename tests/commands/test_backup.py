"""`flask backup`, `flask restore`: what was paid since the copy is found again."""

import sqlite3
import stat

import pytest

import models
from adapters import sqlite_copies
from commands.worker.leases import lock_for
from domain.common import clock
from domain.common.alerts import Kind
from domain.payments import refunds, restore, settlement
from models import Account, Alert, CreditNote, Invoice, Payment, Receipt, Session
from tests.factories import make_household, make_invoice, make_person, pay_elsewhere

pytestmark = pytest.mark.sqlite_only  # a server has tools of its own: tests/commands/test_in_place.py


@pytest.fixture
def environment(environment, simulator):
    return environment | {"SIMULATOR_URL": simulator.url}


@pytest.fixture
def flask(printed):
    return printed


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "copie.db"


@pytest.fixture
def member(citizen):
    citizen.joins()
    return citizen


def pay(member, paying, *invoices) -> Payment:
    payment = member.payment(member.pays(*invoices))
    paying()
    return payment


def test_a_copy_is_whole_and_for_its_owner_alone(flask, copy, member, client):
    flask("backup", copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as opened:
        assert opened.execute("SELECT count(*) FROM account").fetchone() == (1,)
    opened.close()
    assert client.get("/sante").json["last_backup"].startswith(f"{clock.now():%Y-%m-%d}")


def test_a_copy_is_taken_while_someone_writes(flask, copy, member, tmp_path):
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO household (code) VALUES ('half done')")

    sqlite_copies.make(tmp_path / "test.db", copy)
    other.execute("COMMIT")
    other.close()
    with sqlite3.connect(copy) as opened:
        assert opened.execute("SELECT count(*) FROM household WHERE code = 'half done'").fetchone() == (0,)
    opened.close()


def test_the_database_is_not_copied_onto_itself(flask, tmp_path, member):
    assert "la base elle-même" in flask("backup", tmp_path / "test.db", code=1)
    assert Account.select().count() == 1


def test_a_copy_that_cannot_be_written_leaves_the_one_before(flask, copy, tmp_path):
    flask("backup", copy)
    assert "Error" in flask("backup", tmp_path / "nowhere" / "copie.db", code=1)
    assert copy.exists()


def test_a_payment_made_since_the_copy_is_booked_again(flask, copy, member, paying, simulator):
    invoices = [make_invoice(member.household, 10_000), make_invoice(member.household, 10_000)]
    flask("backup", copy)
    before = pay(member, paying, invoices[1])
    old_receipt = Receipt.get().number
    output = flask("restore", copy, "--replace-newer")
    assert f"{before.reference} : retrouvé, 100,00\u00a0$ pour {invoices[1].number}" in output
    assert [Invoice.get_by_id(invoice.id).balance_cents for invoice in invoices] == [10_000, 0]
    found = Payment.get()
    assert (found.reference, found.state, found.payer_id) == (before.reference, "paid", member.person.id)
    assert found.gateway_id == simulator.transactions()[0]["id"]
    assert Receipt.get().number != old_receipt
    assert Receipt.get().number.startswith(f"R{clock.now():%y%m%d}")


def test_a_payment_of_several_invoices_is_found_exactly(flask, copy, member, paying):
    invoices = [make_invoice(member.household, cents) for cents in (100, 200, 300, 300)]
    flask("backup", copy)
    pay(member, paying, invoices[0], invoices[1])
    flask("restore", copy, "--replace-newer")
    assert [Invoice.get_by_id(invoice.id).balance_cents for invoice in invoices] == [0, 0, 300, 300]


def test_a_payment_under_way_at_the_copy_is_never_sent_again(flask, copy, member, paying, simulator):
    payment = member.payment(member.pays(make_invoice(member.household)))
    flask("backup", copy)
    paying()
    flask("restore", copy, "--replace-newer")
    assert Payment.get().state == "unknown"
    flask("reconcile")
    assert (Payment.get().reference, Payment.get().state) == (payment.reference, "paid")
    assert len(simulator.transactions()) == 1


def test_an_invoice_brought_in_since_the_copy_is_paid_when_it_is_brought_in_again(flask, copy, member, paying):
    flask("backup", copy)
    invoice = make_invoice(member.household, 4_200, number="F-NEW")
    pay(member, paying, invoice)
    assert "on ne sait pour quelles factures" in flask("restore", copy, "--replace-newer")
    assert Alert.select().where(Alert.kind == Kind.CHARGE_HELD).exists()
    assert "42,00\u00a0$" in flask("attention")
    make_invoice(member.household, 4_200, number="F-NEW")
    assert "retrouvé" in flask("reconcile")
    assert Invoice.get().balance_cents == 0
    assert "0 chose(s)" in flask("attention")


def test_a_refund_made_since_the_copy_is_booked_again(flask, copy, member, paying, simulator, gateway, context):
    payment = pay(member, paying, make_invoice(member.household, 10_000))
    simulator.ask("POST", "settle-all")
    flask("backup", copy)
    payment = Payment.get_by_id(payment.id)
    refunds.advance(refunds.ask(payment, 2_500, 10_000, "absence").id, context)
    old_number = CreditNote.get().number
    flask("restore", copy, "--replace-newer")
    assert Payment.get().refunded_cents == 2_500
    assert CreditNote.get().amount_cents == 2_500
    assert CreditNote.get().number != old_number


def test_a_newer_database_is_not_replaced_unless_told(flask, copy, member, paying):
    flask("backup", copy)
    pay(member, paying, make_invoice(member.household))
    assert "--replace-newer" in flask("restore", copy, code=1)
    assert Payment.get().state == "paid"


def test_what_is_replaced_is_kept_beside(flask, copy, member, tmp_path):
    flask("backup", copy)
    make_household("after")
    flask("restore", copy)
    [aside] = tmp_path.glob("test.db.avant-*[0-9]")
    with sqlite3.connect(aside) as opened:
        assert opened.execute("SELECT count(*) FROM household WHERE code = 'after'").fetchone() == (1,)
    opened.close()


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\0" * 4000])
def test_a_file_that_is_no_copy_is_refused(flask, copy, member, content):
    copy.write_bytes(content)
    flask("restore", copy, "--replace-newer", code=1)
    assert Account.select().count() == 1


def test_a_copy_cut_short_is_refused(flask, copy, member, tmp_path):
    flask("backup", copy)
    copy.write_bytes(copy.read_bytes()[:20_000])
    flask("restore", copy, "--replace-newer", code=1)
    assert Account.select().count() == 1


def test_nothing_is_put_back_while_the_portal_runs(flask, copy, app, member):
    flask("backup", copy)
    running = lock_for(app.extensions["portal"].settings)
    assert running.acquire()
    assert "en marche" in flask("restore", copy, code=1)
    running.release()


def test_nothing_is_put_back_when_the_gateway_does_not_answer(flask, copy, member, simulator):
    flask("backup", copy)
    simulator.breaks("search", "http_500")
    assert "rien n’est changé" in flask("restore", copy, code=1)
    assert Session.select().exists()


def test_a_restore_cut_in_the_middle_is_finished_before_anyone_pays(flask, copy, member, paying, simulator):
    invoice = make_invoice(member.household)
    flask("backup", copy)
    pay(member, paying, invoice)
    simulator.breaks("find", "http_500")  # the line items
    assert "flask reconcile" in flask("restore", copy, "--replace-newer", code=1)
    assert "à compléter" in flask("db", "status", code=1)
    flask("reconcile")
    flask("db", "status")
    assert Invoice.get().balance_cents == 0


def test_a_restore_cut_short_just_after_the_copy_is_in_place_is_known_for_one(flask, copy, member, paying, tmp_path):
    invoice = make_invoice(member.household)
    flask("backup", copy)
    pay(member, paying, invoice)
    models.database.close()
    models.database.obj.close_all()
    sqlite_copies.put_back(copy, tmp_path / "test.db", clock.now(), restore.UNFINISHED)  # and the machine stops
    assert "à compléter" in flask("db", "status", code=1)
    assert "retrouvé" in flask("reconcile")
    assert Invoice.get().balance_cents == 0
    assert not Session.select().exists()
    flask("db", "status")


def test_a_refund_found_of_a_payment_that_came_back_waits_for_a_person(flask, copy, member, paying, simulator, context):
    pay(member, paying, make_invoice(member.household, 10_000))
    simulator.ask("POST", "settle-all")
    settlement.follow(Payment.get().gateway_id, context.because("sweep"))
    context.gateway.give_back(Payment.get().gateway_id, 3_000)
    simulator.ask("POST", f"transactions/{Payment.get().gateway_id}/status", status="settlement_declined")
    settlement.follow(Payment.get().gateway_id, context.because("sweep"))
    flask("backup", copy)
    assert "à vérifier" in flask("restore", copy)
    flask("db", "status")


def test_what_the_gateway_does_not_know_is_named_from_the_base_that_was_replaced(flask, copy, member, tmp_path):
    invoice = make_invoice(member.household, 10_000)
    other = make_person(member.household)
    flask("backup", copy)
    flask("household", "split", other.card_number)
    pay_elsewhere((invoice, 4_000))
    output = flask("restore", copy, "--replace-newer")
    assert "2 chose(s) faites depuis la copie sont à refaire" in output
    assert "ce qui a été payé depuis est retrouvé" not in output
    told = flask("attention")
    assert "Foyer séparé" in told
    assert other.card_number in told
    assert "importez son fichier de nouveau" in told


def test_when_the_base_before_is_gone_the_days_are_told(flask, copy, member, tmp_path):
    make_invoice(member.household, 10_000)
    flask("backup", copy)
    models.database.close()
    models.database.obj.close_all()
    (tmp_path / "test.db").unlink()
    output = flask("restore", copy)
    assert "ne se retrouve pas" in output
    assert "paiements du comptoir" in flask("attention")
    assert [alert.kind for alert in Alert.select()] == [Kind.UNKNOWN_SINCE_COPY]


def test_nothing_done_since_is_nothing_to_do_again(flask, copy, member):
    make_invoice(member.household, 10_000)
    flask("backup", copy)
    assert "Rien d’autre n’a été fait depuis la copie." in flask("restore", copy, "--replace-newer")
    assert not Alert.select().where(Alert.closed_at.is_null()).exists()


def test_a_charge_made_and_voided_since_the_copy_is_named(flask, copy, member, paying, simulator):
    invoice = make_invoice(member.household, 10_000)
    flask("backup", copy)
    payment = pay(member, paying, invoice)
    simulator.ask("POST", f"transactions/{simulator.transactions()[0]['id']}/status", status="voided")
    output = flask("restore", copy, "--replace-newer")
    assert f"{payment.reference} : 100,00\u00a0$, payé puis annulé depuis la copie" in output
    assert Invoice.get().balance_cents == 10_000
