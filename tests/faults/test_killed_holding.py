"""kill -9 at each step from a hold to a registration: nothing is lost or double, and the places are counted right."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import sleep

import pytest
import requests

from models import CartItem, Invoice, PlacesTaken, Registration
from tests.databases import held
from tests.factories import make_group, make_person
from tests.faults import places
from tests.faults.town import Resident, Town

STEPS = ("hold", "confirm", "pay", "enrol")


@pytest.fixture
def town(database_url, tmp_path) -> Iterator[Town]:
    town = Town(tmp_path, database_url, HOLD_FOR="60", HOLD_AT_MOST="600")
    town.server.start()
    yield town
    town.close()


class Parent:
    """One who wants a place; each step may be pressed again."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.resident: Resident = town.resident()
        household = self.resident.account.person.memberships[0].household
        self.child, self.group = make_person(household), make_group(capacity=1)

    def hold(self) -> None:
        self.resident.posts(f"/inscription/{self.group.code}", person=self.child.id)

    def confirm(self) -> None:
        seen = re.search(r'data-total-cents="(\d+)"', self.resident.gets("/panier").text)
        self.resident.posts("/panier/confirmer", total_seen_cents=seen[1] if seen else 0)

    def pay(self) -> None:
        answer = self.resident.pays(Invoice.get())
        if answer.reference:
            self.town.wait(answer.reference, "submitted", "paid")

    def enrol(self) -> None:
        """Wait until the charge was answered; the books are held, and nobody can be registered."""
        while not self.town.simulator.transactions():
            sleep(0.05)
        sleep(0.3)


@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("kill", ["worker", "group"])
def test_at_each_step(town, at, kill):
    parent = Parent(town)
    if at == "enrol":
        town.simulator.breaks("sale", "slow", seconds=1)
    for step in STEPS[: STEPS.index(at)]:
        getattr(parent, step)()
    with ThreadPoolExecutor(1) as pool, held(town.database_url):
        pressed = pool.submit(getattr(parent, at))
        sleep(0.8)  # it waits to write
        town.server.kill_worker() if kill == "worker" else town.server.kill()
        with suppress(requests.RequestException):
            pressed.result()
    if kill == "group":
        town.server.start()
    wait_until_it_answers(parent.resident)
    assert places.wrong() == []
    for step in STEPS[STEPS.index(at) : 3]:
        getattr(parent, step)()  # pressed again
    town.settle_down()
    assert town.audit().clean, town.audit()
    assert (Registration.select().count(), CartItem.get().state) == (1, CartItem.CONFIRMED)
    assert PlacesTaken.get_by_id(parent.group.id).taken == 1
    assert Invoice.select().count() == 1


def wait_until_it_answers(resident: Resident) -> None:
    for _ in range(200):
        with suppress(requests.RequestException):
            if resident.gets("/panier").status_code == 200:
                return
        sleep(0.1)
