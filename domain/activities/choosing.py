"""Putting places in a household's cart: wishes before the hour, held places from then on; who may not is told why."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from city import City
from domain.activities import eligibility, price_list, windows
from domain.activities.choices import Choice, Key, Pair, as_choices, in_groups, key_of
from domain.activities.eligibility import Reason, Standing
from domain.activities.windows import State
from domain.cart import holds, items, lapses
from domain.cart.holds import Durations, HeldAlready, NoPlaceLeft
from domain.common import clock
from models import Activity, CartItem, Person, hold, write

# What may have become true since the page was read, though the rules are the same: looked at again with the lock held.
MAY_HAVE_CHANGED = {Reason.ALREADY, Reason.OVERLAP, Reason.LIMIT}


@dataclass(frozen=True)
class Acting:
    """For which household somebody acts, who that is, and what the city says of it."""

    household_id: int
    city: City
    durations: Durations
    account_id: int | None = None
    made_by: str = ""  # a staff user name
    override_reason: str = ""  # why rules are passed; staff only
    passes: frozenset[Reason] = frozenset()  # those she saw named; any other stands in the way as online
    taken_at: datetime | None = None  # when staff took it on paper, in UTC: it is judged and priced as of then


class Refused(Exception):
    """Tried to register people who may not; each is named with every reason, and nothing was written."""

    def __init__(self, reasons: Mapping[tuple[int, int], Sequence[Reason]]) -> None:
        super().__init__(reasons)
        self.reasons = reasons  # by (person, activity)


class NothingOpen(Exception):
    """Tried to take wishes of which none is open yet."""


@dataclass
class Outcome:
    """What a choice led to: what is in the cart now, and the choices of which no place could be had."""

    kept: list[CartItem] = field(default_factory=list)
    missed: list[Choice] = field(default_factory=list)
    reasons: dict[Key, Sequence[Reason]] = field(default_factory=dict)

    def why(self, choice: Choice) -> Sequence[Reason]:
        """Return why a choice could not be had; nothing when only one of those together with it could not."""
        return self.reasons.get(key_of(choice.person, choice.activity), [])


def choose(acting: Acting, choices: Sequence[Choice]) -> Outcome:
    """Keep wishes for what is not open yet, and hold the places of what is; two of the same are one.

    Raises: Refused when one of them may not, NoPlaceLeft when no place was left for any, or for one of those together,
    HeldLongEnough when one was held as long as one may.
    """
    now = clock.now()
    _refuse(acting, _standing(acting, choices, acting.taken_at or now), _mine(acting), choices, set(Reason))
    free_what_is_over(choices, now)
    with write():
        _keep_others_off(acting, choices)
        outcome = Outcome()
        taking = _taking(acting, choices, now, outcome)
        for choice in choices:
            _refuse(acting, taking.standing, taking.mine, [choice], MAY_HAVE_CHANGED)
            item = taking.choose(choice)
            outcome.kept.append(item) if item else outcome.missed.append(choice)
        if outcome.missed and (not outcome.kept or any(choice.together for choice in outcome.missed)):
            raise NoPlaceLeft(outcome.missed[0].activity.id)
    return outcome


def free_what_is_over(choices: Sequence[Choice], now: datetime) -> None:
    """Free the places of these choices whose time is over, each in a transaction of its own."""
    lapses.sweep(now, _wanted(choices))


def _keep_others_off(acting: Acting, choices: Sequence[Choice]) -> None:
    """Keep others off a household's cart, then off the places wanted, until the transaction ends."""
    hold(CartItem.select().where(CartItem.household == acting.household_id, CartItem.state.in_(CartItem.IN_CART)))
    holds.keep_places(_wanted(choices))


def _wanted(choices: Sequence[Choice]) -> dict[int, Activity]:
    """Return every activity that some choices name, by its id."""
    return {one.id: one for choice in choices for one in (choice.activity, *choice.fallbacks)}


def _standing(acting: Acting, choices: Sequence[Choice], now: datetime) -> Standing:
    people = list({choice.person.id: choice.person for choice in choices}.values())
    return eligibility.standing(acting.household_id, people, list(_wanted(choices).values()), acting.city, now)


def _refuse(
    acting: Acting, standing: Standing, mine: Collection[Key], choices: Sequence[Choice], only: set[Reason]
) -> None:
    """Raises: Refused, naming all who may not."""
    refused = {}
    for choice in choices:
        found = refusals(acting, standing, choice.person, choice.activity) & only
        if key_of(choice.person, choice.activity) in mine:
            found -= {Reason.ALREADY, Reason.LIMIT, Reason.OVERLAP}  # the same POST twice is one
        if found:
            refused[choice.person.id, choice.activity.id] = [one for one in Reason if one in found]
    if refused:
        raise Refused(refused)


def refusals(acting: Acting, standing: Standing, person: Person, activity: Activity) -> set[Reason]:
    """Return why somebody may not, whether a place is left or not: that is for the database to say."""
    found = set(eligibility.reasons(standing, person, activity)) - {Reason.FULL}
    return found - {*eligibility.passable(acting.passes)} if acting.override_reason else found


def _mine(acting: Acting) -> dict[Key, CartItem]:
    """Return what a household has in its cart on no invoice yet, by whose and of what it is."""
    mine = CartItem.household == acting.household_id, CartItem.invoice.is_null()
    rows = CartItem.select().where(*mine, CartItem.state.in_((CartItem.WISH, CartItem.HELD)))
    return {(row.person_id, row.activity_id): row for row in rows}


def _taking(acting: Acting, choices: Sequence[Choice], now: datetime, outcome: Outcome) -> "_Taking":
    """Read once what places are taken by, with others kept off."""
    standing, last = _standing(acting, choices, acting.taken_at or now), items.last_position(acting.household_id)
    let_go = {} if acting.made_by else holds.let_go(acting.household_id, now)  # staff may
    return _Taking(acting, now, standing, outcome, _mine(acting), last, let_go)


@dataclass
class _Taking:
    """Taking places one after the other in one transaction: each is judged with those taken before it."""

    acting: Acting
    now: datetime
    standing: Standing
    outcome: Outcome
    mine: dict[Key, CartItem]
    last_position: int
    let_go: Mapping[Key, holds.LetGo]

    def choose(self, choice: Choice) -> CartItem | None:
        """Keep a wish or hold a place; None when none is left."""
        mine = self.mine.get(key_of(choice.person, choice.activity))
        soon = windows.state(choice.activity, None, self.now) == State.SOON
        if mine:
            CartItem.update(options=self._options(choice)).where(CartItem.id == mine.id).execute()
        if mine and (soon or mine.state == CartItem.HELD):
            return mine
        self._forget_lapsed(choice)
        if soon:
            return self._remember(CartItem.create(state=CartItem.WISH, **self._values(choice)))
        return self.hold(choice, mine)

    def _remember(self, item: CartItem) -> CartItem:
        self.mine[item.person_id, item.activity_id] = item
        return item

    def hold(self, choice: Choice, wish: CartItem | None = None) -> CartItem | None:
        """Hold the first place of those wanted that she may take and that is left; None when there is none."""
        durations = self.acting.durations
        why: list[set[Reason]] = []  # of each that was wanted
        held_at = self.acting.taken_at or self.now
        for activity in (choice.activity, *choice.fallbacks):
            # Of a full group nothing is even tried: in a rush that is nearly all of them.
            refused = refusals(self.acting, self.standing, choice.person, activity)
            if refused or self.standing.is_full(activity):
                why.append(refused or {Reason.FULL})
                continue
            before = None if wish else self.let_go.get(key_of(choice.person, activity))  # a wish is held once
            until, at_most = holds.ends(durations, before, activity.id, self.now)
            try:
                if wish:
                    holds.take(wish, until, at_most, held_at, activity=activity.id, **self._who(wish))
                else:
                    values = self._values(choice) | {"activity": activity.id}
                    wish = holds.create_held(values, until, at_most, held_at)
            except (NoPlaceLeft, HeldAlready) as gone:
                why.append({Reason.FULL if isinstance(gone, NoPlaceLeft) else Reason.ALREADY})
                continue
            self.standing = self.standing.holding(choice.person, activity)
            return self._remember(wish)
        self.outcome.reasons[key_of(choice.person, choice.activity)] = [one for one in Reason if one in why[0]]
        return None

    def _who(self, wish: CartItem) -> dict[str, int]:
        """Return whose pressing it is when nobody is told of a place any more: it lapsed, and that was told."""
        account_id = self.acting.account_id
        return {"account_id": account_id} if account_id and not wish.account_id else {}

    def _values(self, choice: Choice) -> dict[str, int | str | datetime | None]:
        acting = self.acting
        self.last_position += 1
        return {
            "household": acting.household_id,
            "person": choice.person.id,
            "activity": choice.activity.id,
            "options": self._options(choice),
            "fallbacks": " ".join(one.code for one in choice.fallbacks),
            "together": choice.together,
            "position": self.last_position,
            "account_id": acting.account_id,
            "made_by": acting.made_by,
            "override_reason": acting.override_reason,
            "chosen_at": acting.taken_at or self.now,
        }

    def _options(self, choice: Choice) -> str:
        known = price_list.options_of((choice.activity, *choice.fallbacks), self.standing.rules)
        return " ".join(code for code in dict.fromkeys(choice.options) if code in known)

    def _forget_lapsed(self, choice: Choice) -> None:
        """Take out of the cart what lapsed of the same: it is wanted anew."""
        same = CartItem.person == choice.person, CartItem.activity == choice.activity
        lapsed = (CartItem.household == self.acting.household_id) & (CartItem.state == CartItem.LAPSED)
        CartItem.update(state=CartItem.REMOVED).where(*same, lapsed).execute()


def take_wishes(acting: Acting) -> Outcome:
    """Hold, in order, every wish that is open, each or what would do instead; what could not be had lapses.

    Raises: NothingOpen.
    """
    now = clock.now()
    wishes = items.wishes(acting.household_id)
    open_now = [item for item in wishes if windows.state(item.activity, None, now) != State.SOON]
    if not open_now:
        raise NothingOpen
    return _take_all(acting, open_now, now)


def take_again(acting: Acting, only: Collection[int] = ()) -> Outcome:
    """Hold anew, in order, the places of the cart whose time was over, all or `only` some; the rest stays lapsed."""
    mine = items.of_household(acting.household_id)
    return _take_all(acting, [one for one in mine if one.is_over and (not only or one.id in only)], clock.now())


def _take_all(acting: Acting, wanted: Sequence[CartItem], now: datetime) -> Outcome:
    """Hold what stands in a cart, in order, each or what would do instead; of wishes, what could not be had lapses."""
    choices, outcome = as_choices(wanted), Outcome()
    free_what_is_over(choices, now)
    with write():
        _keep_others_off(acting, choices)
        taking = _taking(acting, choices, now, outcome)
        missed = [item.id for group in in_groups(wanted, choices) for item in _take_group(taking, group, outcome)]
        CartItem.update(state=CartItem.LAPSED).where(CartItem.id.in_(missed), CartItem.state == CartItem.WISH).execute()
    return outcome


class _OneMissing(Exception):
    """One of those together could not be had: the others' places are given back."""


def _take_group(taking: _Taking, group: Sequence[Pair], outcome: Outcome) -> list[CartItem]:
    """Hold the places of a group of wishes, all or none; return those that could not be had."""
    before = taking.standing
    try:
        with write() if len(group) > 1 else nullcontext():
            for item, choice in group:
                if not taking.hold(choice, item):
                    raise _OneMissing
    except _OneMissing:
        taking.standing = before
        outcome.missed += [choice for _item, choice in group]
        return [item for item, _choice in group]
    outcome.kept += [item for item, _choice in group]
    return []
