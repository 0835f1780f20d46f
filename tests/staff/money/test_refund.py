"""Refunds by staff: the role, the code, the amount seen."""

from datetime import timedelta

import pytest

from domain.billing.issuing import LineDraft
from domain.common import clock
from domain.payments import refund_lines, settlement
from domain.payments import refunds as refunding
from models import AuditEvent, InvoiceLine, LedgerEntry, Payment, Person, Refund
from tests.factories import make_household, make_invoice, make_invoice_of, make_person, pay_elsewhere

PATH = "/personnel/remboursement"


@pytest.fixture
def paid(citizen, simulator, paying) -> Payment:
    citizen.joins()
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    paying()
    return Payment.get_by_id(payment.id)


def refunds(treasurer, paid, **fields):
    values = {"amount": "12,50", "reason": "annulé", "seen_left_cents": "10000"}
    page = f"{PATH}?paiement={paid.reference}"
    fields = {"paiement": paid.reference, "code": treasurer.code(), **values, **fields}
    return treasurer.post(PATH, page, **fields)


def test_page_comes_whole_and_as_fragment(treasurer):
    assert "Référence du paiement" in treasurer.client.get_page(PATH)


def test_an_agent_may_not(clerk):
    answer = clerk.client.get(PATH)
    assert answer.status_code == 403
    assert "Votre rôle ne permet pas cela" in answer.text
    assert "Retour à ce qu’il y a à traiter" in answer.text
    assert "Votre numéro de téléphone" not in answer.text  # what a resident leaves, to be called back


def test_a_payment_opened_is_noted(treasurer, paid):
    assert "100,00" in treasurer.client.get_page(f"{PATH}?paiement={paid.reference.lower()}")
    assert AuditEvent.get(AuditEvent.action == "payment opened").person_id == paid.payer_id


def test_an_unknown_reference_is_said(treasurer):
    answer = treasurer.client.get(f"{PATH}?paiement=PXXX-0000")
    assert answer.status_code == 404
    assert "Aucun paiement" in answer.text


def test_a_search_for_nothing_says_what_to_write(treasurer):
    assert "Écrivez la référence" not in treasurer.client.get_page(PATH)
    assert "Écrivez la référence du paiement." in treasurer.client.get_page(f"{PATH}?paiement=")


def test_given_back_whole_it_says_that_nothing_is_left(treasurer, paid):
    page = f"{PATH}?paiement={paid.reference}"
    assert refunds(treasurer, paid, amount="99,99").status_code == 303
    assert "Il ne reste rien à rembourser." not in treasurer.client.get_page(page)
    assert refunds(treasurer, paid, amount="0,01", seen_left_cents="1").status_code == 303
    html = treasurer.client.get_page(page)
    assert "Il ne reste rien à rembourser." in html
    assert "ne se rembourse pas ici" not in html


def test_it_is_committed_once_with_who_asked(treasurer, paid):
    assert refunds(treasurer, paid).status_code == 303
    answer = refunds(treasurer, paid)
    assert answer.status_code == 422
    assert "vient d’être fait" in answer.text
    assert Refund.get().amount_cents == 1250
    assert AuditEvent.get(AuditEvent.action == "refund asked").actor == treasurer.username


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "000000"}, "Ce code ne va pas"),
        ({"code": ""}, "Écrivez le code"),
        ({"amount": "100,01"}, "plus que ce qui reste"),
        ({"amount": "-5"}, "Écrivez un montant"),
        ({"amount": "0"}, "Écrivez un montant"),
        ({"amount": "1e3"}, "Écrivez un montant"),
        ({"amount": ""}, "Écrivez le montant"),
        ({"reason": ""}, "Écrivez la raison"),
        ({"seen_left_cents": "9999999"}, "vient d’être fait"),
        ({"seen_left_cents": "x"}, "plus que ce qui reste"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_goes(treasurer, paid, wrong, words):
    answer = refunds(treasurer, paid, **wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Refund.select().exists()


@pytest.mark.parametrize(
    ("method", "account"),
    [("cheque", "cheques"), ("cash", "cash"), ("transfer", "transfers"), ("other", "other clearing")],
)
def test_what_its_card_takes_back_no_more_is_given_another_way(
    treasurer, paid, citizen, context, simulator, method, account
):
    """The bank sent the refund back: given by cheque, that is its end, and nothing more goes to the card."""
    simulator.ask("POST", "settle-all")
    refunds(treasurer, paid)
    refunding.advance(Refund.get().id, context)
    [credit] = [row["id"] for row in simulator.transactions() if row["type"] == "credit"]
    simulator.ask("POST", f"transactions/{credit}/status", status="settlement_declined")
    settlement.follow_refunds_due(context, now=clock.now() + timedelta(days=2))
    page = f"/mon-dossier/paiements/{paid.reference}"
    assert "n’est pas arrivé" in citizen.client.get_page(page)
    assert refunds(treasurer, paid, method=method, reason="chèque 412").status_code == 303
    handed = Refund.get(Refund.method == method)
    assert (handed.state, handed.amount_cents, handed.gateway_id) == (Refund.DONE, 1_250, None)
    [entry] = LedgerEntry.select().where(LedgerEntry.account == account)
    assert entry.credit_cents == 1_250
    assert AuditEvent.get(AuditEvent.action == "refund handed over").actor == treasurer.username
    told = citizen.client.get_page(page)
    assert "n’est pas arrivé" not in told
    assert "12,50\u00a0$ remboursés" in told
    assert refunding.due_for_work() == []
    settlement.follow_refunds_due(context, now=clock.now() + timedelta(days=2))
    assert Payment.get_by_id(paid.id).refunded_cents == 1_250


def test_a_way_that_is_none_gives_nothing(treasurer, paid):
    answer = refunds(treasurer, paid, method="gold")
    assert answer.status_code == 422
    assert "Dites comment l’argent est rendu." in answer.text
    assert not Refund.select().exists()


class TestLines:
    """58 $ meant for Léa were once shared out between her and Tom: both their receipts for child care were wrong."""

    @pytest.fixture
    def camp(self, citizen, simulator, paying) -> Payment:
        citizen.joins()
        lea, tom = (make_person(citizen.household, first_name=name) for name in ("Léa", "Tom"))
        drafts = [camp_of(lea, 7_600), camp_of(tom, 5_800)]
        payment = citizen.payment(citizen.pays(make_invoice_of(citizen.household, drafts)))
        paying()
        return Payment.get_by_id(payment.id)

    @pytest.fixture
    def lines(self, camp) -> list[int]:
        return [line.id for line in InvoiceLine.select().order_by(InvoiceLine.position)]

    def test_each_is_offered_with_what_was_paid_of_it(self, treasurer, camp, lines):
        page = treasurer.client.get_page(f"{PATH}?paiement={camp.reference}")
        assert "Léa Trần" in page
        assert "au plus 58,00" in page
        assert f'name="ligne-{lines[1]}"' in page

    def test_what_is_named_is_given_back_of_that_line_alone(self, treasurer, camp, lines):
        named = {f"ligne-{lines[0]}": "58,00", f"ligne-{lines[1]}": ""}
        assert refunds(treasurer, camp, amount="58", seen_left_cents="13400", **named).status_code == 303
        assert refund_lines.of(Refund.get()) == {lines[0]: 5_800}

    def test_without_a_name_it_is_shared_out(self, treasurer, camp, lines):
        assert refunds(treasurer, camp, amount="67", seen_left_cents="13400").status_code == 303
        assert refund_lines.of(Refund.get()) == {lines[0]: 3_800, lines[1]: 2_900}

    @pytest.mark.parametrize(
        ("named", "words"),
        [
            (("58,01", "0,99"), "plus que ce qui a été payé"),
            (("10", "10"), "ne font pas ensemble"),
            (("x", ""), "Le montant d’une des lignes ne se lit pas"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, treasurer, camp, lines, named, words):
        typed = {f"ligne-{lines[1]}": named[0], f"ligne-{lines[0]}": named[1]}
        answer = refunds(treasurer, camp, amount="59", seen_left_cents="13400", **typed)
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{named[0]}"' in answer.text
        assert not Refund.select().exists()

    def test_a_line_of_another_payment_is_none_of_this_one(self, treasurer, camp, lines):
        elsewhere = make_invoice(make_household())
        pay_elsewhere((elsewhere, 10_000))
        other = InvoiceLine.get(InvoiceLine.invoice == elsewhere)
        answer = refunds(treasurer, camp, amount="59", seen_left_cents="13400", **{f"ligne-{other.id}": "59"})
        assert answer.status_code == 422
        assert not Refund.select().exists()

    @pytest.mark.parametrize("line", ["0", "01", "x", "-1", "1.0", "1" * 19, "1" * 5_000, "\u0661", ""])
    def test_a_line_that_cannot_be_is_refused_never_shared_out_among_all(self, treasurer, camp, line):
        answer = refunds(treasurer, camp, amount="59", seen_left_cents="13400", **{f"ligne-{line}": "59"})
        assert answer.status_code == 422
        assert not Refund.select().exists()


def camp_of(child: Person, cents: int) -> LineDraft:
    return LineDraft("Club été", 1_000, cents, InvoiceLine.EXEMPT, "child_care", "4200", child.id)


def test_money_taken_elsewhere_is_not_offered(treasurer):
    payment = pay_elsewhere((make_invoice(make_household()), 10_000))
    page = treasurer.client.get_page(f"{PATH}?paiement={payment.reference}")
    assert "ne se rembourse pas ici" in page
    assert "Montant à rembourser" not in page


@pytest.fixture
def dispute(paid, simulator, context):
    """Return what has the paid payment be disputed."""

    def dispute(kind: str = "chargeback") -> None:
        simulator.ask("POST", "settle-all")
        how = {"kind": "dispute_opened", "transaction": paid.gateway_id, "amount": "25.00", "dispute_kind": kind}
        simulator.ask("POST", "webhook", **how)
        settlement.follow(paid.gateway_id, context)

    return dispute


def test_one_who_opens_a_disputed_payment_is_warned_and_may_go_on_knowingly(treasurer, paid, dispute):
    assert "conteste ce paiement" not in treasurer.client.get_page(f"{PATH}?paiement={paid.reference}")
    dispute()
    html = treasurer.client.get_page(f"{PATH}?paiement={paid.reference}")
    for words in ("conteste ce paiement", "perd l’argent deux fois", "25,00", "à répondre chez Braintree d’ici le"):
        assert words in html
    assert 'name="seen_dispute" value="1"' in html
    assert refunds(treasurer, paid, seen_dispute="1").status_code == 303
    assert Refund.get().amount_cents == 1250


def test_a_dispute_opened_since_the_page_was_is_warned_of_before_anything_is_given_back(treasurer, paid, dispute):
    dispute()
    answer = refunds(treasurer, paid)
    assert answer.status_code == 422
    assert "conteste ce paiement" in answer.text
    assert not Refund.select().exists()
    assert 'name="seen_dispute" value="1"' in answer.text


def test_a_retrieval_is_no_reason_not_to_give_back(treasurer, paid, dispute):
    dispute("retrieval")
    assert "conteste ce paiement" not in treasurer.client.get_page(f"{PATH}?paiement={paid.reference}")
    assert refunds(treasurer, paid).status_code == 303


def test_a_charge_in_another_currency_is_given_back_at_the_gateway_and_the_page_says_so(
    treasurer, citizen, simulator, paying
):
    citizen.joins()
    simulator.ask("POST", "merchant-accounts", id="sandbox_credit_card", currency="USD")
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    paying()
    html = treasurer.client.get_page(f"{PATH}?paiement={payment.reference}")
    assert "rendez-le chez Braintree" in html
    assert "Reste à rembourser" not in html
    assert "pas reçu par carte" not in html
