"""Parents who hold places, ask for more time, take some out, confirm, pay, or go away, while everything breaks."""

import random
import re
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic, sleep

import requests

from domain.common import clock
from models import Activity, CartItem, Invoice, Person
from tests.factories import make_group, make_person
from tests.faults.town import Resident, Town

GROUPS, PLACES = 12, 8  # fewer places than there are parents who want them
MOST_PLACES = 3  # a parent takes at once
AWAY_PERCENT, CHANGES_PERCENT, LONGER_PERCENT = 10, 15, 25
CENTS = 10_000
PATIENCE = 150  # seconds that the site may stay away: on a busy machine it starts slowly

Pays = Callable[[Resident, Invoice], None]


@dataclass
class Parents:
    """Families of two children, and the groups that they all want."""

    town: Town
    random: random.Random
    did: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        first = clock.today() + timedelta(days=30)
        starts = [first + timedelta(days=7 * n) for n in range(GROUPS)]  # no two at the same hours
        self.groups = [
            make_group(starts_on=day, ends_on=day + timedelta(days=4), capacity=PLACES, price_cents=CENTS)
            for day in starts
        ]

    def family(self) -> tuple[Resident, list[Person]]:
        """Return somebody who signed in, and her children."""
        resident = self.town.resident()
        household = resident.account.person.memberships[0].household
        return resident, [make_person(household) for _ in range(2)]

    def registers(self, family: tuple[Resident, Sequence[Person]], pays: Pays) -> None:
        """Hold places and go on with them, as far as one goes."""
        resident, children = family
        wanted = self.random.sample(self.groups, self.random.randint(1, MOST_PLACES))
        got = [self._takes(resident, self.random.choice(children), group) for group in wanted]
        if not any(got) or self._happens(AWAY_PERCENT, "went away"):
            return
        if self._happens(LONGER_PERCENT, "asked for more time"):
            self._send(resident, "/panier/prolonger")
        if self._happens(CHANGES_PERCENT, "took one out"):
            self._takes_out(resident)
        self._confirms(resident)
        if self._happens(CHANGES_PERCENT, "took one out of what is owed"):
            self._takes_out(resident)
            self._confirms(resident)
        for invoice in self._owed(resident):
            if not self._happens(AWAY_PERCENT, "went away owing"):
                self.did["pays"] += 1
                pays(resident, invoice)

    def _takes(self, resident: Resident, child: Person, group: Activity) -> bool:
        answer = self._send(resident, f"/inscription/{group.code}", person=child.id)
        self.did["held" if answer.status_code == 303 else "could not"] += 1
        return answer.status_code == 303

    def _takes_out(self, resident: Resident) -> None:
        mine = CartItem.household == resident.account.person.memberships[0].household
        for item in CartItem.select().where(mine, CartItem.state == CartItem.HELD).limit(1):
            self._send(resident, "/panier/retirer", item=item.id)

    def _confirms(self, resident: Resident) -> None:
        """Confirm what is seen; what lapsed meanwhile is seen again, and confirmed once more."""
        for _ in range(2):
            seen = re.search(r'data-total-cents="(\d+)"', self._page(resident, "/panier"))
            answer = self._send(resident, "/panier/confirmer", total_seen_cents=seen[1] if seen else 0)
            if answer.status_code == 303:
                self.did["confirmed"] += 1
                return

    def _owed(self, resident: Resident) -> list[Invoice]:
        household = resident.account.person.memberships[0].household
        return list(Invoice.select().where(Invoice.household == household, Invoice.status == Invoice.OPEN))

    def _happens(self, percent: int, what: str) -> bool:
        happens = self.random.random() * 100 < percent
        self.did[what] += happens
        return happens

    def _page(self, resident: Resident, path: str) -> str:
        return self._until(lambda: resident.gets(path)).text

    def _send(self, resident: Resident, path: str, **words: object) -> requests.Response:
        return self._until(lambda: resident.posts(path, **words))

    @staticmethod
    def _until(asks: Callable[[], requests.Response]) -> requests.Response:
        """Ask again, the same, while the server is being killed or busy: nobody knows whether it was done."""
        said: object = None
        until = monotonic() + PATIENCE
        while monotonic() < until:
            try:
                answer = asks()
            except requests.RequestException as problem:
                said = problem
                sleep(0.5)
                continue
            if answer.status_code < 500:
                return answer
            said = answer.status_code
            sleep(0.2)
        raise AssertionError(f"the site stayed away: {said}")
