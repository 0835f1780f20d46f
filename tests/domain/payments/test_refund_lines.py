"""A refund is of the lines it names, and of no more than was paid of them and is not being given back already."""

import pytest
from peewee import fn

from domain.billing import allocation
from domain.billing.issuing import LineDraft
from domain.payments import refund_lines, refunds
from models import CreditAllocation, Invoice, InvoiceLine, LedgerEntry, Payment, Refund, write
from tests.factories import make_household, make_invoice, make_invoice_of, make_person, pay_elsewhere


@pytest.fixture
def camp(db) -> Invoice:
    """Two weeks of camp: 76 $ for Léa, 58 $ for Tom."""
    home = make_household()
    people = [make_person(home, first_name=name) for name in ("Léa", "Tom")]
    lines = [
        LineDraft("Club été", 1_000, cents, InvoiceLine.EXEMPT, "child_care", "4200", person.id)
        for person, cents in zip(people, (7_600, 5_800), strict=True)
    ]
    return make_invoice_of(home, lines)


@pytest.fixture
def payment(camp) -> Payment:
    return pay_elsewhere((camp, 13_400))


@pytest.fixture
def lea_and_tom(camp) -> list[int]:
    return [line.id for line in camp.lines.order_by(InvoiceLine.position)]


def ask(payment: Payment, cents: int, shares=None, method: str = Payment.CASH) -> Refund:
    now = Payment.get_by_id(payment.id)
    return refunds.ask(now, cents, refunds.left_cents(now), "absence", shares=shares, method=method)


def test_what_is_named_is_written_down_when_it_is_asked(payment, lea_and_tom):
    lea, _tom = lea_and_tom
    assert refund_lines.of(ask(payment, 5_800, {lea: 5_800})) == {lea: 5_800}


def test_what_is_asked_of_one_payment_is_reserved_on_no_other(payment, camp):
    other = pay_elsewhere((make_invoice(camp.household, 13_400), 13_400))
    ask(payment, 100)
    assert (Payment.get_by_id(payment.id).refunded_cents, Payment.get_by_id(other.id).refunded_cents) == (100, 0)


def test_without_a_name_it_is_in_proportion_to_what_was_paid(payment, lea_and_tom):
    assert refund_lines.of(ask(payment, 6_700)) == dict(zip(lea_and_tom, (3_800, 2_900), strict=True))


def test_the_last_cent_of_a_line_can_be_named_and_given_back(payment, lea_and_tom):
    lea, tom = lea_and_tom
    ask(payment, 13_399, {lea: 7_599, tom: 5_800})
    assert [(line.id, cents) for line, cents in refund_lines.refundable(payment)] == [(lea, 1)]
    assert refund_lines.of(ask(payment, 1, {lea: 1})) == {lea: 1}
    assert refund_lines.refundable(payment) == []


@pytest.mark.parametrize(
    "shares", [(7_601, 0), (100, 0), (5_800, 1), (-100, 5_900), (0, 5_800)], ids=["more", "less", "other sum", "-", "0"]
)
def test_lines_that_do_not_go_with_the_amount_or_the_payment_are_refused(payment, lea_and_tom, shares):
    amount = 7_601 if shares[0] == 7_601 else 5_800
    with pytest.raises(refund_lines.OtherLines):
        ask(payment, amount, dict(zip(lea_and_tom, shares, strict=True)))
    assert Payment.get_by_id(payment.id).refunded_cents == 0
    assert not Refund.select().exists()


def test_a_line_that_this_payment_did_not_pay_is_refused(payment):
    other = make_invoice_of(make_household(), [LineDraft("Yoga", 1_000, 100, "exempt", "activity", "4100")])
    with pytest.raises(refund_lines.OtherLines):
        ask(payment, 100, {other.lines.get().id: 100})
    with pytest.raises(refund_lines.OtherLines):
        ask(payment, 100, {999_999: 100})


def test_what_a_refund_under_way_has_named_is_not_free_for_another(payment, lea_and_tom):
    lea, tom = lea_and_tom
    ask(payment, 5_000, {lea: 5_000})
    assert [(line.id, cents) for line, cents in refund_lines.refundable(payment)] == [(lea, 2_600), (tom, 5_800)]
    with pytest.raises(refund_lines.OtherLines):
        ask(payment, 2_601, {lea: 2_601})
    assert refund_lines.of(ask(payment, 8_400)) == {lea: 2_600, tom: 5_800}


def hand_over(payment: Payment, cents: int, shares, method: str, context) -> Refund:
    now = Payment.get_by_id(payment.id)
    return refunds.hand_over(now, cents, refunds.left_cents(now), "absence", shares, method, context.listener)


@pytest.mark.parametrize(("method", "account"), [("cash", "cash"), ("cheque", "cheques"), ("credit", "account credit")])
def test_given_back_in_another_way_it_is_done_at_once_out_of_that_account(
    payment, lea_and_tom, context, simulator, method, account
):
    lea, _tom = lea_and_tom
    refund = hand_over(payment, 5_800, {lea: 5_800}, method, context)
    assert Refund.get_by_id(refund.id).state == Refund.DONE
    assert [(row.line_id, row.amount_cents) for row in CreditAllocation.select()] == [(lea, 5_800)]
    gone = LedgerEntry.select().where(LedgerEntry.account == account, LedgerEntry.credit_cents == 5_800)
    assert gone.exists()
    assert simulator.transactions() == []
    assert (Invoice.get().paid_cents, Invoice.get().credited_cents) == (7_600, 5_800)


def test_the_whole_given_back_in_cash_ends_the_payments_life(payment, context):
    hand_over(payment, 13_400, None, Payment.CASH, context)
    assert Payment.get_by_id(payment.id).state == Payment.REFUNDED


def test_money_that_did_not_come_by_card_does_not_go_back_to_one(payment):
    with pytest.raises(refunds.NotRefundable):
        ask(payment, 100, method=Payment.CARD)


def test_a_later_payment_pays_what_is_owed_not_what_was_given_back(camp, lea_and_tom, context):
    """A part is paid, Tom's of it given back: the rest is Léa's and Tom's as far as they still owe."""
    lea, tom = lea_and_tom
    part = pay_elsewhere((camp, 6_700))
    paid = allocation.kept_by_line(part)
    hand_over(part, paid[tom], {tom: paid[tom]}, Payment.CASH, context)
    left = Invoice.get().balance_cents
    assert left == 6_700
    with write():
        rest = pay_elsewhere((Invoice.get(), left))
    assert allocation.kept_by_line(rest) == {lea: 7_600 - paid[lea], tom: 5_800 - paid[tom]}


def yoga(cents: int) -> LineDraft:
    return LineDraft("Yoga", 1_000, cents, InvoiceLine.EXEMPT, "activity", "4100")


class TestRebate:
    """A tennis card of 94,86 $ less a rebate of 14,38 $: 80,48 $ came in, and no more goes back, whatever is named.

    The gateway gave 94,86 $, then the database refused to book it: the refund stayed under way for ever.
    """

    @pytest.fixture
    def tennis(self, db) -> Invoice:
        lines = [LineDraft(name, 1_000, cents, "exempt", "activity", "4201") for name, cents in TENNIS]
        return make_invoice_of(make_household(), lines)

    @pytest.fixture
    def both(self, tennis, camp) -> Payment:
        return pay_elsewhere((tennis, 8_048), (camp, 13_400))

    @pytest.fixture
    def card(self, tennis) -> int:
        return tennis.lines.order_by(InvoiceLine.position).first().id

    def test_a_line_is_offered_with_no_more_than_its_invoice_brought(self, both, card):
        assert [cents for _line, cents in refund_lines.refundable(both)] == [8_048, 7_600, 5_800]

    def test_more_is_refused(self, both, card):
        with pytest.raises(refund_lines.OtherLines):
            ask(both, 8_049, {card: 8_049})
        assert not Refund.select().exists()

    def test_lines_that_are_each_small_enough_are_not_too_much_together(self, db, context):
        names = (("Tennis", 5_000), ("Yoga", 5_000), ("Rabais", -2_000))
        lines = [LineDraft(name, 1_000, cents, "exempt", "activity", "4201") for name, cents in names]
        invoice = make_invoice_of(make_household(), lines)
        paid = pay_elsewhere((invoice, 8_000), (make_invoice_of(make_household(), lines[:1]), 5_000))
        tennis, yoga = (line.id for line in invoice.lines.order_by(InvoiceLine.position).limit(2))
        with pytest.raises(refund_lines.OtherLines):
            ask(paid, 8_001, {tennis: 5_000, yoga: 3_001})
        hand_over(paid, 8_000, {tennis: 5_000, yoga: 3_000}, Payment.CASH, context)
        assert Invoice.get_by_id(invoice.id).paid_cents == 0
        assert [cents for _line, cents in refund_lines.refundable(paid)] == [5_000]

    @pytest.mark.parametrize("cents", [1, 17, 1_000, 6_700, 13_400])
    def test_an_invoice_given_back_whole_takes_no_cent_of_what_is_shared_out(self, both, card, tennis, cents):
        ask(both, 8_048, {card: 8_048})
        named = refund_lines.of(ask(both, cents))
        assert sum(named.values()) == cents
        assert not [line for line in tennis.lines if line.id in named]

    def test_all_of_an_invoice_given_back_takes_its_rebate_and_its_taxes_to_the_cent(self, db, context):
        """Named alone, the card took back 3,51 $ of a TPS of 3,50 $."""
        prices = (("Abonnement tennis", 8_250), ("Rabais famille", -1_250))
        lines = [LineDraft(name, 1_000, cents, "taxable", "activity", "4201") for name, cents in prices]
        invoice = make_invoice_of(make_household(), lines)
        card, rebate = (line.id for line in invoice.lines.order_by(InvoiceLine.position))
        refund = hand_over(pay_elsewhere((invoice, 8_048)), 8_048, {card: 8_048}, Payment.CASH, context)
        assert refund_lines.of(refund) == {card: 9_486, rebate: -1_438}
        sums = LedgerEntry.select(LedgerEntry.account, fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents))
        left = dict(sums.group_by(LedgerEntry.account).tuples())
        assert (left["tps"], left["tvq"]) == (0, 0)

    def test_what_nobody_names_is_shared_out_to_invoices_before_lines(self, db, context):
        lowered = make_invoice_of(make_household(), [yoga(40), yoga(-39)])
        other = make_invoice_of(lowered.household, [yoga(3), yoga(31)])
        payment = pay_elsewhere((lowered, 1), (other, 34))
        hand_over(payment, 1, {lowered.lines.order_by(InvoiceLine.position).first().id: 1}, Payment.CASH, context)
        hand_over(payment, 17, None, Payment.CASH, context)
        assert [invoice.credited_cents for invoice in Invoice.select().order_by(Invoice.id)] == [1, 17]


TENNIS = (("Abonnement tennis", 9_486), ("Rabais famille", -1_438))
