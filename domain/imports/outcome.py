"""What an import reads, means to do, and did."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from domain.common.facts import Values
from models import Table

Thing = TypeVar("Thing")
Cells = dict[str, Any]  # by column: what its reader makes of a cell
Record = TypeVar("Record", bound=Table)


class Watch(Protocol):
    """Looks on while things are gone through, such as a progress bar; `iter` is nobody."""

    def __call__(self, things: Iterable[Thing], /) -> Iterable[Thing]:
        """Yield the same things."""


@dataclass(frozen=True)
class Row:
    """A line of the file, read: its values by column, and the columns that the file has not."""

    line: int
    values: Cells
    absent: frozenset[str] = frozenset()


class Reason(StrEnum):
    """Why a row is refused, left alone, or written and told; its words stand in views/messages/imports."""

    CELL = "cell not readable"
    CELL_COUNT = "other number of cells"
    UNKNOWN_HOUSEHOLD = "household unknown"
    UNKNOWN_CARD = "card unknown"
    UNKNOWN_INVOICE = "invoice unknown"
    UNKNOWN_PLACE = "place unknown"
    UNKNOWN_ACTIVITY = "activity unknown"
    CARD_DIFFERS = "card told otherwise"
    CARD_CHANGED = "card changed meanwhile"
    HOUSEHOLD_DIFFERS = "household differs"
    DATE_DIFFERS = "date differs"
    DUE_DATE_DIFFERS = "due date differs"
    STATUS_DIFFERS = "status differs"
    TAXES_DIFFER = "taxes differ"
    DUE_BEFORE_ISSUED = "due before issued"
    IS_A_CREDIT = "is a credit note here"
    IS_AN_INVOICE = "is an invoice here"
    CREDIT_CHANGED = "credit note changed since"
    INVOICE_LOWERED = "invoice lowered"
    INVOICE_PAID = "invoice paid"
    INVOICE_BEING_PAID = "invoice being paid"
    INVOICE_CHANGED = "invoice changed meanwhile"
    PAYMENT_TWICE = "payment told twice"
    PAYMENT_CHANGED = "payment changed since"
    PAYMENT_OF_NOTHING = "payment of nothing"
    PAID_ON_DIFFERS = "day of payment differs"
    METHOD_DIFFERS = "method differs"
    PAYER_DIFFERS = "payer differs"
    BOTH_WAYS = "money received and given back"
    GIVEN_BEYOND = "more given back than paid"
    PAYMENT_MUST_WAIT = "invoice being paid by card"
    PAYS_CANCELLED = "invoice cancelled"
    PAYS_SETTLED = "invoice settled"
    PAYS_TOO_MUCH = "invoice owes less"
    THING_TWICE = "thing told twice"
    CARD_ELSEWHERE = "card of another household"
    HOUSEHOLD_SPLIT = "household was split"
    PAYER_ELSEWHERE = "payer of another household"
    REGISTERED_ALREADY = "registered already"
    THING_CHANGED = "thing changed meanwhile"
    CHANGED_HERE_TOO = "changed here and in the file"
    PORTAL_IS_MASTER = "portal is master"
    PORTAL_CREATES = "portal creates"
    CODE_NOT_GIVEN = "code of ours never given"
    LAST_DAY_FIRST = "last day before the first"
    ENDS_BEFORE_HOUR = "ends before its hour"
    ENDS_BEFORE = "ends before it starts"
    AGES_REVERSED = "oldest before youngest"
    BIRTHS_REVERSED = "last birth before the first"
    CLOSES_BEFORE = "closes before it opens"
    CODE_NOT_SOLD = "code cannot be sold"
    MODE_DIFFERS = "mode differs"
    UNKNOWN_BEFORE = "taken before unknown"
    CAPACITY_BELOW = "capacity below what is taken"
    NO_PRICE = "no price"
    UNKNOWN_PROGRAM = "programme unknown"
    NO_AMOUNT = "neither amount nor cap"
    TWO_AMOUNTS = "amount and cap"
    CAP_OF_A_PART = "cap of an option or a rank"
    PRICES_DIFFER = "two prices for the same"
    ACTIVITY_FULL = "activity full"
    HELD_IN_CART = "held in a cart"


@dataclass(frozen=True)
class Problem:
    """Why a row is refused or left alone: its line (the header is line 1), the column, and what its words need.

    `key` is what is left alone, as the file's first column names it.
    """

    line: int
    column: str
    reason: Reason
    values: Values = field(default_factory=dict)
    key: str = ""


@dataclass
class Outcome:
    """What an import would do, and has done once its plan is carried out."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Problem] = field(default_factory=list)
    left_alone: list[Problem] = field(default_factory=list)
    listed: list[Problem] = field(default_factory=list)  # written too, and for a person to settle
    written: dict[int, Problem] = field(default_factory=dict)  # and yet a person must hear of it; by line

    def tell(self, problem: Problem) -> None:
        """List what is written, and that a person must hear of: instead of what was planned to be said of its line."""
        self.written[problem.line] = problem

    def not_created(self, problem: Problem) -> None:
        """Leave alone what was to be created."""
        self.created -= 1
        self.left_alone.append(problem)

    def not_updated(self, problem: Problem) -> None:
        """Leave alone what was to be updated."""
        self.updated -= 1
        self.left_alone.append(problem)


Change = Callable[[Outcome], None]  # writes a thing whole, in the caller's transaction, if it still is as planned


@dataclass
class Plan:
    """What a file changes; the outcome counts it already, and a change that cannot be made any more says so to it."""

    outcome: Outcome = field(default_factory=Outcome)
    changes: list[Change] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)  # of all the file speaks of
    rows: int = 0  # of the file, those that its mapping leaves out too
    skipped: int = 0  # those
    names: dict[str, str] = field(default_factory=dict)  # what the file calls a column, by our name of it
    notices: list[str] = field(default_factory=list)  # what reading the file has to tell
    homes: set[str] = field(default_factory=set)  # households without a card, to be made first


def by_key(query: Iterable[Record], name: str) -> dict[str, Record]:
    """Return a query's rows by one of their fields."""
    return {getattr(row, name): row for row in query}
