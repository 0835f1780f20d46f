"""The database locked, the disk full, while places are taken and confirmed: what is told is so, and nothing is half."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

import models
from models import CartItem, Invoice, PlacesTaken
from tests.databases import held
from tests.factories import make_group, make_person
from tests.faults import places
from tests.faults.town import Resident, Town

WISHES = 3


@pytest.fixture
def town(database_url, tmp_path) -> Iterator[Town]:
    town = Town(tmp_path, database_url, HOLD_FOR="600", HOLD_AT_MOST="600")
    yield town
    town.close()


class Parent:
    """One who wants a group of her own for her child."""

    def __init__(self, town: Town) -> None:
        self.resident: Resident = town.resident()
        self.household = self.resident.account.person.memberships[0].household
        self.child, self.group = make_person(self.household), make_group(capacity=1)

    def takes(self) -> requests.Response:
        return self.resident.posts(f"/inscription/{self.group.code}", person=self.child.id)

    def confirms(self) -> requests.Response:
        seen = re.search(r'data-total-cents="(\d+)"', self.resident.gets("/panier").text)
        return self.resident.posts("/panier/confirmer", total_seen_cents=seen[1])

    def wishes(self) -> None:
        for _ in range(WISHES):
            CartItem.create(
                household=self.household,
                person=make_person(self.household),
                activity=make_group(capacity=1),
                state=CartItem.WISH,
            )

    def presses(self) -> requests.Response:
        return self.resident.posts("/panier/prendre")

    def takes_out(self) -> requests.Response:
        return self.resident.posts("/panier/retirer", item=CartItem.get(CartItem.household == self.household).id)

    def prolongs(self) -> requests.Response:
        return self.resident.posts("/panier/prolonger")

    def has(self) -> list[tuple[str, bool]]:
        """Return the states of what is in her cart, and whether each is on an invoice."""
        mine = CartItem.select().where(CartItem.household == self.household).order_by(CartItem.id)
        return [(item.state, bool(item.invoice_id)) for item in mine]


def says_that_nothing_was_done(answer: requests.Response) -> bool:
    return answer.status_code == 503 and "Rien n’a changé dans votre panier." in answer.text


PRESSES = [  # what is pressed, and what was before
    (Parent.takes, []),
    (Parent.presses, [Parent.wishes]),
    (Parent.confirms, [Parent.takes]),
    (Parent.prolongs, [Parent.takes]),
    (Parent.takes_out, [Parent.takes]),
    (Parent.takes_out, [Parent.takes, Parent.confirms]),
]


def test_locked_for_too_long_nothing_is_done_and_the_page_says_so(town):
    town.server.start()
    pressed = [(Parent(town), press) for press, _before in PRESSES]
    for (parent, _press), (_, before) in zip(pressed, PRESSES, strict=True):
        for step in before:
            step(parent)
    had, owed = [parent.has() for parent, _press in pressed], Invoice.select().count()
    with held(town.database_url), ThreadPoolExecutor(len(PRESSES)) as pool:
        answers = list(pool.map(lambda one: one[1](one[0]), pressed))
        assert all(map(says_that_nothing_was_done, answers)), [answer.text for answer in answers]
        assert {parent.resident.gets("/panier").status_code for parent, _press in pressed} == {200}
    assert ([parent.has() for parent, _press in pressed], Invoice.select().count()) == (had, owed)
    assert places.wrong() == []
    assert [press(parent).status_code for parent, press in pressed] == [303] * len(PRESSES)
    assert places.wrong() == []


def fill(town: Town, bytes_left: int) -> None:
    """Start the server with so much room on its disk."""
    models.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # the log written into the file, and begun anew
    town.server.start(largest_file=models.sqlite_file(town.database_url).stat().st_size + bytes_left)


def is_there(parent: Parent, press: str) -> bool:
    return (CartItem.HELD, press == "confirms") in parent.has()


@pytest.mark.sqlite_only
@pytest.mark.parametrize("press", ["takes", "confirms"])
def test_on_a_full_disk_a_place_is_held_when_it_is_said_and_only_then(town, press):
    parents = [Parent(town) for _ in range(60)]
    if press == "confirms":
        town.server.start()
        for parent in parents:
            assert parent.takes().status_code == 303
        town.server.kill()
    fill(town, 200_000)
    answers = [getattr(parent, press)() for parent in parents]
    refused = [answer for answer in answers if answer.status_code != 303]
    assert refused, "the disk was never full"
    assert len(refused) < len(answers), "nothing was ever written"
    assert all(map(says_that_nothing_was_done, refused))
    for parent, answer in zip(parents, answers, strict=True):
        assert is_there(parent, press) == (answer.status_code == 303)
        assert parent.resident.gets("/panier").status_code == 200  # what can be read is
    assert places.wrong() == []
    town.server.kill()
    town.server.start()  # with room again
    assert places.wrong() == []
    for parent, answer in zip(parents, answers, strict=True):
        assert is_there(parent, press) == (answer.status_code == 303), "it was told, and is lost"
        if answer.status_code != 303:
            assert getattr(parent, press)().status_code == 303
        assert is_there(parent, press)
    assert places.wrong() == []
    assert PlacesTaken.select().where(PlacesTaken.taken == 1).count() == len(parents)
