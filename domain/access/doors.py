"""Every way into an account, closed at once: whoever came in by one of them is out, and stays out."""

from models import Account, CalendarLink, EmailConfirmation, KnownBrowser, PasswordReset, Person, Session


def close(account: Account, but: Session | None = None) -> int:
    """End an account's sessions, links, codes, addresses that wait and its calendar's, in the caller's transaction.

    Returns how many browsers were signed out; `but` is the one that stays. The others are new when they come again.
    """
    PasswordReset.delete().where(PasswordReset.account == account).execute()
    EmailConfirmation.delete().where(
        EmailConfirmation.account == account, EmailConfirmation.used_at.is_null()
    ).execute()
    CalendarLink.delete().where(CalendarLink.account == account).execute()
    theirs, known = Session.account == account, KnownBrowser.account == account
    if but is not None:
        theirs &= Session.id != but.id
        known &= KnownBrowser.seen_at != but.created_at  # its own came in then
    KnownBrowser.delete().where(known).execute()
    return Session.delete().where(theirs).execute()


def close_of(person: Person) -> int:
    """Do so for whoever holds a card, in the caller's transaction; without an account there is no way in."""
    account = Account.get_or_none(Account.person == person)
    return close(account) if account else 0
