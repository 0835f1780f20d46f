"""Cards in the vault: each an account's alone, one default, the vault asked until it has answered."""

from datetime import date, timedelta

import pytest

from domain.common import clock
from domain.payments import saved_cards
from domain.payments.gateway import KeptCard
from domain.payments.saved_cards import CardInUse, NoSuchCard, NotKeptAnyMore, TooManyCards
from models import Account, Payment, PaymentCard, Person, SavedCard, write
from tests.factories import make_account, make_invoice, make_payment_under_way, make_saved_card

ADDING, WITH_PAYMENT, KEPT = SavedCard.ADDING, SavedCard.WITH_PAYMENT, SavedCard.KEPT
REFUSED, REMOVING, REMOVED = SavedCard.REFUSED, SavedCard.REMOVING, SavedCard.REMOVED
ALL = (ADDING, WITH_PAYMENT, KEPT, REFUSED, REMOVING, REMOVED)
VISA = KeptCard("fresh", "Visa", "1881", date(2031, 5, 31), number_key="the same number")


@pytest.fixture
def other(app) -> Account:
    """Somebody else's account, with a default card that nothing here may touch."""
    somebody = make_account()
    make_saved_card(somebody, is_default=True, number_key=VISA.number_key)
    yield somebody
    [hers] = SavedCard.select().where(SavedCard.account == somebody)
    assert (hers.state, hers.is_default) == (KEPT, True)


def again(card: SavedCard) -> SavedCard:
    return SavedCard.get_by_id(card.id)


def paid_with(card: SavedCard, home, state: str = Payment.UNKNOWN) -> Payment:
    payment = make_payment_under_way(make_invoice(home), state=state, account=card.account_id)
    PaymentCard.create(payment=payment, card=card)
    return payment


def test_one_may_pay_with_ones_own_kept_cards_until_their_last_day(account, other):
    today = clock.today()
    last_day = make_saved_card(account, expires_on=today)
    default = make_saved_card(account, is_default=True)
    expired = make_saved_card(account, expires_on=today - timedelta(days=1))
    elsewhere = {state: make_saved_card(account, state=state) for state in ALL if state != KEPT}
    assert saved_cards.usable(account, today) == [default, last_day]
    assert saved_cards.to_pay_with(account, last_day.reference, today) == last_day
    for card in (expired, *elsewhere.values()):
        with pytest.raises(NotKeptAnyMore):
            saved_cards.to_pay_with(account, card.reference, today)
        assert saved_cards.find(account, card.reference) == card
    with pytest.raises(NoSuchCard):
        saved_cards.to_pay_with(account, SavedCard.get(SavedCard.account == other).reference, today)


def test_the_room_shows_what_is_there_on_its_way_and_ended_in_the_last_hour(account, other):
    long_ago = clock.now() - timedelta(minutes=61)
    shown = [make_saved_card(account, state=state) for state in (ADDING, KEPT, REMOVING, REFUSED, REMOVED)]
    shown.append(make_saved_card(account, state=REMOVING, last_four="", problem=saved_cards.Unkept.LATE))
    for state in (REFUSED, REMOVED):
        make_saved_card(account, state=state, changed_at=long_ago)
    make_saved_card(account, state=WITH_PAYMENT)
    for state in (REMOVING, REMOVED):  # what a payment that failed would have kept: it was never seen
        make_saved_card(account, state=state, last_four="")
    default = make_saved_card(account, is_default=True)
    assert saved_cards.cards(account) == [default, *shown]


def test_a_card_sent_twice_is_one_but_two_accounts_have_one_each(account, other):
    twice = [saved_cards.ask_add(account, "nonce") for _ in range(2)]
    assert twice[0] == twice[1]
    third = make_account()
    assert saved_cards.ask_add(third, "nonce").account == third


def test_eight_cards_are_kept_or_on_their_way_and_what_is_gone_counts_no_more(account, other):
    for state in (REFUSED, REMOVING, REMOVED, WITH_PAYMENT, *[KEPT] * 6, ADDING):
        make_saved_card(account, state=state)
    saved_cards.ask_add(account, "the eighth")
    with pytest.raises(TooManyCards):
        saved_cards.ask_add(account, "the ninth")


def test_one_kept_card_is_the_default(account, other):
    first, second = make_saved_card(account, is_default=True), make_saved_card(account)
    going = make_saved_card(account, state=REMOVING)
    saved_cards.make_default(second)
    assert [card.is_default for card in map(again, (first, second, going))] == [False, True, False]
    saved_cards.make_default(going)  # it cannot be: the first takes its place
    assert [card.is_default for card in map(again, (first, second, going))] == [True, False, False]


@pytest.mark.parametrize("state", [Payment.CREATED, Payment.SUBMITTED, Payment.UNKNOWN])
def test_a_card_stays_while_it_pays_and_goes_after(account, other, home, state):
    card, second = make_saved_card(account, is_default=True, nonce="left"), make_saved_card(account)
    payment = paid_with(card, home, state)
    paid_with(make_saved_card(account), home)  # another card's
    with pytest.raises(CardInUse):
        saved_cards.ask_removal(card)
    assert again(card).state == KEPT
    Payment.update(state=Payment.REFUSED).where(Payment.id == payment.id).execute()
    for _ in range(2):
        saved_cards.ask_removal(again(card))
    gone = again(card)
    assert (gone.state, gone.is_default, gone.nonce) == (REMOVING, False, None)
    assert again(second).is_default


def test_all_cards_of_an_account_go_and_nobody_elses(account, other):
    for state in ALL:
        make_saved_card(account, state=state)
    with write():
        saved_cards.remove_all(account)
    mine = SavedCard.select().where(SavedCard.account == account)
    assert [card.state for card in mine.order_by(SavedCard.id)] == [REMOVING] * 5 + [REMOVED]


def test_the_card_a_payment_brought_takes_the_place_of_the_same_number(account, other, home):
    before = make_saved_card(account, is_default=True, number_key=VISA.number_key)
    different = make_saved_card(account, number_key="another number")
    brought = make_saved_card(account, state=WITH_PAYMENT, token=None, last_four="")
    with write():
        saved_cards.charged(paid_with(brought, home), VISA)
    kept = again(brought)
    assert (kept.state, kept.token, kept.brand, kept.last_four, kept.expires_on, kept.number_key) == (
        *(KEPT, VISA.token, VISA.brand, VISA.last_four, VISA.expires_on, VISA.number_key),
    )
    assert (again(before).state, again(before).is_default) == (REMOVING, False)
    assert (again(different).state, again(different).is_default) == (KEPT, True)


def test_a_card_that_the_vault_did_not_take_says_so_and_the_one_that_paid_stays_as_it_is(account, other, home):
    brought, paying = make_saved_card(account, state=WITH_PAYMENT), make_saved_card(account)
    for card in (brought, paying):
        saved_cards.charged(paid_with(card, home), None)
    assert (again(brought).state, again(brought).problem) == (REFUSED, saved_cards.Unkept.NOT_TAKEN)
    assert again(paying).state == KEPT
    assert saved_cards.how_to_charge(paying) == {"token": paying.token}
    assert saved_cards.how_to_charge(make_saved_card(account, state=WITH_PAYMENT, reference="r")) == {"keep_as": "r"}
    assert saved_cards.how_to_charge(None) == {}


def test_the_vault_is_asked_about_what_comes_and_goes_each_at_its_moment(account, other):
    cards = {state: make_saved_card(account, state=state) for state in ALL}
    due = {cards[ADDING].id, cards[REMOVING].id}
    assert set(saved_cards.due_for_work()) == due
    for minutes, now in ((1, set()), (119, set()), (121, due)):  # further than ever put off: the clock was set back
        SavedCard.update(due_at=clock.now() + timedelta(minutes=minutes)).execute()
        assert set(saved_cards.due_for_work()) == now


@pytest.mark.parametrize(("tries", "seconds"), [(0, 3), (1, 6), (5, 96), (10, 3_072), (11, 3_600), (500, 3_600)])
@pytest.mark.parametrize("state", [ADDING, REMOVING])
def test_without_an_answer_it_is_asked_again_ever_later_but_within_the_hour(
    account, context, simulator, state, tries, seconds
):
    card = make_saved_card(account, state=state, tries=tries)
    simulator.breaks("vault", "http_503", times=9)
    before = clock.now()
    saved_cards.advance(card.id, context)
    waits = again(card)
    assert (waits.state, waits.tries) == (state, tries + 1)
    assert before <= waits.due_at - timedelta(seconds=seconds) <= clock.now()


def test_removed_nothing_is_left_here_that_could_charge_it(account, context, gateway, simulator):
    card = saved_cards.ask_add(account, "fake-valid-visa-nonce")
    saved_cards.advance(card.id, context)
    assert again(card).token
    saved_cards.ask_removal(again(card))
    saved_cards.advance(card.id, context)
    gone = again(card)
    assert (gone.state, gone.token, gone.nonce, gateway.kept_card(card.reference)) == (REMOVED, None, None, None)


def test_what_nobody_claims_is_forgotten_and_the_rest_stays(account, other):
    now = clock.now()
    ended = [make_saved_card(account, state=state, token=None) for state in (REFUSED, REMOVED)]
    brought, kept = make_saved_card(account, state=WITH_PAYMENT), make_saved_card(account)
    waiting = [make_saved_card(account, state=state) for state in (ADDING, REMOVING)]
    saved_cards.forget_expired(now + timedelta(hours=23))
    assert SavedCard.select().where(SavedCard.id.in_(ended)).count() == 2
    saved_cards.forget_expired(now + timedelta(hours=25))
    assert not SavedCard.select().where(SavedCard.id.in_(ended)).exists()
    saved_cards.forget_expired(now + timedelta(hours=71))
    assert again(brought).state == WITH_PAYMENT
    saved_cards.forget_expired(now + timedelta(hours=73))
    assert [again(card).state for card in (brought, kept, *waiting)] == [REMOVING, KEPT, ADDING, REMOVING]


def test_the_cards_of_someone_deceased_go(account, other):
    card = make_saved_card(account, is_default=True)
    Person.update(status=Person.DECEASED).where(Person.id == account.person_id).execute()
    saved_cards.forget_deceased()
    assert (again(card).state, again(card).is_default) == (REMOVING, False)
