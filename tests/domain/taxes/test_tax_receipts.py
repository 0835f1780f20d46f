"""When receipts for taxes are issued, cancelled and replaced."""

from datetime import date, datetime, timedelta

import pytest

from domain.common import clock
from domain.common.alerts import Kind
from domain.taxes import consents, tax_receipts
from models import Account, Alert, Message, Person, TaxReceipt
from tests.domain.taxes.conftest import LAST_YEAR, THIS_YEAR, give_back, knowing_until
from tests.factories import (
    make_activity,
    make_invoice,
    make_payment_under_way,
    make_person,
    make_registration,
    make_tax_receipt,
    take_back,
)


def sent() -> list[Message]:
    return list(Message.select().where(Message.subject.contains("reçus")).order_by(Message.id))


def valid():
    return [(one.kind, one.amount_cents) for one in TaxReceipt.select() if one.cancelled_at is None]


def test_a_gift_has_its_receipt_at_once_and_a_year_when_it_is_over(pays, issuing):
    pays("donation", 2_500, year=THIS_YEAR)
    pays("child_care", 7_000, year=THIS_YEAR)
    issuing(date(THIS_YEAR, 11, 23))
    assert valid() == [("donation", 2_500)]
    issuing(date(THIS_YEAR, 12, 31))
    assert valid() == [("donation", 2_500)]
    issuing(date(THIS_YEAR + 1, 1, 1))
    assert valid() == [("donation", 2_500), ("child_care", 7_000)]


def test_nothing_is_issued_twice(pays, issuing):
    pays("child_care")
    pays("donation")
    issuing()
    before = issuing()
    for days in range(3):
        assert issuing(clock.today() + timedelta(days=days)) == before


def test_years_are_montreals(member, pays, issuing):
    older = make_person(member.household, birth_date=date(LAST_YEAR - 8, 5, 4))
    midnight = datetime(LAST_YEAR, 1, 1, 5)  # in Montreal
    pays("activity", 1_000, person=older, resolved_at=midnight - timedelta(minutes=1))
    pays("activity", 2_000, person=older, resolved_at=midnight)
    issuing()
    assert {(one.year, one.amount_cents) for one in TaxReceipt.select()} == {(LAST_YEAR - 1, 1_000), (LAST_YEAR, 2_000)}


def test_each_gift_has_its_own_and_each_child_hers(member, pays, issuing):
    second = make_person(member.household, first_name="Tom", birth_date=member.child.birth_date)
    for cents in (1_000, 2_000):
        pays("donation", cents)
        pays("child_care", cents, person=second)
        pays("child_care", cents)
    issuing()
    assert sorted(valid()) == [("child_care", 3_000)] * 2 + [("donation", 1_000), ("donation", 2_000)]


def test_a_gift_waits_for_the_address_and_comes_with_it(member, pays, issuing):
    Person.update(address="").where(Person.id == member.person.id).execute()
    pays("donation", year=THIS_YEAR)
    issuing(date(THIS_YEAR, 11, 23))
    assert valid() == []
    Person.update(address="12, rue Merry Nord").where(Person.id == member.person.id).execute()
    issuing(date(THIS_YEAR, 11, 23))
    assert valid() == []
    issuing(date(THIS_YEAR, 11, 24))
    assert valid() == [("donation", 10_000)]


def test_days_of_care_known_later_make_a_new_receipt(member, pays, issuing):
    pays("child_care")
    (first,) = issuing(date(THIS_YEAR, 1, 10))
    assert first.lacks == "days"
    camp = make_activity(category="child_care", starts_on=date(LAST_YEAR, 7, 1), ends_on=date(LAST_YEAR, 7, 31))
    make_registration(member.child, camp)
    first, second = issuing(date(THIS_YEAR, 1, 11))
    assert first.cancelled_at
    assert (second.replaces_id, second.lacks) == (first.id, "")


def test_a_refund_in_part_replaces_the_receipt(charged, issuing, gateway, context):
    payment = charged("donation", 10_000)
    (first,) = issuing()
    give_back(payment, 4_000, context)
    first, second = issuing()
    assert first.cancelled_at
    assert (second.amount_cents, second.replaces_id, second.cancelled_at) == (6_000, first.id, None)
    assert first.number != second.number


def test_a_whole_refund_cancels_it_and_the_number_never_comes_again(charged, issuing, gateway, context):
    payment = charged("donation", 10_000)
    (first,) = issuing()
    give_back(payment, 10_000, context)
    (first,) = issuing()
    assert first.cancelled_at
    charged("donation", 5_000)
    assert issuing()[-1].number == "D000002"


def test_a_refund_of_last_years_care_changes_last_year(charged, issuing, gateway, context):
    payment = charged("child_care", 5_000)
    next_year = date(clock.today().year + 1, 1, 15)
    (first,) = issuing(next_year)
    give_back(payment, 2_000, context)
    _, second = issuing(next_year)
    assert (second.year, second.amount_cents) == (clock.today().year, 3_000)


def test_an_uncertain_payment_has_none(member, issuing):
    gift = make_invoice(member.household, category="donation", person=member.person)
    make_payment_under_way(gift, payer=member.person, account=member.account)
    assert issuing() == []


def test_numbers_are_without_a_gap_and_each_kind_has_its_own(member, pays, issuing):
    for cents in (100, 200, 300):
        pays("donation", cents)
        pays("activity", cents, person=make_person(birth_date=member.child.birth_date))
    issuing()
    numbers = sorted(one.number for one in TaxReceipt.select())
    assert numbers == ["A000001", "A000002", "A000003", "D000001", "D000002", "D000003"]


def test_a_large_citys_receipts_are_made_a_part_at_a_time(pays, issuing, app, city):
    for _ in range(tax_receipts.AT_ONCE + 20):
        pays("donation", 100, payer=make_person())
    letters = app.extensions["portal"].letters
    tax_receipts.issue_due(letters, city, clock.today())
    assert 0 < TaxReceipt.select().count() < tax_receipts.AT_ONCE + 20
    issuing()
    assert TaxReceipt.select().count() == tax_receipts.AT_ONCE + 20
    assert len(valid()) == tax_receipts.AT_ONCE + 20


def test_one_persons_odd_data_does_not_hold_up_the_others(pays, issuing, member):
    make_tax_receipt(member.person, number="A000001")  # already given, whoever did it
    pays("activity", payer=make_person())
    pays("donation")
    issuing()
    assert ("donation", 10_000) in valid()
    assert Alert.get().kind == Kind.TAX_RECEIPTS


def test_who_accepted_is_told_of_new_ones_and_of_replaced_ones(member, pays, issuing):
    Account.update(email="g@example.com", email_confirmed_at=clock.now()).execute()
    consents.give(member.account)
    payment = pays("donation")
    issuing()
    take_back(payment, 1_000)
    issuing()
    assert [
        (told.recipient, number in told.body) for told, number in zip(sent(), ("D000001", "D000002"), strict=True)
    ] == [("g@example.com", True)] * 2


def test_who_did_not_accept_is_not_written_to_and_her_receipts_are_to_be_mailed(member, pays, issuing):
    Account.update(email="g@example.com", email_confirmed_at=clock.now()).execute()
    pays("donation")
    issuing()
    assert sent() == []
    assert [one.number for one in tax_receipts.to_mail(LAST_YEAR)] == ["D000001"]
    consents.give(member.account)
    assert tax_receipts.to_mail(LAST_YEAR) == []


@pytest.mark.parametrize("address", [{"email": "", "email_confirmed_at": None}, {"email_confirmed_at": None}])
def test_who_accepted_but_confirmed_no_address_is_not_written_to(member, pays, issuing, address):
    Account.update({"email": "g@example.com"} | address).execute()
    consents.give(member.account)
    pays("donation")
    issuing()
    assert sent() == []


def test_a_receipt_is_found_by_whom_it_was_given_to_and_by_nobody_else(member, pays, issuing):
    pays("donation")
    (receipt,) = issuing()
    assert tax_receipts.find("D000001", member.person.id) == receipt
    for number, payer in (("D000001", make_person(member.household).id), ("D000002", member.person.id), ("\0", 1)):
        with pytest.raises(tax_receipts.NoSuchTaxReceipt):
            tax_receipts.find(number, payer)


def test_a_document_says_what_it_replaces_and_what_replaced_it(member, pays, issuing, city):
    payment = pays("donation", 5_000)
    issuing()
    take_back(payment, 2_000)
    Person.update(last_name="Roy").where(Person.id == member.person.id).execute()
    first, second = (tax_receipts.document(receipt, city) for receipt in issuing())
    assert (first.replaces, first.replaced_by, first.amount_cents) == ("", "D000002", 5_000)
    assert (second.replaces, second.replaced_by, second.amount_cents) == ("D000001", "", 3_000)
    assert (first.printed["payer"], second.printed["payer"]) == ("Geneviève Trần", "Geneviève Roy")
    assert first.cancelled_at
    assert first.is_gift
    assert not first.is_child_care
    of_year = tax_receipts.of_year(member.person.id, LAST_YEAR)
    assert [(one.replacement, one.replaced_number) for one in of_year] == [("D000002", ""), ("", "D000001")]
    assert tax_receipts.of_year(member.person.id, THIS_YEAR) == tax_receipts.of_year(member.child.id, LAST_YEAR) == []


def test_a_cancelled_receipt_is_not_mailed(pays, issuing):
    payment = pays("donation")
    pays("donation", year=LAST_YEAR - 1)
    issuing()
    take_back(payment, 10_000)
    issuing()
    assert tax_receipts.to_mail(LAST_YEAR) == []
    assert [one.year for one in tax_receipts.to_mail(LAST_YEAR - 1)] == [LAST_YEAR - 1]


class TestAges:
    """An adult of 42 got a « Reçu pour activités »: the credit is for children of certain ages."""

    def test_who_is_not_of_the_credits_ages_gets_no_receipt_and_the_others_do(self, member, pays, issuing):
        for years in (42, 16, 4):
            pays("activity", years, person=make_person(member.household, birth_date=date(LAST_YEAR - years, 1, 1)))
        pays("activity", 700)
        pays("child_care", 42, person=make_person(member.household, birth_date=date(LAST_YEAR - 42, 1, 1)))
        pays("child_care", 800)
        issuing()
        assert sorted(valid()) == [("activity", 700), ("child_care", 800)]

    def test_whose_place_it_was_must_be_known(self, pays, issuing):
        pays("activity", person=None)
        pays("child_care", person=None)
        issuing()
        assert valid() == [("child_care", 10_000)]

    def test_what_was_issued_before_stays_and_if_it_is_no_longer_true_nothing_comes_in_its_place(
        self, member, pays, issuing
    ):
        payment = pays("activity", 5_000)
        (given,) = issuing()
        Person.update(birth_date=date(LAST_YEAR - 42, 1, 1)).where(Person.id == member.child.id).execute()
        pays("donation", 100)
        issuing()
        assert ("activity", 5_000) in valid()
        take_back(payment, 2_000)
        issuing()
        assert valid() == [("donation", 100)]
        assert TaxReceipt.get_by_id(given.id).cancelled_at

    def test_a_birth_date_put_right_brings_the_receipt_the_next_day(self, member, pays, issuing):
        adult = date(LAST_YEAR - 42, 1, 1)
        Person.update(birth_date=adult).where(Person.id == member.child.id).execute()
        pays("activity", 5_000)
        issuing(date(THIS_YEAR, 3, 1))
        assert valid() == []
        Person.update(birth_date=date(LAST_YEAR - 8, 1, 1)).where(Person.id == member.child.id).execute()
        issuing(date(THIS_YEAR, 3, 1))
        assert valid() == []
        issuing(date(THIS_YEAR, 3, 2))
        assert valid() == [("activity", 5_000)]

    def test_a_year_that_nobody_looked_up_waits_and_comes_the_day_after_somebody_did(self, app, city, pays):
        def issue(known_until: int, today: date) -> None:
            while tax_receipts.issue_due(app.extensions["portal"].letters, knowing_until(city, known_until), today):
                pass

        pays("activity", 700)
        pays("child_care", 800)
        pays("donation", 900)
        issue(LAST_YEAR - 1, date(THIS_YEAR, 1, 2))
        issue(LAST_YEAR - 1, date(THIS_YEAR, 1, 3))
        assert valid() == [("donation", 900)]
        issue(LAST_YEAR, date(THIS_YEAR, 1, 4))
        assert sorted(valid()) == [("activity", 700), ("child_care", 800), ("donation", 900)]

    def test_what_was_wholly_given_back_is_not_looked_at_each_day(self, app, city, pays, issuing):
        payment = pays("activity", 700)
        issuing(date(THIS_YEAR, 1, 2))
        take_back(payment, 700)
        issuing(date(THIS_YEAR, 1, 2))
        assert tax_receipts.issue_due(app.extensions["portal"].letters, city, date(THIS_YEAR, 1, 3)) == 0
