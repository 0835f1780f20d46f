"""A change is ticked off, stood by or given up, by a button; what changed meanwhile is said."""

import pytest

from models import LocalChange

PAGE = "/personnel/changements"


def send(clerk, change: LocalChange, **fields):
    answer = clerk.post(f"{PAGE}/{change.id}", PAGE, **fields)
    assert answer.status_code == 303
    return clerk.client.get(PAGE).text


def test_ticked_off_it_leaves_the_list(clerk, corrected):
    page = send(clerk, LocalChange.get(), act="keyed")
    assert "C’est fait" in page
    assert "Rien à reporter" in page
    assert LocalChange.get().keyed_by == clerk.username


def test_kept_it_is_to_be_keyed_again(clerk, disputed):
    page = send(clerk, disputed, act="ours", other_seen="819 555-0177")
    assert "C’est reporté" in page
    assert LocalChange.get().other_value is None


def test_given_up_it_is_gone(clerk, disputed):
    send(clerk, disputed, act="files", other_seen="819 555-0177")
    assert not LocalChange.select().exists()


@pytest.mark.parametrize("act", ["ours", "files"])
def test_another_value_since_is_said_and_nothing_decided(clerk, disputed, act):
    assert "Vérifiez" in send(clerk, disputed, act=act, other_seen="autre")
    assert LocalChange.get().other_value == "819 555-0177"


@pytest.mark.parametrize("act", ["", "x", "a\0b"])
def test_an_odd_act_changes_nothing(clerk, disputed, act):
    send(clerk, disputed, act=act)
    assert LocalChange.get() == disputed
