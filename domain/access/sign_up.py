"""Step 2 as one thing: the account exists and those concerned are told of it, or neither."""

from contextlib import suppress

from city import City
from domain.access import credentials, email_confirmation, verification
from domain.common import audit, clock, letter_limits, outbox
from domain.common.letters import Letters, Told
from domain.people import household
from models import Account, write


def join(token: str, username: str, password: str, email: str, letters: Letters, city: City, code: str = "") -> Account:
    """Create the account of the person identified by `token`, and write the messages that follow.

    `code` is what the counter read out to someone set apart. Raises: UsernameTaken, AccountExists, BadCode,
    TooManyLetters.
    """
    password_hash = credentials.hash_password(password)
    with write():
        account = credentials.create_account(token, username, password_hash, email)
        if verification.wants_code(account.person):
            verification.spend(account.person, code)
        elif not account.person.email:
            verification.is_owed(account)
        account_created(account, letters, city)
    return account


def account_created(account: Account, letters: Letters, city: City) -> None:
    """Tell the address on file and the household's other adults that an account exists, and ask to confirm an e-mail.

    A former spouse may know a card number and a birth date: whoever is concerned must hear of it.
    Raises: TooManyLetters.
    """
    person = account.person
    values: dict[str, Told] = {"person": person, "moment": clock.now()}
    with write():
        letter_limits.count_opening(person.id)
        outbox.write(person.email, *letters.write("account_created", other=None, **values))
        for other in household.other_adults(person, city.adult_age, clock.today()):
            household.warn_unconfirmed(other, letters)
            outbox.write(household.address_of(other), *letters.write("account_created", other=other, **values))
        audit.by_resident(account, audit.Act.ACCOUNT_CREATED)
        if account.email:
            with suppress(letter_limits.TooManyLetters):  # the account is there all the same: Mon profil asks again
                letter_limits.count_stranger(account.person_id, account.email)
                _ask_to_confirm(account, letters)


def _ask_to_confirm(account: Account, letters: Letters) -> None:
    token = email_confirmation.ask_confirmation(account, account.email)
    outbox.write(account.email, *letters.write("confirm_address", token=token), open_to_all=True)
