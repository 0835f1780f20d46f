"""What a parent may see of her children, to take along: docs/security.md says what each home of a shared child sees."""

from collections.abc import Mapping, Sequence
from datetime import date

from city import City
from domain.people import family, household
from domain.people.family import Member
from domain.privacy import file_looks
from domain.privacy.plain_rows import Columns, Item, Section, Told, item
from models import (
    Accompaniment,
    Account,
    Activity,
    AuditEvent,
    AuthorisedPerson,
    EmergencyContact,
    HealthForm,
    Registration,
)

CONTACTS = ("address", "city", "postal_code", "phone", "email")
SEEN = ("first_name", "last_name", "expires_on", "status")
TO_CALL = ("name", "phone", "relation")
DAYS, OWN = ("starts_on", "ends_on", "weekdays"), ("code", "registered_on")


def sections(account: Account, city: City, today: date) -> dict[str, Section]:
    """Return what is held on the children of an account's households, by section."""
    theirs = {child.id for child in household.children_of(account, city, today)}
    children = [one for one in family.members(account, city, today) if one.person.id in theirs]
    names = {child.person.id: child.person.name for child in children}
    looks = file_looks.of_children(account, [child.person for child in children], limit=10_000)
    contacts = [contact for child in children for contact in child.contacts]
    whose: Told[EmergencyContact] = {"child": lambda row: names[row.person_id]}
    seen: Told[AuditEvent] = {"child": lambda look: names[look.person_id or 0]}
    return {
        "children": Section((*SEEN, *CONTACTS, "age", "card_ends"), [_child(child) for child in children]),
        "children_emergency_contacts": Columns(EmergencyContact, only=TO_CALL, instead=whose).of(contacts),
        **_care(account, names),
        "children_registrations": _registrations(account, children),
        "children_file_events": Columns(AuditEvent, only=("at", "actor_kind", "action"), instead=seen).of(looks),
    }


def _child(child: Member) -> Item:
    """Return what stands in Ma famille of a child: where she lives unless that may be another home's."""
    seen = (*SEEN, *(CONTACTS if child.tells_where else ()))
    return {**item(child.person, seen), "age": child.age, "card_ends": child.person.card_number[-4:]}


def _care(account: Account, names: Mapping[int, str]) -> dict[str, Section]:
    """Return what one's own homes said of them; nothing while the city does not know whose the account is."""
    homes, children = account.household_ids() if household.reads_contacts(account) else [], list(names)
    forms = HealthForm.select().where(HealthForm.person.in_(children), HealthForm.household.in_(homes))
    fetching = AuthorisedPerson.select(AuthorisedPerson, HealthForm).join(HealthForm)
    asked = Accompaniment.select().where(Accompaniment.person.in_(children), Accompaniment.household.in_(homes))
    not_told = ("id", "person", "household", "asked_by", "decided_by")
    of_form: Told[HealthForm] = {"child": lambda row: names[row.person_id]}
    of_person: Told[AuthorisedPerson] = {"child": lambda row: names[row.form.person_id]}
    of_asked: Told[Accompaniment] = {"child": lambda row: names[row.person_id]}
    may_fetch = fetching.where(AuthorisedPerson.form.in_(forms))
    return {
        "children_health_forms": Columns(HealthForm, not_told, instead=of_form).of(forms),
        "children_authorised_persons": Columns(AuthorisedPerson, only=TO_CALL, instead=of_person).of(may_fetch),
        "children_accompaniments": Columns(Accompaniment, not_told, instead=of_asked).of(asked),
    }


def _registrations(account: Account, children: Sequence[Member]) -> Section:
    """Return what they are registered for; of a child of two homes the activity, its days, and whether she waits."""
    shared = household.shared(account.household_ids())
    rows = (
        Registration.select(Registration, Activity)
        .join(Activity)
        .where(
            Registration.person.in_([child.person for child in children]), Registration.status != Registration.CANCELLED
        )
        .order_by(Registration.id)
    )
    names = {child.person.id: child.person.name for child in children}
    told = [
        {
            "child": names[row.person_id],
            "activity": row.activity.title,
            **item(row.activity, DAYS),
            "status": row.status,
            **({} if row.person_id in shared else item(row, OWN)),
        }
        for row in rows
    ]
    return Section(("child", "activity", *DAYS, "status", *OWN), told)
