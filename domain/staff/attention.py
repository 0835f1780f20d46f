"""What a person at the city must settle: À traiter on the staff page, `flask attention` in a terminal."""

from collections.abc import Mapping
from dataclasses import dataclass

from city import City
from domain.access import verification
from domain.billing import overpayments
from domain.billing.listener import Listener
from domain.care import accompaniment
from domain.common import alerts, audit, clock, outbox
from domain.common.letters import Letters
from domain.payments import handed_back, lifecycle
from domain.people import asked_fields, corrections, family, household, reviews
from domain.people.corrections import Correction
from models import (
    Accompaniment,
    Alert,
    ChangeRequest,
    Destruction,
    Overpayment,
    Payment,
    Person,
    ReviewRequest,
    StaffAccount,
    StaffRole,
    StaffSession,
    write,
)

SETTLE_ALERTS = {StaffRole.COUNTER, StaffRole.FINANCE, StaffRole.ADMIN}  # and see the uncertain payments
DECIDE_REQUESTS = {StaffRole.COUNTER}
DECIDE_ACCOMPANIMENT = {StaffRole.COUNTER, StaffRole.PROGRAMMING}
APPROVE = {StaffRole.ADMIN}  # what is destroyed
SEND_AGAIN = {StaffRole.ADMIN}  # the mail that was given up
GIVE_BACK = {StaffRole.COUNTER, StaffRole.FINANCE}  # what is owed back
DECIDED = {
    ChangeRequest.ACCEPTED: audit.Act.REQUEST_ACCEPTED,
    ChangeRequest.REFUSED: audit.Act.REQUEST_REFUSED,
}


class AlreadyDecided(Exception):
    """Tried to decide a request that somebody has decided."""


@dataclass(frozen=True)
class Waiting:
    """What waits for a person; None where it is others' to settle."""

    uncertain: list[Payment] | None
    alerts: list[Alert] | None
    owed_back: list[Overpayment] | None
    charges: list[handed_back.Waiting] | None  # that pay nothing, and that no card takes back
    requests: list[ChangeRequest] | None
    to_verify: int | None  # accounts
    reviews: list[ReviewRequest] | None  # what the site refused somebody
    destructions: int | None  # to approve
    accompaniments: list[Accompaniment] | None
    given_up: int | None  # messages that are tried no more


def waiting() -> Waiting:
    """Return all that waits, the oldest first."""
    owed, to_verify = overpayments.owed(), len(verification.owed())
    return Waiting(
        lifecycle.uncertain(),
        alerts.open_alerts(),
        owed,
        handed_back.waiting(),
        open_requests(),
        to_verify,
        reviews.waiting(),
        _to_approve(),
        accompaniment.to_decide(),
        outbox.given_up_count(),
    )


def waiting_for(staff: StaffAccount) -> Waiting:
    """Return what waits that someone's roles may settle."""
    alerts_too, requests_too = _has(staff, SETTLE_ALERTS), _has(staff, DECIDE_REQUESTS)
    return Waiting(
        lifecycle.uncertain() if alerts_too else None,
        alerts.open_alerts() if alerts_too else None,
        overpayments.owed() if _has(staff, GIVE_BACK) else None,
        handed_back.waiting() if _has(staff, GIVE_BACK) else None,
        open_requests() if requests_too else None,
        len(verification.owed()) if requests_too else None,
        reviews.waiting() if requests_too else None,
        _to_approve() if _has(staff, APPROVE) else None,
        accompaniment.to_decide() if _has(staff, DECIDE_ACCOMPANIMENT) else None,
        outbox.given_up_count() if _has(staff, SEND_AGAIN) else None,
    )


def _to_approve() -> int:
    return Destruction.select().where(Destruction.approved_at.is_null()).count()


def _has(staff: StaffAccount, roles: set[str]) -> bool:
    return not roles.isdisjoint(staff.roles)


def open_requests() -> list[ChangeRequest]:
    """Return the residents' requests that nobody has decided."""
    return list(ChangeRequest.select().where(ChangeRequest.decided_at.is_null()).order_by(ChangeRequest.id))


def read_request(visit: StaffSession, request_id: int) -> ChangeRequest | None:
    """Return a request; reading it is noted for who asks, and is a look at the file of whom it is about.

    Of a child the other home sees that the file was opened, and nothing of the request.
    """
    request = ChangeRequest.select(ChangeRequest, Person).join(Person).where(ChangeRequest.id == request_id).first()
    if request is not None:
        asker = request.asked_by_id or request.person_id
        joined, changed = ({one.person_id for one in rows} for rows in (request.joins, request.fields))
        about = ({request.person_id} | joined | changed) - {asker}
        audit.look(visit, audit.Act.REQUEST_READ, asker)
        for person in sorted(about):
            audit.look(visit, audit.Act.FILE_OPENED, person)
    return request


def brings_together(request: ChangeRequest) -> bool:
    """Tell whether a request would put somebody whom the city set apart in one more household: who asks may be why."""
    return any(household.is_set_apart(joined.person_id) for joined in request.joins)


def decide(
    staff: StaffAccount,
    request: ChangeRequest,
    decision: str,
    answer: str,
    corrected: Mapping[str, Correction],
    letters: Letters,
    city: City,
) -> None:
    """Accept or refuse a request, with the city's answer; accepted, what was corrected of the file is written.

    Refused, who asked is told that there is an answer: what was done, and what was asked, her mailbox does not say.

    Raises: AlreadyDecided, corrections.ChangedSince.
    """
    with write():
        _close(staff, request, decision, answer)
        if decision == ChangeRequest.ACCEPTED:
            _carry_out(staff, request, corrected, letters, city)
        elif request.asked_by:
            outbox.write(household.address_of(request.asked_by), *letters.write("request_answered", asked=request))


def grant(
    staff: StaffAccount,
    request: ChangeRequest,
    answer: str,
    shown: Mapping[int, str],
    resident: bool | None,
    letters: Letters,
    city: City,
) -> None:
    """Accept a request of fields, and do it: each file is written, whose it is and who asked are told.

    `shown` and `resident` as `asked_fields.carry_out` takes them. Raises: AlreadyDecided, corrections.ChangedSince,
    asked_fields.AskerNotVerified, asked_fields.NothingToDo, asked_fields.ResidenceUndecided.
    """
    with write():
        _close(staff, request, ChangeRequest.ACCEPTED, answer)
        done = asked_fields.carry_out(request, shown, resident, staff.username, city)
        asker = request.asked_by or request.person
        told = {household.address_of(asker): request.person}
        for before, fields in done:
            audit.by_staff(staff, audit.Act.FILE_CORRECTED, before, " ".join(fields))
            for one in (before, Person.get_by_id(before.id)):
                told.setdefault(household.address_of(one), one)
        for address, person in told.items():
            outbox.write(address, *letters.write("file_corrected", person=person, moment=clock.now()))


def _close(staff: StaffAccount, request: ChangeRequest, decision: str, answer: str) -> None:
    """Note a decision, in the caller's transaction. Raises: AlreadyDecided."""
    decided = (
        ChangeRequest.update(decision=decision, answer=answer, decided_at=clock.now(), decided_by=staff.username)
        .where(ChangeRequest.id == request.id, ChangeRequest.decided_at.is_null())
        .execute()
    )
    if not decided:
        raise AlreadyDecided
    audit.by_staff(staff, DECIDED[decision], request.asked_by or request.person)


def _carry_out(
    staff: StaffAccount, request: ChangeRequest, corrected: Mapping[str, Correction], letters: Letters, city: City
) -> None:
    """Do what was asked; whoever can be written to, at the address before or after, hears of a corrected file."""
    joined = request.joins.first()
    if joined:
        family.add_member(joined, staff.username, letters, city)
    if corrected:
        before = request.person
        corrections.correct(before, corrected, staff.username)
        audit.by_staff(staff, audit.Act.FILE_CORRECTED, before, " ".join(corrected))
        after = Person.get_by_id(before.id)
        for address in sorted({household.address_of(before), household.address_of(after)}):
            outbox.write(address, *letters.write("file_corrected", person=after, moment=clock.now()))


def hand_back(staff: StaffAccount, overpayment_id: int, seen_cents: int, method: str) -> bool:
    """Note that somebody returned money owed back, and how; return whether this call did: twice is once."""
    found = Overpayment.get_or_none(Overpayment.id == overpayment_id)
    if found is None:
        return False
    with write():
        done = overpayments.give_back(found, seen_cents, method, staff.username)
        if done:
            audit.by_staff(staff, audit.Act.OVERPAYMENT_RETURNED, found.payment.payer, found.payment.reference)
        return done


def hand_back_charge(
    staff: StaffAccount, one: handed_back.Waiting, handed: handed_back.Handed, listener: Listener
) -> bool:
    """Note that somebody gave back a charge that pays nothing, and how; return whether this call did: twice is once.

    Raises: NotYetFound.
    """
    with write():
        done = handed_back.hand_back(one, handed, listener)
        if done:
            audit.by_staff(staff, audit.Act.CHARGE_HANDED_BACK, one.payment.payer, one.payment.reference)
        return done


def send_again(staff: StaffAccount) -> int:
    """Have the mail that was given up tried once more; return how many messages."""
    with write():
        count = outbox.try_given_up_again()
        if count:
            audit.by_staff(staff, audit.Act.MAIL_SENT_AGAIN, subject=str(count))
        return count


def settle_alert(staff: StaffAccount, alert_id: int) -> None:
    """Close an alert: somebody has seen to it. Of someone who is not shown any, nothing is taken."""
    with write():
        if _has(staff, SETTLE_ALERTS) and alerts.close(alert_id):
            audit.by_staff(staff, audit.Act.ALERT_SETTLED, subject=str(alert_id))
