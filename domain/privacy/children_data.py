"""What a parent may see of her children, to take along: docs/security.md says what each home of a shared child sees."""

from collections.abc import Mapping, Sequence
from datetime import date

from city import City
from domain.people import family, household
from domain.people.family import Member
from domain.privacy import file_looks
from domain.privacy.plain_rows import Item, item
from models import Accompaniment, Account, Activity, AuthorisedPerson, HealthForm, Registration

CONTACTS = ("address", "city", "postal_code", "phone", "email")
SEEN = ("first_name", "last_name", "expires_on", "status")


def everything(account: Account, city: City, today: date) -> dict[str, list[Item]]:
    """Return what is held on the children of an account's households, by section."""
    theirs = {child.id for child in household.children_of(account, city, today)}
    children = [one for one in family.members(account, city, today) if one.person.id in theirs]
    names = {child.person.id: child.person.name for child in children}
    looks = file_looks.of_children(account, [child.person for child in children], limit=10_000)
    return {
        "children": [_child(child) for child in children],
        "children_emergency_contacts": [
            {"child": child.person.name, **item(contact, only=("name", "phone", "relation"))}
            for child in children
            for contact in child.contacts
        ],
        **_care(account, names),
        "children_registrations": _registrations(account, children),
        "children_file_events": [
            {"child": names[look.person_id or 0], **item(look, only=("at", "actor_kind", "action"))} for look in looks
        ],
    }


def _child(child: Member) -> Item:
    """Return what stands in Ma famille of a child: where she lives unless that may be another home's."""
    seen = (*SEEN, *(CONTACTS if child.tells_where else ()))
    return {**item(child.person, only=seen), "age": child.age, "card_ends": child.person.card_number[-4:]}


def _care(account: Account, names: Mapping[int, str]) -> dict[str, list[Item]]:
    """Return what one's own homes said of them; nothing while the city does not know whose the account is."""
    homes, children = account.household_ids() if household.reads_contacts(account) else [], list(names)
    forms = HealthForm.select().where(HealthForm.person.in_(children), HealthForm.household.in_(homes))
    fetching = AuthorisedPerson.select(AuthorisedPerson, HealthForm).join(HealthForm)
    asked = Accompaniment.select().where(Accompaniment.person.in_(children), Accompaniment.household.in_(homes))
    not_told = ("id", "person", "household", "asked_by", "decided_by")
    return {
        "children_health_forms": [{"child": names[one.person_id], **item(one, without=not_told)} for one in forms],
        "children_authorised_persons": [
            {"child": names[one.form.person_id], **item(one, only=("name", "phone", "relation"))}
            for one in fetching.where(AuthorisedPerson.form.in_(forms))
        ],
        "children_accompaniments": [{"child": names[one.person_id], **item(one, without=not_told)} for one in asked],
    }


def _registrations(account: Account, children: Sequence[Member]) -> list[Item]:
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
    return [
        {
            "child": names[row.person_id],
            "activity": row.activity.title,
            **item(row.activity, only=("starts_on", "ends_on", "weekdays")),
            "status": row.status,
            **({} if row.person_id in shared else item(row, only=("code", "registered_on"))),
        }
        for row in rows
    ]
