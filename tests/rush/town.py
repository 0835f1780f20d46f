"""The town before the hour: its catalogue, 2,000 households with their wishes, who has a session and who signs in."""

import random
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import Flask, session
from peewee import fn

from domain.common import clock
from domain.common.batches import insert_all
from models import Account, AccountUse, Activity, CartItem, Household, Membership, Person, PlacesTaken, Session, digest

TWO_CHILDREN, SIGN_IN, FORGET, LATER, SCRIPTLESS = 0.30, 0.60, 0.05, 0.20, 0.05  # shares of the households
OPTION = 0.3  # of the wishes with child care
REACTION = (3.0, 0.8)  # seconds from the button to the press: the median, and the spread of its logarithm


@dataclass
class Family:
    """A household as the crowd plays it. `arrives` is in seconds before the hour, `reacts` after the button."""

    number: int
    username: str
    card_number: str
    born: str
    arrives: float
    reacts: float
    cookie: str = ""  # of a session that is there already
    forgets: bool = False
    chooses_later: bool = False
    scripts: bool = True
    program: str = ""
    place: str = ""

    @property
    def address(self) -> str:
        return f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"


@dataclass
class Band:
    """The groups of a programme that one child may take."""

    activities: list[Activity] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(one.capacity or 0 for one in self.activities)


def open_at(hour: datetime) -> int:
    """Have everything on sale open at one hour (UTC); return how many places that is."""
    on_sale = Activity.capacity.is_null(False), Activity.starts_on > clock.today()
    opens = {"opens_residents": hour, "opens_neighbours": None, "opens_everyone": None, "closes": None}
    Activity.update(opens | {"mode": Activity.QUEUE}).where(*on_sale).execute()
    free = fn.SUM(PlacesTaken.capacity - PlacesTaken.taken)
    return int(PlacesTaken.select(free).join(Activity).where(*on_sale).scalar() or 0)


def settle(households: int, before: float, seed: int, password_hash: str) -> list[Family]:
    """Write so many households, accounts and wishes, in the caller's transaction; return how each behaves."""
    dice = random.Random(seed)
    bands = _bands()
    families, wishes = [], []
    for number in range(households):
        household = Household.create(code=f"R{number:07}")
        parent = _person(household, number * 4, date(1988, 1, 1), "Parent")
        account = Account.create(
            person=parent, username=f"parent{number}", username_key=f"parent{number}", password_hash=password_hash
        )
        AccountUse.create(account=account, used_at=clock.now())
        children = 2 if dice.random() < TWO_CHILDREN else 1
        chosen = dice.choices(bands, [band.weight for band in bands], k=children)
        family = Family(
            number, account.username, parent.card_number, parent.birth_date.isoformat(),
            arrives=dice.uniform(0, before), reacts=REACTION[0] * dice.lognormvariate(0, REACTION[1]),
            forgets=dice.random() < FORGET, chooses_later=dice.random() < LATER, scripts=dice.random() >= SCRIPTLESS,
            program=chosen[0].activities[0].programme, place=dice.choice(chosen[0].activities).place.code,
        )  # fmt: skip
        for place, band in enumerate(chosen, 1):
            child = _child(household, number * 4 + place, band.activities[0], dice)
            if not family.chooses_later:
                wishes += _wishes(account, household, child, band, dice)
        families.append(family)
    insert_all(CartItem, [wish | {"position": place} for place, wish in enumerate(wishes, 1)])
    return families


def give_sessions(app: Flask, families: Sequence[Family], seed: int) -> None:
    """Make sessions in the database for those who will not sign in: hashing is not what they would measure."""
    dice = random.Random(seed)
    ids = dict(Account.select(Account.username, Account.id).tuples())
    signed_in = [family for family in families if dice.random() >= SIGN_IN]
    for family in signed_in:
        token = secrets.token_urlsafe(32)
        Session.create(token_digest=digest(token), account=ids[family.username])
        family.cookie = _cookie(app, token)


def _bands() -> list[Band]:
    found: dict[tuple, Band] = {}
    for one in Activity.select().where(Activity.opens_residents > clock.now(), Activity.after == ""):
        ages = one.age_min, one.age_max, one.age_on, one.born_from, one.born_until, one.school, one.needs_level
        found.setdefault((one.programme, *ages), Band()).activities.append(one)
    return [band for band in found.values() if band.weight]


def _person(household: Household, number: int, born: date, name: str, **values: str) -> Person:
    far = clock.today() + timedelta(days=900)
    card = {"card_number": f"QMAGB{number:08}", "first_name": name, "last_name": "Ruée", "birth_date": born}
    person = Person.create(expires_on=far, city="Magog", email=f"r{number}@example.org", **card, **values)
    Membership.create(household=household, person=person)
    return person


def _child(household: Household, number: int, group: Activity, dice: random.Random) -> Person:
    """Make somebody whom a group takes."""
    values = {"school": group.school.split()[0] if group.school else "", "levels": group.needs_level}
    return _person(household, number, _born(group, dice), dice.choice(["Léa", "Noah", "Alice", "Thomas"]), **values)


def _born(group: Activity, dice: random.Random) -> date:
    if group.born_from or group.born_until:
        first = group.born_from or group.born_until - timedelta(days=365)
        last = group.born_until or group.born_from + timedelta(days=365)
        return first + (last - first) / 2
    youngest = group.age_min if group.age_min is not None else 8
    age = dice.randint(youngest, group.age_max if group.age_max is not None else max(youngest, 12))
    return group.age_counts_on - timedelta(days=round(age * 365.25) + 100)  # far from a birthday all season


def _wishes(account: Account, household: Household, child: Person, band: Band, dice: random.Random) -> Iterable[dict]:
    """Yield one to three weeks, each with what would do instead that week for half of them."""
    weeks: dict[date, list[Activity]] = {}
    for one in band.activities:
        weeks.setdefault(one.starts_on, []).append(one)
    for week in dice.sample(sorted(weeks), min(dice.randint(1, 3), len(weeks))):
        first, *others = dice.sample(weeks[week], len(weeks[week]))
        fallbacks = " ".join(one.code for one in others) if dice.random() < 0.5 else ""
        yield {
            "household": household.id, "person": child.id, "activity": first.id, "account_id": account.id,
            "state": CartItem.WISH, "fallbacks": fallbacks, "options": "garde" * (dice.random() < OPTION),
        }  # fmt: skip


def _cookie(app: Flask, token: str) -> str:
    """Return the cookie of a browser that is signed in."""
    with app.test_request_context():
        session.update(_user_id=token, _fresh=True)
        return app.session_interface.get_signing_serializer(app).dumps(dict(session))


def taken() -> Sequence[tuple[int, int]]:
    """Return the capacity and what is taken of each group that is counted."""
    counted = PlacesTaken.select(PlacesTaken.capacity, PlacesTaken.taken).where(PlacesTaken.capacity.is_null(False))
    return list(counted.tuples())
