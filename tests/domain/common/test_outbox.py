"""Messages leave once, or again until they do, and nothing that is undone is ever sent."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine

import models
from domain.common import clock, outbox
from models import Message, database

pytestmark = pytest.mark.usefixtures("db")


@dataclass
class Post:
    """A post office one can close."""

    closed: bool = False
    has_no_such_box: bool = False
    sent: list[tuple[str, str, str, str]] = field(default_factory=list)

    def send(self, recipient: str, subject: str, body: str, message_id: str, _attachment=None) -> None:
        if self.closed:
            raise outbox.MailNotSent("closed")
        if self.has_no_such_box:
            raise outbox.MailRefused("no such box")
        self.sent.append((recipient, subject, body, message_id))


def write_one(recipient: str = "marie@example.org") -> None:
    outbox.write(recipient, "Votre reçu", "Bonjour,\n")


def waiting_for(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def test_a_message_leaves_once():
    write_one()
    post = Post()
    assert outbox.send_due(post) == 1
    assert outbox.send_due(post) == 0
    assert [sent[:3] for sent in post.sent] == [("marie@example.org", "Votre reçu", "Bonjour,\n")]
    assert Message.get().sent_at is not None


def test_nobody_to_write_to_means_no_message():
    write_one(recipient="")
    assert Message.select().count() == 0


def test_what_is_undone_is_never_sent():
    with database.atomic() as transaction:
        write_one()
        transaction.rollback()
    post = Post()
    assert outbox.send_due(post) == 0
    assert post.sent == []


def test_no_transaction_is_open_while_a_message_leaves():
    class Watchful(Post):
        def send(self, *message: str) -> None:
            assert not database.in_transaction()
            super().send(*message)

    write_one()
    assert outbox.send_due(Watchful()) == 1


def test_a_failure_is_tried_again_after_longer_and_longer_waits():
    start = datetime(2026, 11, 23, 12)
    post = Post(closed=True)
    with time_machine.travel(start, tick=False) as stopped:
        write_one()
        for minutes in (1, 5, 15, 60, 60, 60):
            assert outbox.send_due(post) == 0
            assert Message.get().due_at == clock.now() + waiting_for(minutes)
            stopped.shift(waiting_for(minutes) - timedelta(seconds=1))
            assert outbox.send_due(Post()) == 0, "not before its time"
            stopped.shift(timedelta(seconds=1))
        post.closed = False
        assert outbox.send_due(post) == 1


def test_a_failure_is_told_and_forgotten_once_the_message_has_left():
    with time_machine.travel(datetime(2026, 11, 23, 12), tick=False) as stopped:
        write_one()
        outbox.send_due(Post(closed=True))
        assert Message.get().problem == "closed"
        stopped.shift(waiting_for(1))
        outbox.send_due(Post())
        assert Message.get().problem == ""


def test_one_bad_address_holds_nobody_up():
    class Choosy(Post):
        def send(self, recipient: str, *rest: str) -> None:
            self.closed = recipient == "bad"
            super().send(recipient, *rest)

    for recipient in ("bad", "marie@example.org"):
        write_one(recipient)
    post = Choosy()
    assert outbox.send_due(post) == 1
    assert post.sent[0][0] == "marie@example.org"


def test_after_three_days_it_is_given_up_and_stays_with_its_problem():
    with time_machine.travel(datetime(2026, 11, 23, 12), tick=False) as stopped:
        write_one()
        stopped.shift(timedelta(days=3, minutes=1))
        outbox.send_due(Post(closed=True))
        stopped.shift(timedelta(days=365))
        assert outbox.send_due(Post()) == 0
    given_up = Message.get()
    assert (given_up.sent_at, given_up.problem) == (None, "closed")


def test_a_message_cut_off_while_leaving_is_sent_again_under_the_same_id():
    class Killed(BaseException):
        """The process dies between the mail server's answer and the note of it."""

    class Deadly(Post):
        def send(self, *message: str) -> None:
            super().send(*message)
            raise Killed

    first, second = Deadly(), Post()
    with time_machine.travel(datetime(2026, 11, 23, 12), tick=False) as stopped:
        write_one()
        with pytest.raises(Killed):
            outbox.send_due(first)
        assert outbox.send_due(second) == 0, "another process may still be sending it"
        stopped.shift(outbox.CLAIMED_FOR)
        assert outbox.send_due(second) == 1
    assert first.sent == second.sent


def test_two_processes_never_send_one_message_twice():
    for n in range(20):
        write_one(f"marie{n}@example.org")
    seen_at_once = Barrier(2)
    posts = Post(), Post()

    def work(post: Post) -> None:
        seen_at_once.wait()
        outbox.send_due(post)
        models.database.close()

    threads = [Thread(target=work, args=[post]) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recipients = [sent[0] for post in posts for sent in post.sent]
    assert sorted(recipients) == sorted(f"marie{n}@example.org" for n in range(20))


def test_what_another_process_sent_meanwhile_is_left_alone():
    other = Post()

    class Slow(Post):
        def send(self, *message: str) -> None:
            super().send(*message)
            outbox.send_due(other)

    for n in range(3):
        write_one(f"marie{n}@example.org")
    slow = Slow()
    assert outbox.send_due(slow) == 1
    assert [len(post.sent) for post in (slow, other)] == [1, 2]


def test_ids_differ_once_a_restored_backup_gives_the_same_row_number_again():
    first = Message(id=7, created_at=datetime(2026, 11, 23, 12))
    again = Message(id=7, created_at=datetime(2026, 11, 24, 12))
    assert outbox.message_id(first) != outbox.message_id(again)


def test_only_so_many_leave_at_once_the_oldest_first():
    oldest = [f"marie{n}@example.org" for n in range(outbox.AT_ONCE)]
    for recipient in (*oldest, "marie@example.org"):
        write_one(recipient)
    post = Post()
    assert outbox.send_due(post) == outbox.AT_ONCE
    assert [sent[0] for sent in post.sent] == oldest


def test_what_is_refused_for_good_is_not_asked_again_but_by_a_person():
    write_one()
    post = Post(has_no_such_box=True)
    assert outbox.send_due(post) == 0
    assert outbox.given_up_count() == 1
    with time_machine.travel(clock.now() + waiting_for(120), tick=False):
        post.has_no_such_box = False
        assert outbox.send_due(post) == 0
        with models.write():
            assert outbox.try_given_up_again() == 1
        assert outbox.send_due(post) == 1
