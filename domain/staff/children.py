"""What staff read of children in their care: each look is noted, once a visit and a home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.care import accompaniment
from domain.common import audit
from domain.common.audit import Act
from domain.common.letters import Letters
from domain.people import contacts
from models import (
    Accompaniment,
    Activity,
    AuthorisedPerson,
    EmergencyContact,
    HealthForm,
    Household,
    Membership,
    Person,
    Place,
    Registration,
    StaffAccount,
    StaffSession,
    write,
)


@dataclass(frozen=True)
class Home:
    """What one of a child's homes says of her."""

    household: Household
    adults: Sequence[Person]
    form: HealthForm | None
    authorised: Sequence[AuthorisedPerson]
    contacts: Sequence[EmergencyContact]  # in the order in which they are called
    accompaniments: Sequence[Accompaniment]  # granted


@dataclass(frozen=True)
class Child:
    """What all the homes of a child say of her."""

    person: Person
    homes: Sequence[Home]

    @property
    def forms(self) -> list[HealthForm]:
        return [home.form for home in self.homes if home.form]

    @property
    def has_allergy(self) -> bool:
        return any(form.allergies or form.auto_injector for form in self.forms)

    @property
    def disagree(self) -> bool:
        """Tell whether homes say otherwise of swimming, or of leaving alone: the most careful answer holds."""
        return len({(form.swimming, form.leaves_alone) for form in self.forms}) > 1


def read_child(visit: StaffSession, person_id: int, adult_age: int, today: date) -> Child | None:
    """Return what a child's homes say of her; the look is noted. None when there is no such child."""
    person = Person.get_or_none(Person.id == person_id)
    if person is None or person.age_on(today) >= adult_age:
        return None
    [child] = _read(visit, [person], adult_age, today)
    return child


def read_group(visit: StaffSession, code: str, adult_age: int, today: date) -> tuple[Activity, list[Child]] | None:
    """Return the children registered in a group, allergies first; each look is noted. None: no such group."""
    activity = Activity.select(Activity, Place).join(Place).where(Activity.code == code).first()
    if activity is None or activity.category != Activity.CHILD_CARE:
        return None
    hers = Registration.select(Registration.person).where(
        Registration.activity == activity, Registration.status == Registration.CONFIRMED
    )
    people = Person.select().where(Person.id.in_(hers)).order_by(Person.last_name, Person.first_name)
    children = [one for one in people if one.age_on(today) < adult_age]
    return activity, sorted(_read(visit, children, adult_age, today), key=lambda child: not child.has_allergy)


def groups(today: date) -> list[Activity]:
    """Return the groups of child care that are not over, the first to begin first."""
    coming = Activity.category == Activity.CHILD_CARE, Activity.ends_on >= today
    rows = Activity.select(Activity, Place).join(Place).where(*coming)
    return list(rows.order_by(Activity.starts_on, Activity.title, Activity.id))


def find(card_number: str) -> Person | None:
    """Return a card's holder: nothing of her file is shown yet."""
    return Person.get_or_none(Person.card_number == card_number)


def read_accompaniment(visit: StaffSession, request_id: int) -> Accompaniment | None:
    """Return a request for accompaniment; reading it is noted."""
    asked = Accompaniment.get_or_none(Accompaniment.id == request_id)
    if asked is not None:
        audit.look(visit, Act.ACCOMPANIMENT_READ, asked.person, asked.household.code)
    return asked


def decide(staff: StaffAccount, asked: Accompaniment, decision: str, answer: str, letters: Letters) -> None:
    """Grant or refuse a request for accompaniment. Raises: AlreadyDecided."""
    with write():
        accompaniment.decide(asked, decision, answer, staff.username, letters)
        audit.by_staff(staff, Act.ACCOMPANIMENT_DECIDED, asked.person, asked.household.code)


def _read(visit: StaffSession, people: Sequence[Person], adult_age: int, today: date) -> list[Child]:
    """Return what homes say of children, and note each look."""
    ids = [one.id for one in people]
    rows = Membership.select(Membership, Household).join(Household).where(Membership.person.in_(ids))
    memberships = list(rows.order_by(Membership.household))
    words = _words(ids, today)
    adults = _adults([row.household_id for row in memberships], adult_age, today)
    homes: dict[int, list[Home]] = {}
    for row in memberships:
        home = words.of(row.person_id, row.household, adults.get(row.household_id, []))
        homes.setdefault(row.person_id, []).append(home)
    children = [Child(one, homes.get(one.id, [])) for one in people]
    with write():
        for child in children:
            for home in child.homes:
                if home.form:
                    audit.look(visit, Act.HEALTH_FORM_READ, child.person, home.household.code)
    return children


@dataclass(frozen=True)
class _Words:
    """What all homes say of some children, read once."""

    forms: Sequence[HealthForm]
    authorised: Sequence[AuthorisedPerson]
    contacts: Sequence[EmergencyContact]
    granted: Sequence[Accompaniment]

    def of(self, person_id: int, household: Household, adults: Sequence[Person]) -> Home:
        """Return what one home says of one child."""
        here = (person_id, household.id)
        form = next((one for one in self.forms if (one.person_id, one.household_id) == here), None)
        return Home(
            household,
            adults,
            form,
            [one for one in self.authorised if form and one.form_id == form.id],
            [one for one in self.contacts if (one.person_id, one.household_id) == here],
            [one for one in self.granted if (one.person_id, one.household_id) == here],
        )


def _words(ids: Sequence[int], today: date) -> _Words:
    """Read what all homes say of some children; forms whose year is over are no longer read."""
    forms = list(HealthForm.select().where(HealthForm.person.in_(ids), HealthForm.good_until >= today))
    authorised = AuthorisedPerson.select().where(AuthorisedPerson.form.in_(forms)).order_by(AuthorisedPerson.id)
    called = contacts.in_order(EmergencyContact.select().where(EmergencyContact.person.in_(ids)))
    granted = Accompaniment.select().where(
        Accompaniment.person.in_(ids),
        Accompaniment.decision == Accompaniment.GRANTED,
        Accompaniment.good_until >= today,
    )
    return _Words(forms, list(authorised), list(called), list(granted))


def _adults(household_ids: Sequence[int], adult_age: int, today: date) -> dict[int, list[Person]]:
    """Return the living adults of some households: who a child lives with."""
    rows = (
        Membership.select(Membership, Person)
        .join(Person)
        .where(Membership.household.in_(list(household_ids)), Person.status != Person.DECEASED)
    )
    found: dict[int, list[Person]] = {}
    for row in rows.order_by(Membership.id):
        if row.person.age_on(today) >= adult_age:
            found.setdefault(row.household_id, []).append(row.person)
    return found
