"""A decision that a machine alone took against somebody, whom the law lets ask that a person look again.

Act respecting Access (A-2.1), s. 65.2: she is told so, may know what was used, and is heard by a person. Whoever
refuses somebody by rule adds a key here, its words in views/messages/reviews, and templates/macros/review.html.
"""

from enum import StrEnum

from city import City
from domain.common import audit, clock, outbox
from domain.common.letters import Letters
from domain.people import household
from models import Account, Person, ReviewRequest, StaffAccount, write


class Decision(StrEnum):
    """What a machine refuses; its words stand in views/messages/reviews."""

    IDENTIFICATION = "identification"
    TOO_MANY_TRIES = "too many tries"
    CARD_EXPIRED = "card expired"
    CARD_LOST = "card lost"
    CARD_OF_CHILD = "card of a child"
    CARD_HAS_ACCOUNT = "card has an account"
    INVOICE_NOT_FOUND = "invoice not found"
    CARD_NOT_ADDED = "card not added"
    PAYMENT_BY_RULE = "payment refused by rule"
    REGISTRATION = "registration refused"
    PRICE = "price"
    OTHER = "another"  # of someone who comes by the address alone


class AlreadyAnswered(Exception):
    """Tried to answer what a colleague has answered."""


def ask(
    decision: Decision, subject: str, phone: str, words: str, account: Account | None, letters: Letters, city: City
) -> None:
    """Ask that a person look at a decision again; the city is written to. The same, asked twice, is one."""
    person = account.person if account else None
    same = (
        (ReviewRequest.decision == Decision(decision))
        & (ReviewRequest.phone == phone)
        & (ReviewRequest.words == words)
        & (ReviewRequest.subject == subject)
    )
    with write():
        if ReviewRequest.select().where(same, ReviewRequest.decided_at.is_null()).exists():
            return
        asked = ReviewRequest.create(
            decision=Decision(decision), subject=subject, phone=phone, words=words, person=person
        )
        if account:
            audit.by_resident(account, audit.Act.REVIEW_ASKED, subject=str(asked.id))
        outbox.write(city.help.email, *letters.write("review_to_answer", asked=asked))


def waiting() -> list[ReviewRequest]:
    """Return what nobody has looked at again, the oldest first."""
    return list(ReviewRequest.select().where(ReviewRequest.decided_at.is_null()).order_by(ReviewRequest.id))


def by(person: Person) -> list[ReviewRequest]:
    """Return what a person asked, the latest first."""
    return list(ReviewRequest.select().where(ReviewRequest.person == person).order_by(ReviewRequest.id.desc()))


def find(request_id: int) -> ReviewRequest | None:
    """Return what was asked under a number."""
    return ReviewRequest.get_or_none(ReviewRequest.id == request_id)


def answer(staff: StaffAccount, asked: ReviewRequest, outcome: str, words: str, letters: Letters) -> None:
    """Answer once; who was signed in reads it in her file, and is written to. Raises: AlreadyAnswered."""
    values = {"outcome": outcome, "answer": words, "decided_at": clock.now(), "decided_by": staff.username}
    with write():
        waits = ReviewRequest.id == asked.id, ReviewRequest.decided_at.is_null()
        if not ReviewRequest.update(**values).where(*waits).execute():
            raise AlreadyAnswered
        audit.by_staff(staff, audit.Act.REVIEW_ANSWERED, asked.person, str(asked.id))
        if asked.person:
            address = household.address_of(asked.person)
            outbox.write(address, *letters.write("review_answered", person=asked.person))
