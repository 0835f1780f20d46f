"""After a restore, what the gateway does not know is named one by one, or by its days when nothing else is known."""

from datetime import datetime, timedelta

import pytest

from domain.common import clock
from domain.common.alerts import Kind
from domain.common.audit import Act
from domain.payments import lost_work
from domain.payments.lost_work import LOOKS, Done, Taken
from models import Alert, write
from views.messages import facts

NOON = datetime(2026, 11, 23, 17)


def listed() -> list[str]:
    return [facts.alert(alert).replace("\u00a0", " ") for alert in Alert.select().where(Alert.closed_at.is_null())]


@pytest.fixture
def warned(db):
    with write():
        lost_work.warn(NOON, NOON + timedelta(hours=3))


def test_the_days_are_told_while_nothing_more_is_known(app, warned):
    with app.test_request_context():
        [words] = listed()
    assert words.startswith("du 2026-11-23 12:00 au 2026-11-23 15:00 : paiements du comptoir")


def test_each_thing_is_named_with_its_moment_in_place_of_the_days(app, warned):
    done = [
        Done(NOON, Act.HOUSEHOLD_SPLIT, "QMAGB00000001", "P-000001"),
        Done(NOON, Act.RECEIPTS_ONLINE, "QMAGB00000001", ""),
    ]
    assert lost_work.name(done, [Taken(NOON, "EXT-C1", 4_000)]) == 3
    with app.test_request_context():
        assert listed() == [
            "le 2026-11-23 12:00 : Foyer séparé, QMAGB00000001 P-000001",
            "le 2026-11-23 12:00 : Reçus d’impôts en ligne acceptés, QMAGB00000001",
            "EXT-C1, 40,00 $, le 2026-11-23 12:00 : importez son fichier de nouveau",
        ]


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_a_look_is_not_to_be_done_again(warned, look):
    assert lost_work.name([Done(NOON, look, "QMAGB00000001", "")], []) == 0
    assert not Alert.select().where(Alert.closed_at.is_null()).exists()


def test_whatever_is_read_or_opened_and_whoever_came_or_went_is_a_look():
    looks = {act for act in Act if act.endswith((" read", " opened")) or "signed" in act}
    assert len(looks) >= 14
    assert looks <= LOOKS


def test_of_far_too_many_some_are_named_and_the_days_stay(warned):
    done = [Done(NOON, Act.REQUEST_ACCEPTED, "", str(number)) for number in range(lost_work.MOST_NAMED + 1)]
    assert lost_work.name(done, []) == lost_work.MOST_NAMED + 1
    kinds = [alert.kind for alert in Alert.select().where(Alert.closed_at.is_null())]
    assert kinds.count(Kind.DONE_SINCE_COPY) == lost_work.MOST_NAMED
    assert Kind.UNKNOWN_SINCE_COPY in kinds


def test_a_copy_that_never_lived_lacks_nothing_before_now(db):
    with write():
        lost_work.warn(None, clock.now())
    assert Alert.get().values["first"] == Alert.get().values["last"]
