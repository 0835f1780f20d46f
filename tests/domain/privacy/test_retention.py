"""What is past its time goes; the ledger never, and nothing that is still needed."""

from datetime import date, timedelta

import pytest

from domain.billing import receipts
from domain.common import clock
from domain.privacy import retention
from models import (
    Alert,
    ChangeRequest,
    ElectronicConsent,
    Incident,
    LedgerEntry,
    Membership,
    Message,
    Payment,
    Person,
    Receipt,
    TaxReceipt,
    write,
)
from settings import RETENTION
from tests.databases import dump
from tests.factories import make_account, make_household, make_invoice, make_person, make_tax_receipt, pay_elsewhere

TODAY = clock.today()
LONG_AGO = TODAY - RETENTION["people"] - timedelta(days=1)


@pytest.fixture
def old(db) -> Person:
    return make_person(make_household(), expires_on=LONG_AGO, email="old@example.com")


def paid_long_ago(payer: Person, **values) -> Payment:
    household = Membership.get(Membership.person == payer).household
    payment = pay_elsewhere((make_invoice(household, issued_on=LONG_AGO, **values), 10_000))
    Payment.update(payer=payer, created_at=clock.now() - RETENTION["people"] * 2).execute()
    return Payment.get_by_id(payment.id)


def test_a_person_nothing_refers_to_is_gone(old):
    retention.apply(TODAY)
    assert not Person.select().exists()


def test_a_person_of_the_books_becomes_nobody_and_the_ledger_stays(old):
    paid_long_ago(old)
    entries = list(LedgerEntry.select().dicts())
    retention.apply(TODAY)
    person = Person.get()
    assert person.name == "Personne effacée"
    assert not {old.card_number, old.email, old.address, old.phone} & set(map(str, person.__data__.values()))
    assert person.birth_date == date(1900, 1, 1)
    assert list(LedgerEntry.select().dicts()) == entries
    retention.apply(TODAY)
    assert Person.get().card_number == person.card_number


def test_receipts_kept_for_the_books_tell_nobody_either(old):
    other = make_person(Membership.get(Membership.person == old).household, first_name="Léa", expires_on=TODAY)
    for person in (old, other):
        payment = paid_long_ago(old, person=person)
        with write():
            receipts.issue(payment)
    assert old.name in dump()
    retention.apply(TODAY)
    kept = dump()
    assert old.name not in kept
    assert old.address not in Receipt.get().printed
    assert kept.count(other.name) == 1
    assert "Personne effacée" in Receipt.get().printed


def test_the_tax_receipts_of_someone_erased_go_with_her(old):
    paid_long_ago(old)
    ElectronicConsent.create(person=old)
    other = make_person()
    first = make_tax_receipt(old, cancelled_at=clock.now())
    make_tax_receipt(old, replaces=first)
    hers = make_tax_receipt(other)
    retention.apply(TODAY)
    assert list(TaxReceipt.select()) == [hers]
    assert not ElectronicConsent.select().exists()


def test_the_same_card_may_come_again(old):
    paid_long_ago(old)
    retention.apply(TODAY)
    make_person(card_number=old.card_number)
    assert Person.select().count() == 2


def owes(person):
    make_invoice(Membership.get(Membership.person == person).household, issued_on=LONG_AGO)


def has_account(person):
    make_account(person)


def was_billed_lately(person):
    household = Membership.get(Membership.person == person).household
    pay_elsewhere((make_invoice(household), 10_000))


def paid_lately(person):
    payment = paid_long_ago(person)
    Payment.update(created_at=clock.now()).where(Payment.id == payment.id).execute()


def asks(person):
    ChangeRequest.create(kind="correction", person=person, words="x")


def renews(person):
    Person.update(expires_on=TODAY).execute()


@pytest.mark.parametrize("still_needed", [owes, has_account, was_billed_lately, paid_lately, asks, renews])
def test_someone_still_needed_is_not_touched(old, still_needed):
    still_needed(old)
    before = Person.get().__data__
    assert retention.apply(TODAY)["people"] == 0
    assert Person.get().__data__ == before | {"expires_on": Person.get().expires_on}


def make_old(kind: str, age: timedelta) -> None:
    at = clock.now() - age
    if kind == "sent messages":
        Message.create(recipient="a@example.com", subject="x", body="link", sent_at=at)
    elif kind == "decided requests":
        ChangeRequest.create(kind="correction", person=make_person(), words="x", decided_at=at)
    elif kind == "closed alerts":
        Alert.create(kind="guessing", subject=str(age), details="x", closed_at=at)
    else:
        texts = dict.fromkeys(("data_concerned", "circumstances", "happened", "persons", "risk", "notices"), "x")
        Incident.create(known_on=at.date(), measures="x", recorded_by="x", **texts)


@pytest.mark.parametrize("kind", ["sent messages", "decided requests", "closed alerts", "incidents"])
def test_each_kind_goes_after_its_period_and_not_before(db, kind):
    make_old(kind, RETENTION[kind] - timedelta(days=2))
    make_old(kind, RETENTION[kind] + timedelta(days=2))
    assert retention.count(TODAY)[kind] == 1
    assert retention.apply(TODAY)[kind] == 1
    assert retention.apply(TODAY)[kind] == 0


def test_messages_not_sent_stay(db):
    Message.create(recipient="a@example.com", subject="x", body="x", created_at=clock.now() - timedelta(days=400))
    assert retention.apply(TODAY)["sent messages"] == 0


def test_a_dry_run_changes_nothing(app):
    make_person(make_household(), expires_on=LONG_AGO)
    words = app.test_cli_runner().invoke(args=["retention", "--dry-run"]).output
    assert "1 personne(s)" in words
    assert Person.select().exists()
    app.test_cli_runner().invoke(args=["retention"])
    assert not Person.select().exists()
