"""What waits for a person at the city: everything that does, the oldest first, each thing settled once."""

from datetime import datetime, timedelta

import pytest

from domain.common import alerts, audit, clock
from domain.payments.handed_back import Waiting
from domain.people.corrections import ChangedSince, Correction
from domain.staff import attention
from models import (
    Alert,
    AuditEvent,
    ChangeRequest,
    JoinRequest,
    LocalChange,
    Membership,
    Message,
    Overpayment,
    Payment,
    Person,
    Separation,
    StaffAccount,
    write,
)
from tests.factories import (
    make_declined_charge,
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    make_staff,
    make_visit,
    pay_too_much,
)


@pytest.fixture
def clerk(db) -> StaffAccount:
    return make_staff()


def ask(**values) -> ChangeRequest:
    return ChangeRequest.create(kind=ChangeRequest.CORRECTION, person=make_person(), words="Mon nom", **values)


def ask_to_join() -> JoinRequest:
    """Somebody of one household asks that a cousin of another be in it."""
    asked = ask()
    return JoinRequest.create(request=asked, person=make_person(), household=make_household())


def alert(subject: str, **values) -> Alert:
    return Alert.create(kind="guessing", subject=subject, details="beaucoup", **values)


def trail() -> list[tuple[str, str, int | None, str]]:
    return [
        (one.actor, one.action, one.person_id, one.subject)
        for one in AuditEvent.select().where(AuditEvent.actor_kind == AuditEvent.STAFF).order_by(AuditEvent.id)
    ]


def test_nothing_waits_where_nothing_happened(db):
    assert attention.waiting() == attention.Waiting([], [], [], [], [], 0, [], 0, [], 0)


def test_what_waits_is_uncertain_open_or_undecided_the_oldest_first(clerk):
    home, noon = make_household(), datetime(2026, 11, 23, 17)
    first, second = (make_payment_under_way(make_invoice(home)) for _ in range(2))
    for state in (Payment.CREATED, Payment.SUBMITTED, Payment.REFUSED):
        make_payment_under_way(make_invoice(home), state=state)
    later = alert("b", created_at=noon)
    sooner = alert("a", created_at=noon - timedelta(hours=1))
    alert("c", created_at=noon, closed_at=noon)
    pay_too_much(make_invoice(home, 4_000), 5_000)
    owed = Overpayment.get()
    undecided = [ask(), ask()]
    ask(decided_at=noon, decision=ChangeRequest.REFUSED)
    charges = [Waiting(make_declined_charge(paid), paid) for paid in (second, first)]
    make_declined_charge(first, times=1)
    assert attention.waiting() == attention.Waiting(
        [first, second], [sooner, later], [owed], charges, undecided, 0, [], 0, [], 0
    )


def test_reading_a_request_is_noted_in_the_file_of_who_asks_once_a_visit(clerk):
    asked, visit = ask(), make_visit(clerk)
    for _ in range(2):
        assert attention.read_request(visit, asked.id).person.name == "Geneviève Trần"
    assert trail() == [(clerk.username, "request read", asked.person_id, "")]
    assert audit.of(asked.person)[0].action == "request read"


def test_a_request_about_somebody_is_read_in_its_askers_file_and_opens_hers(clerk):
    asker = make_person()
    asked = ask(asked_by=asker)
    attention.read_request(make_visit(clerk), asked.id)
    assert trail() == [
        (clerk.username, "request read", asker.id, ""),
        (clerk.username, "file opened", asked.person_id, ""),
    ]


def test_a_request_to_add_somebody_opens_her_file(clerk):
    wanted = ask_to_join()
    attention.read_request(make_visit(clerk), wanted.request_id)
    assert (clerk.username, "file opened", wanted.person_id, "") in trail()


def test_a_request_that_is_not_there_is_none_and_nothing_is_noted(clerk):
    assert attention.read_request(make_visit(clerk), 99) is None
    assert trail() == []


def test_the_decision_about_a_child_stands_in_the_file_of_who_asked(clerk, letters, city):
    asker = make_person()
    attention.decide(clerk, ask(asked_by=asker), ChangeRequest.REFUSED, "Non.", {}, letters, city)
    assert trail() == [(clerk.username, "request refused", asker.id, "")]


def test_who_is_refused_is_told_that_there_is_an_answer_and_her_mailbox_not_which(clerk, letters, city):
    asker = make_person(email="marie@example.com")
    asked = ask(asked_by=asker)
    attention.decide(clerk, asked, ChangeRequest.REFUSED, "La preuve manque.", {}, letters, city)
    [letter] = Message.select()
    assert letter.recipient == "marie@example.com"
    assert "/mon-dossier/renseignements" in letter.body
    assert "Mon nom" not in letter.body
    assert "preuve" not in letter.body


@pytest.mark.parametrize("decision", [ChangeRequest.ACCEPTED, ChangeRequest.REFUSED])
def test_a_decision_bears_its_answer_its_author_and_its_moment(clerk, decision, letters, city):
    asked, other = ask(), ask()
    before = clock.now()
    attention.decide(clerk, asked, decision, "C’est fait.", {}, letters, city)
    kept = ChangeRequest.get_by_id(asked.id)
    assert (kept.decision, kept.answer, kept.decided_by) == (decision, "C’est fait.", clerk.username)
    assert before <= kept.decided_at <= clock.now()
    assert attention.open_requests() == [other]
    assert trail() == [(clerk.username, f"request {decision}", asked.person_id, "")]


def test_the_second_to_decide_changes_nothing(clerk, letters, city):
    asked = ask_to_join().request
    attention.decide(clerk, asked, ChangeRequest.REFUSED, "Non.", {}, letters, city)
    with pytest.raises(attention.AlreadyDecided):
        attention.decide(make_staff("autre"), asked, ChangeRequest.ACCEPTED, "Oui.", {}, letters, city)
    kept = ChangeRequest.get_by_id(asked.id)
    assert (kept.decision, kept.answer, kept.decided_by) == ("refused", "Non.", clerk.username)
    assert len(trail()) == 1
    assert Membership.select().count() == 2


@pytest.mark.parametrize(("decision", "joined"), [(ChangeRequest.ACCEPTED, True), (ChangeRequest.REFUSED, False)])
def test_only_an_accepted_request_puts_someone_in_the_household(clerk, decision, joined, letters, city):
    wanted = ask_to_join()
    attention.decide(clerk, wanted.request, decision, "Voilà.", {}, letters, city)
    mine = (Membership.person == wanted.person) & (Membership.household == wanted.household)
    assert Membership.select().where(mine).exists() is joined
    assert Separation.select().where(Separation.person == wanted.person, Separation.stays).exists() is joined


def test_an_alert_is_settled_once_and_comes_back_if_it_happens_again(clerk):
    settled, other = alert("a"), alert("b")
    for _ in range(2):
        attention.settle_alert(clerk, settled.id)
    attention.settle_alert(clerk, 99)
    assert alerts.open_alerts() == [other]
    assert trail() == [(clerk.username, "alert settled", None, str(settled.id))]
    with write():
        alerts.raise_alert(alerts.Kind.GUESSING, "a")
    assert [one.subject for one in alerts.open_alerts()] == ["a", "b"]


def corrected(seen: str, now: str) -> dict[str, Correction]:
    return {"phone": Correction(seen, now)}


def test_an_accepted_correction_is_written_remembered_and_told_at_both_addresses(clerk, letters, city):
    asked = ask()
    Person.update(email="avant@example.com").where(Person.id == asked.person_id).execute()
    asked = ChangeRequest.get_by_id(asked.id)
    wanted = corrected(asked.person.phone, "819 555-0142") | {
        "email": Correction("avant@example.com", "apres@example.com")
    }
    attention.decide(clerk, asked, ChangeRequest.ACCEPTED, "C’est fait.", wanted, letters, city)
    assert Person.get_by_id(asked.person_id).phone == "819 555-0142"
    assert {row.field for row in LocalChange.select()} == {"phone", "email"}
    assert {row.recipient for row in Message.select()} == {"avant@example.com", "apres@example.com"}
    assert (clerk.username, "file corrected", asked.person_id, "phone email") in trail()


def test_a_refused_correction_changes_nothing(clerk, letters, city):
    asked = ask()
    attention.decide(
        clerk, asked, ChangeRequest.REFUSED, "Non.", corrected(asked.person.phone, "819 555-0142"), letters, city
    )
    assert Person.get_by_id(asked.person_id).phone == asked.person.phone
    assert not LocalChange.select().exists()
    assert not Message.select().exists()


def test_a_file_that_changed_since_it_was_shown_is_decided_again(clerk, letters, city):
    asked = ask()
    with pytest.raises(ChangedSince):
        attention.decide(
            clerk, asked, ChangeRequest.ACCEPTED, "Oui.", corrected("ce qui y était", "autre"), letters, city
        )
    assert ChangeRequest.get_by_id(asked.id).decided_at is None
