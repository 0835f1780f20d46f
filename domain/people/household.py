"""Who belongs together, whom to tell when something changes, and setting people apart."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from peewee import ModelSelect, fn

from city import City
from domain.common import audit, clock, letter_limits, local_changes, outbox
from domain.common.letters import Letters, Told
from models import Account, CartItem, Household, Membership, Person, Separation, UnverifiedAccount, built_once


@built_once
def people_of(household_id: int) -> "ModelSelect[Person]":
    """Return the living people of a household, the youngest first."""
    theirs = Membership.select(Membership.person).where(Membership.household == household_id)
    living = Person.select().where(Person.id.in_(theirs), Person.status != Person.DECEASED)
    return living.order_by(Person.birth_date.desc(), Person.id)


def other_adults(person: Person, adult_age: int, today: date, homes: Collection[int] | None = None) -> list[Person]:
    """Return the other living adults of the person's households (`homes`: of these alone), each once."""
    mine = Membership.select(Membership.household).where(Membership.person == person)
    if homes is not None:
        mine = mine.where(Membership.household.in_(list(homes)))
    others = (
        Person.select()
        .join(Membership)
        .where(Membership.household.in_(mine), Person.id != person.id, Person.status != Person.DECEASED)
        .distinct()
    )
    return [other for other in others if other.age_on(today) >= adult_age]


def homes_of_both(person: Person, other: Person) -> list[int]:
    """Return the ids of the households that two people are of: somebody's other home is not told of who is here."""
    others = Membership.select(Membership.household).where(Membership.person == other)
    both = Membership.select(Membership.household).where(Membership.person == person, Membership.household.in_(others))
    return list(both.scalars())


def address_of(person: Person) -> str:
    """Return where to write to someone: her account's confirmed e-mail, else the one on the card's file.

    Nothing for a deceased person: her card gets no mail.
    """
    if person.status == Person.DECEASED:
        return ""
    account = Account.get_or_none(Account.person == person)
    return (account.confirmed_email if account else "") or person.email


def is_anothers_too(address: str, person: Person, city: City) -> bool:
    """Tell whether an address is another adult's too: who reads it is not sure to be who it is written to."""
    return any(_others_at(address, person, city))


def _others_at(address: str, person: Person, city: City) -> Iterator[Person]:
    return (one for one in adults_at(address, city) if one.id != person.id)


def adults_at(address: str, city: City) -> list[Person]:
    """Return the living adults on whose cards an address stands, or whose accounts confirmed it; of none, nobody."""
    if not (address := address.strip()):
        return []
    theirs = Account.email_key == address.casefold(), Account.email_confirmed_at.is_null(False)
    confirmed = [one.person for one in Account.select(Account, Person).join(Person).where(*theirs)]
    found = {*Person.select().where(fn.LOWER(Person.email) == address.lower()), *confirmed}  # either by its index
    today = clock.today()
    return [one for one in found if one.status != Person.DECEASED and one.age_on(today) >= city.adult_age]


def is_read_by_who_is_apart(account: Account, city: City) -> bool:
    """Tell whether someone set apart from an account's holder may read where she is written to.

    She may have shared an address that counted before, as the file's did; or it stands on somebody's card who left.
    """
    since = apart_since(account.person_id)
    if since and (account.email_confirmed_at is None or account.email_confirmed_at <= since):
        return True
    readers = _others_at(address_of(account.person), account.person, city)
    return any(since or is_set_apart(one.id) for one in readers)


def warn_unconfirmed(person: Person, letters: Letters) -> None:
    """Tell the address that somebody's account has not confirmed yet that something happened.

    It may be mistyped, a stranger's: the letter names nobody.
    """
    account = Account.get_or_none(Account.person == person)
    if account is None or person.status == Person.DECEASED:
        return
    if account.waiting_email.casefold() != person.email.casefold():
        message = letters.write("change_unnamed", moment=clock.now())
        _tell(account.waiting_email, "change_unnamed", message, whatever=True)


def tell_of_change(account: Account, letter: str, letters: Letters, city: City, *, whatever: bool = False) -> None:
    """Tell of a change to an account: its own e-mail, the address on file, and the household's other adults.

    A former spouse may know a card number and a birth date: whoever is concerned must hear of it. A change that must be
    made `whatever` was told before is made, though it is told no more. Raises: TooManyLetters.
    """
    warn_unconfirmed(account.person, letters)
    person = account.person
    values: dict[str, Told] = {"person": person, "moment": clock.now()}
    on_file = "" if person.status == Person.DECEASED else person.email
    for address in sorted({address_of(person), on_file}):
        _tell(address, letter, letters.write(letter, **values), whatever)
    for other in other_adults(person, city.adult_age, clock.today()):
        warn_unconfirmed(other, letters)
        _tell(address_of(other), letter, letters.write("change_at_home", letter=letter, **values), whatever)


def tell_holder(account: Account, letter: str, letters: Letters, city: City) -> None:
    """Tell an account's holder of what is nobody else's business: at its own e-mail, and at the one on file.

    Neither where somebody set apart from her may read it, nor, beside her own, at a mailbox of another adult's too.
    Raises: TooManyLetters.
    """
    warn_unconfirmed(account.person, letters)
    if is_read_by_who_is_apart(account, city):
        return
    person, own = account.person, address_of(account.person)
    is_hers = not is_set_apart(person.id) and not is_anothers_too(person.email, person, city)
    for address in sorted({own, person.email if is_hers else own}):
        _tell(address, letter, letters.write(letter, person=person, moment=clock.now()), whatever=False)


def _tell(address: str, letter: str, message: tuple[str, str], whatever: bool) -> None:
    if not address:
        return
    try:
        letter_limits.count(letter, address)
    except letter_limits.TooManyLetters:
        if whatever:
            return
        raise
    outbox.write(address, *message)


def tell_other_adults(
    person: Person, letter: str, letters: Letters, city: City, homes: Collection[int] | None = None, **values: Told
) -> None:
    """Write to the other adults of someone's households (`homes`: of these alone), in the caller's transaction.

    Past a few letters an hour, no more.
    """
    for other in other_adults(person, city.adult_age, clock.today(), homes):
        tell_adult(other, letter, letters, person=person, **values)


def tell_adult(other: Person, letter: str, letters: Letters, **values: Told) -> None:
    """Write to an adult of someone's household, in the caller's transaction; past a few letters an hour, no more."""
    warn_unconfirmed(other, letters)
    _tell(address_of(other), letter, letters.write(letter, **values), whatever=True)


def join(person: Person, household: Household, made_by: str = "") -> None:
    """Put someone in one more household, in the caller's transaction; the nightly import does not undo it.

    `made_by` is a staff user name.
    """
    codes = codes_of(person)
    theirs = [row.household_id for row in Membership.select().where(Membership.person == person)]
    if household.id in theirs:
        return
    Membership.create(household=household, person=person)
    set_apart_from_it = (Separation.person == person) & (Separation.household == household)
    Separation.update(stays=True).where(set_apart_from_it).execute()
    for before in theirs:
        keep_from_import(person, before, household, stays=True)
    note_move(person, codes, made_by)
    audit.by_system(audit.Act.HOUSEHOLD_JOINED, person, household.code)


def take_cart_along(person_id: int, before: int, to: int) -> None:
    """Put what a household wishes and holds for who leaves it in the cart of her new one, in the caller's transaction.

    What becomes of it is told to her alone. What is invoiced stays: invoices are the household's they were made for.
    """
    hers = Account.get_or_none(Account.person == person_id)
    mine = CartItem.household == before, CartItem.person == person_id, CartItem.invoice.is_null()
    CartItem.update(household=to, account_id=hers and hers.id).where(
        *mine, CartItem.state.in_(CartItem.IN_CART)
    ).execute()


def codes_of(person: Person) -> str:
    """Return the codes of someone's households, as the rows of her card in a file say them."""
    theirs = Household.select(Household.code).join(Membership).where(Membership.person == person)
    return " ".join(theirs.order_by(Household.code).scalars())


def note_move(person: Person, codes_before: str, made_by: str = "") -> None:
    """Remember, in the caller's transaction, that someone's households were changed here."""
    local_changes.note("cards", person.card_number, "household", codes_before, codes_of(person), made_by)


def keep_from_import(person: Person, before: Household | int, apart: Household, *, stays: bool) -> None:
    """Have the import put someone in `apart` when the city's file says `before`: instead, or as well if she stays.

    Where it put her besides until now, she is still put: `apart` leads there.
    """
    row = Separation.get_or_none(Separation.person == person, Separation.household == before)
    if row is None:
        Separation.create(person=person, household=before, apart=apart, stays=stays)
        return
    Separation.insert(person=person, household=apart, apart=row.apart_id, stays=True).on_conflict_ignore().execute()
    Separation.update(apart=apart, stays=stays, at=clock.now()).where(Separation.id == row.id).execute()


def is_set_apart(person_id: int) -> bool:
    """Tell whether the city set someone apart from another, whichever of the two left their household."""
    return apart_since(person_id) is not None


def apart_since(person_id: int) -> datetime | None:
    """Return when the city last set someone apart, or somebody apart from where she lives, in UTC; None if never.

    Either may be hiding from the other, and the city names only who leaves. Nobody knows here when who stays came.
    """
    homes = Membership.select(Membership.household).where(Membership.person == person_id)
    hers = (Separation.person == person_id) | Separation.household.in_(homes)
    at: datetime | None = Separation.select(fn.MAX(Separation.at)).where(hers, ~Separation.stays).scalar()
    return at


def reads_contacts(account: Account) -> bool:
    """Tell whether telephones, e-mails and addresses of the file are shown to an account: not before it is verified."""
    return not UnverifiedAccount.select().where(UnverifiedAccount.account == account).exists()


def postal_address(account: Account) -> list[str]:
    """Return where an account's holder is written to, line by line: hers alone, and nothing before it is verified.

    Nobody else of her household has it on a document of hers: someone may be hiding from someone.
    """
    person = account.person
    lines = person.address, f"{person.city}  {person.postal_code}".strip()
    return [line for line in lines if line] if reads_contacts(account) else []


def shared(household_ids: list[int]) -> set[int]:
    """Return the ids of those of these households who belong to another one too."""
    theirs = Membership.select(Membership.person).where(Membership.household.in_(household_ids))
    elsewhere = Membership.select(Membership.person).where(
        Membership.person.in_(theirs), Membership.household.not_in(household_ids)
    )
    return set(elsewhere.scalars())


def shared_among(person_ids: Collection[int]) -> set[int]:
    """Return the ids of those of these people who belong to several households."""
    hers = Membership.select(Membership.person).where(Membership.person.in_(list(person_ids)))
    return set(hers.group_by(Membership.person).having(fn.COUNT(Membership.id) > 1).scalars())


def others_of(account: Account) -> list[Person]:
    """Return the others of the account's households."""
    theirs = Membership.select(Membership.person).where(Membership.household.in_(account.household_ids()))
    return list(Person.select().where(Person.id.in_(theirs), Person.id != account.person_id).order_by(Person.id))


def children_of(account: Account, city: City, today: date) -> list[Person]:
    """Return the living children of the account's households, the eldest first."""
    theirs = Membership.select(Membership.person).where(Membership.household.in_(account.household_ids()))
    rows = Person.select().where(Person.id.in_(theirs), Person.status != Person.DECEASED).order_by(Person.birth_date)
    return [person for person in rows if person.age_on(today) < city.adult_age and person.id != account.person_id]
