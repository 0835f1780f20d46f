"""How each series goes: whole, or without what tells of somebody; the ledger never, nor what is still needed."""

import json
from datetime import date, timedelta

import pytest

from domain.billing import household_credits, receipts
from domain.billing.household_credits import Brought
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.money import Amounts
from domain.common.outbox import FAR
from domain.people.reviews import Decision
from domain.privacy import retention
from domain.privacy.series import PAST_A_TIME
from models import (
    Activity,
    Alert,
    AskedField,
    CartItem,
    ChangeRequest,
    CreditNote,
    ElectronicConsent,
    GuestPayer,
    HouseholdCredit,
    Incident,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Membership,
    Message,
    Payment,
    Person,
    Receipt,
    Refund,
    Registration,
    Reservation,
    ReviewRequest,
    TaxReceipt,
    write,
)
from tests.databases import dump
from tests.factories import (
    make_account,
    make_activity,
    make_household,
    make_invoice,
    make_person,
    make_place,
    make_registration,
    make_tax_receipt,
    pay_elsewhere,
)

TODAY = clock.today()
YEARS = timedelta(days=366)
LONG_AGO = TODAY - 7 * YEARS - timedelta(days=2)
AT_LONG_AGO = clock.noon(LONG_AGO)


@pytest.fixture
def goes(db, city):
    """Return what destroys a series as if it were approved, and returns how many rows went."""

    def destroy(kind: str) -> int:
        series = next(one for one in PAST_A_TIME if one.kind == kind)
        rows = list(series.rule.past(retention.limit(series, city), city))
        with write():
            series.rule.destroy(rows, None, city)
        return len(rows)

    return destroy


@pytest.fixture
def old(db) -> Person:
    return make_person(make_household(), expires_on=LONG_AGO, email="old@example.com", school="3", levels="NAT-3")


def paid_long_ago(payer: Person, **values) -> Payment:
    household = Membership.get(Membership.person == payer).household
    payment = pay_elsewhere((make_invoice(household, issued_on=LONG_AGO, **values), 10_000))
    Payment.update(payer=payer, created_at=AT_LONG_AGO, resolved_at=AT_LONG_AGO).where(
        Payment.id == payment.id
    ).execute()
    return Payment.get_by_id(payment.id)


def test_a_person_nothing_refers_to_is_gone(old, goes):
    goes("cards")
    assert not Person.select().exists()


def test_a_person_of_the_books_becomes_nobody_and_the_ledger_stays(old, goes):
    paid_long_ago(old)
    entries = list(LedgerEntry.select().dicts())
    goes("cards")
    person = Person.get()
    assert person.name == "Personne effacée"
    assert not {old.card_number, old.email, old.address, old.phone, old.school, old.levels} & set(
        map(str, person.__data__.values())
    )
    assert person.birth_date == date(1900, 1, 1)
    assert list(LedgerEntry.select().dicts()) == entries
    goes("cards")
    assert Person.get().card_number == person.card_number


def test_receipts_kept_for_the_books_tell_nobody_either(old, goes):
    other = make_person(Membership.get(Membership.person == old).household, first_name="Léa", expires_on=TODAY)
    for person in (old, other):
        payment = paid_long_ago(old, person=person)
        with write():
            receipts.issue(payment)
    assert old.name in dump()
    goes("cards")
    kept = dump()
    assert old.name not in kept
    assert old.address not in Receipt.get().printed
    assert kept.count(other.name) == 1
    assert "Personne effacée" in Receipt.get().printed


def test_the_tax_receipts_of_someone_erased_go_with_her(old, goes):
    paid_long_ago(old)
    ElectronicConsent.create(person=old)
    other = make_person()
    first = make_tax_receipt(old, cancelled_at=clock.now())
    make_tax_receipt(old, replaces=first)
    hers = make_tax_receipt(other)
    goes("cards")
    assert list(TaxReceipt.select()) == [hers]
    assert not ElectronicConsent.select().exists()


def test_the_same_card_may_come_again(old, goes):
    paid_long_ago(old)
    goes("cards")
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


def is_asked_for(person):
    asked = ChangeRequest.create(kind="fields", person=make_person(), words="x")
    AskedField.create(request=asked, person=person, field="phone", wanted="819 843-0000")


def asks_for_a_review(person):
    ReviewRequest.create(decision=Decision.CARD_EXPIRED, person=person, phone="8198430000")


def renews(person):
    Person.update(expires_on=TODAY).execute()


@pytest.mark.parametrize(
    "still_needed", [owes, has_account, was_billed_lately, paid_lately, asks, is_asked_for, asks_for_a_review, renews]
)
def test_someone_still_needed_is_not_touched(old, goes, still_needed):
    still_needed(old)
    before = Person.get_by_id(old.id).__data__
    assert goes("cards") == 0
    assert Person.get_by_id(old.id).__data__ == before


def make_old(kind: str, at) -> None:
    if kind == "messages":
        Message.create(recipient="a@example.com", subject="x", body="link", sent_at=at, created_at=at)
    elif kind == "requests":
        ChangeRequest.create(kind="correction", person=make_person(), words="x", decided_at=at)
    elif kind == "reviews":
        ReviewRequest.create(decision=Decision.CARD_EXPIRED, phone="8198430000", decided_at=at)
    elif kind == "alerts":
        Alert.create(kind="guessing", subject=str(at), details="{}", closed_at=at)
    elif kind == "registrations":
        activity = make_activity(ends_on=at.date(), starts_on=at.date())
        Registration.create(code=str(at), activity=activity, person=make_person(), registered_on=at.date())
    elif kind == "reservations":
        Reservation.create(code=str(at), place=make_place(), household=make_household(), starts_at=at, ends_at=at)
    else:
        texts = dict.fromkeys(("data_concerned", "circumstances", "happened", "persons", "risk", "notices"), "x")
        Incident.create(known_on=at.date(), measures="x", recorded_by="x", **texts)


WHOLE = {
    "messages": Message,
    "requests": ChangeRequest,
    "reviews": ReviewRequest,
    "alerts": Alert,
    "incidents": Incident,
    "registrations": Registration,
    "reservations": Reservation,
}


@pytest.mark.parametrize("kind", WHOLE)
def test_each_kind_goes_after_its_period_and_not_before(goes, city, kind):
    period = getattr(city.retention, kind).length
    make_old(kind, clock.now() - period + timedelta(days=2))
    make_old(kind, clock.now() - period - timedelta(days=2))
    assert goes(kind) == 1
    assert WHOLE[kind].select().count() == 1
    assert goes(kind) == 0


def test_a_letter_waiting_stays_and_one_given_up_goes_as_the_sent_ones(goes):
    at = clock.now() - timedelta(days=400)
    waits = Message.create(recipient="a@example.com", subject="x", body="x", created_at=at)
    Message.create(recipient="b@example.com", subject="x", body="", created_at=at, due_at=FAR)
    assert goes("messages") == 1
    assert list(Message.select()) == [waits]


def test_the_words_of_old_settled_lines_go_and_their_amounts_stay(goes):
    home = make_household()
    pay_elsewhere((make_invoice(home, issued_on=LONG_AGO, description="Camp de Zoé Cartier"), 10_000))
    make_invoice(home, issued_on=LONG_AGO, description="Encore due, Zoé")
    pay_elsewhere((make_invoice(home, description="De cette année, Zoé"), 10_000))
    amounts = list(InvoiceLine.select(InvoiceLine.net_cents, InvoiceLine.tax_code, InvoiceLine.ledger_account).tuples())
    assert goes("invoices") == 1
    described = {line.description for line in InvoiceLine.select()}
    assert described == {InvoiceLine.ERASED, "Encore due, Zoé", "De cette année, Zoé"}
    columns = InvoiceLine.net_cents, InvoiceLine.tax_code, InvoiceLine.ledger_account
    assert list(InvoiceLine.select(*columns).tuples()) == amounts
    assert goes("invoices") == 0


def test_the_words_of_an_old_credit_go_once_it_is_used(goes):
    lines = json.dumps([{"description": "Camp de Zoé"}])
    owing, owed = make_household(), make_household()
    make_invoice(owing)
    with write():
        for number, home in (("C1", owing), ("C2", owed)):
            amounts = Amounts(-100, 0, 0, -100)
            brought = Brought(number, home.id, LONG_AGO, amounts, [("4100", -100)], lines)
            household_credits.bring(brought, Listener())
    assert goes("credits") == 1
    assert {row.number: row.lines for row in HouseholdCredit.select()} == {"C1": "[]", "C2": lines}


def test_a_choice_goes_once_no_registration_comes_of_it(goes):
    home = make_household()
    ended = make_activity(starts_on=LONG_AGO, ends_on=LONG_AGO)
    common = {"household": home, "activity": ended, "state": CartItem.LAPSED}
    free = CartItem.create(person=make_person(home), **common)
    bound = CartItem.create(person=make_person(home), **common)
    make_registration(bound.person, ended, item=bound)
    assert goes("cart") == 1
    assert list(CartItem.select()) == [bound]
    assert free != bound
    goes("registrations")
    assert goes("cart") == 1


def old_receipt(payer: Person) -> Receipt:
    payment = paid_long_ago(payer, person=payer, description="Camp de Zoé Cartier")
    Payment.update(card_brand="Visa", card_last_four="4242").where(Payment.id == payment.id).execute()
    with write():
        receipt = receipts.issue(Payment.get_by_id(payment.id))
    Receipt.update(issued_at=AT_LONG_AGO).where(Receipt.id == receipt.id).execute()
    return Receipt.get_by_id(receipt.id)


def test_an_old_receipt_keeps_its_amounts_and_tells_nobody(goes, city):
    payer = make_person(make_household())
    receipt = old_receipt(payer)
    before = receipts.document(receipt, city)
    refund = Refund.create(payment=receipt.payment, amount_cents=100, cause="staff", reason="absence de Zoé")
    CreditNote.create(number="N1", payment=receipt.payment, refund=refund, amount_cents=100, reason="absence de Zoé")
    GuestPayer.create(payment=receipt.payment, name="Zoé Cartier")
    assert goes("receipts") == 1
    after = receipts.document(Receipt.get(), city)
    assert (after.number, after.total_cents, after.issued_at) == (before.number, before.total_cents, before.issued_at)
    assert (after.payer, after.payer_address, after.card) == ("", [], "")
    assert [line.whom for invoice in after.invoices for line in invoice.lines] == [""]
    InvoiceLine.update(description="").execute()  # another series
    assert not [word for word in ("Zoé", "4242", payer.name + '"') if word in dump()]
    assert goes("receipts") == 0


def guest(state: str, days_ago: int) -> GuestPayer:
    payment = pay_elsewhere((make_invoice(make_household()), 10_000))
    at = clock.now() - timedelta(days=days_ago)
    Payment.update(state=state, resolved_at=at).where(Payment.id == payment.id).execute()
    return GuestPayer.create(payment=payment, name="Mamie Cartier", email="mamie@example.com", key=f"k{payment.id}")


def test_where_to_write_to_a_guest_goes_after_a_year_and_her_name_stays_with_the_receipt(goes):
    paid, lately = guest(Payment.PAID, 400), guest(Payment.PAID, 300)
    assert goes("guests") == 1
    kept = {row.id: (row.name, row.email, row.key) for row in GuestPayer.select()}
    assert kept == {paid.id: ("Mamie Cartier", "", None), lately.id: ("Mamie Cartier", "mamie@example.com", lately.key)}
    assert goes("guests") == 0


def test_of_a_guest_who_did_not_pay_nothing_is_kept(goes):
    payment = Payment.create(
        reference="P1", amount_cents=100, state=Payment.REFUSED, resolved_at=clock.now() - timedelta(days=400)
    )
    GuestPayer.create(payment=payment, name="Mamie Cartier", email="mamie@example.com")
    assert goes("guests") == 1
    assert not GuestPayer.select().exists()


def test_the_books_are_as_they_were_whatever_goes(goes):
    payer = make_person(make_household(), expires_on=LONG_AGO)
    old_receipt(payer)
    books = [list(table.select().order_by(table.id).dicts()) for table in (LedgerEntry, Invoice, Activity)]
    for series in PAST_A_TIME:
        goes(series.kind)
    assert books == [list(table.select().order_by(table.id).dicts()) for table in (LedgerEntry, Invoice, Activity)]
    assert "Zoé" not in dump()
    assert payer.first_name not in dump()
