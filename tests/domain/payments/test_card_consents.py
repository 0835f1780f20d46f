"""The consent to have later invoices charged: kept with its day and words, its card the one that pays the first."""

from datetime import timedelta

import pytest

from domain.common import clock
from domain.payments import card_consents, saved_cards
from domain.payments.card_consents import NoSuchConsent
from domain.payments.gateway import KeptCard, Source
from models import CardConsent, Instalment, Invoice, Payment, PaymentCard, SavedCard, write
from tests.domain.payments.agreed import agree, invoices, is_today
from tests.factories import make_account, make_household, make_payment_under_way, make_saved_card


def states() -> list[str]:
    return list(Instalment.select(Instalment.state).order_by(Instalment.id).scalars())


def test_it_is_kept_with_its_day_and_the_version_of_its_words(home, account):
    consent, made = agree(account, home)
    assert (consent.words, consent.given_at.date(), consent.withdrawn_at) == ("2026-11", clock.now().date(), None)
    planned = [(row.invoice_id, row.state, row.next_on) for row in Instalment.select().order_by(Instalment.id)]
    announced_on = [invoice.due_on - timedelta(days=3) for invoice in made]
    assert planned == [(invoice.id, "planned", day) for invoice, day in zip(made[1:], announced_on[1:], strict=True)]


def test_one_invoice_has_nothing_to_charge_later(home, account):
    with write():
        assert card_consents.give(account.id, invoices(home, 5_000), "2026-11") is None


def test_the_card_typed_for_the_first_is_kept_and_is_the_one(home, account, charged):
    consent, [first, *_later] = agree(account, home)
    charged(first)
    card = SavedCard.get()
    assert card.state == SavedCard.KEPT
    assert CardConsent.get_by_id(consent.id).card == card


def test_the_network_is_told_that_a_series_begins(home, account, charged, simulator):
    _consent, [first, *_later] = agree(account, home)
    other = invoices(home, 1_000)[0]
    charged(other), charged(first)
    sources = {row["amount_cents"]: row["transaction_source"] for row in simulator.transactions()}
    assert sources == {1_000: "", 5_000: "recurring_first"}


def test_another_adults_payment_of_the_first_brings_no_card_and_begins_nothing(home, account):
    _consent, [first, *_later] = agree(account, home)
    other = make_account()
    payment = make_payment_under_way(first, account=other)
    PaymentCard.create(payment=payment, card=make_saved_card(other))
    assert not card_consents.begins(payment)
    assert card_consents.source_of(payment) == Source.PAYER
    with write():
        card_consents.remember_card(payment)
    assert CardConsent.get().card_id is None


def test_the_same_card_kept_anew_takes_the_place_of_the_one_that_goes(home, account):
    consent, _made = agree(account, home)
    old = make_saved_card(account, number_key="same")
    CardConsent.update(card=old).execute()
    fresh = make_saved_card(account, state=SavedCard.ADDING)
    with write():
        saved_cards._keep(fresh, KeptCard("t", "Visa", "1111", clock.today() + timedelta(days=900), "same"))
    assert CardConsent.get_by_id(consent.id).card == fresh


def test_withdrawn_its_day_is_kept_and_nothing_is_charged_any_more(home, account):
    consent, _made = agree(account, home)
    card_consents.withdraw(consent)
    first = CardConsent.get().withdrawn_at
    card_consents.withdraw(CardConsent.get())
    assert CardConsent.get().withdrawn_at == first
    assert states() == ["stopped", "stopped"]
    assert card_consents.of(account) == []


def test_a_charge_under_way_is_not_called_back(home, account):
    consent, _made = agree(account, home)
    Instalment.update(state=Instalment.CHARGING).where(Instalment.id == Instalment.get().id).execute()
    card_consents.withdraw(consent)
    assert states() == ["charging", "stopped"]


def test_nobody_else_finds_it(home, account):
    consent, _made = agree(account, home)
    with pytest.raises(NoSuchConsent):
        card_consents.find(make_account(), consent.first.number)
    assert card_consents.find(account, consent.first.number) == consent


def test_what_still_holds_is_listed_with_what_is_left(home, account):
    consent, [_first, second, third] = agree(account, home)
    assert [(one.id, [row.invoice for row in left]) for one, left in card_consents.of(account)] == [
        (consent.id, [second, third])
    ]
    Invoice.update(status=Invoice.CANCELLED).where(Invoice.id == third.id).execute()
    assert [row.invoice for _one, left in card_consents.of(account) for row in left] == [second]
    assert card_consents.of_invoice(account, second).invoice == second
    assert card_consents.of_invoice(make_account(), second) is None


def test_they_are_one_query_however_many_there_are(home, account, queries):
    agree(account, home)
    with queries() as few:
        card_consents.of(account)
    for _ in range(4):
        agree(account, home)
    with queries() as many:
        [left for _one, left in card_consents.of(account)]
    assert len(many) == len(few) == 1


def test_a_card_on_which_charges_depend_says_so(home, account):
    consent, _made = agree(account, home)
    card = make_saved_card(account)
    assert not card_consents.depend_on(card)
    CardConsent.update(card=card).execute()
    assert card_consents.depend_on(card)
    card_consents.withdraw(consent)
    assert not card_consents.depend_on(card)


def test_a_closed_account_leaves_the_record_and_no_charge(home, account):
    agree(account, home)
    with write():
        card_consents.withdraw_all(account)
        account.delete_instance()
    kept = CardConsent.get()
    assert (kept.account_id, kept.words) == (None, "2026-11")
    assert kept.withdrawn_at
    assert states() == ["stopped", "stopped"]


def test_after_a_copy_is_put_back_what_was_announced_is_announced_again(home, account):
    agree(account, home)
    [one, two] = Instalment.select().order_by(Instalment.id)
    is_today(one, state=Instalment.CHARGING, payment=make_payment_under_way(one.invoice))
    is_today(two, state=Instalment.STOPPED)
    with write():
        card_consents.announce_again(clock.today())
    assert states() == ["planned", "stopped"]
    assert Instalment.get_by_id(one.id).payment_id is None


def test_a_household_of_two_homes_has_each_its_own(home, account):
    agree(account, home)
    assert card_consents.of(make_account()) == []
    assert not card_consents.begins_with(account, invoices(make_household(), 100))
    assert Payment.select().count() == 0
