"""Which roles open each page of the city's side: any of them does. A page that is not named here opens to nobody."""

from domain.staff.accounts import ROLES

COUNTER, FINANCE, PROGRAMMING, ADMIN = ROLES

OUTSIDE = {"staff.entry.sign_in", "staff.entry.sign_out"}  # no session is needed
HALF_WAY = {"staff.entry.first_time", "staff.entry.code"}  # the password was given, the second factor not yet
ROLES_THAT_OPEN = {
    "staff.attention.to_settle": ROLES,
    "staff.attention.settle_alert": (COUNTER, FINANCE, ADMIN),
    "staff.attention.hand_back": (COUNTER, FINANCE),
    "staff.attention.hand_back_charge": (COUNTER, FINANCE),
    "staff.attention.send_again": (ADMIN,),
    "staff.entry.password": ROLES,
    "staff.entry.stay": ROLES,
    "staff.attention.decide": (COUNTER,),
    "staff.reviews.answer": (COUNTER,),
    "staff.changes.to_key": (COUNTER, PROGRAMMING),
    "staff.changes.decide": (COUNTER, PROGRAMMING),
    "staff.cards.card": (COUNTER,),
    "staff.cards.invoice": (COUNTER,),
    "staff.cards.unverified": (COUNTER,),
    "staff.households.register": (COUNTER, PROGRAMMING),
    "staff.care.find": (COUNTER, PROGRAMMING),
    "staff.care.child": (COUNTER, PROGRAMMING),
    "staff.care.group": (COUNTER, PROGRAMMING),
    "staff.care.decide": (COUNTER, PROGRAMMING),
    "staff.money.refund": (FINANCE,),
    "staff.money.export": (FINANCE,),
    "staff.accounts.everyone": (ADMIN,),
    "staff.accounts.change": (ADMIN,),
    "staff.incidents.register": (ADMIN,),
    "staff.destructions.lists": (ADMIN,),
    "staff.journal.events": (ADMIN,),
    "staff.journal.refused": (ADMIN,),
}


def opens(endpoint: str, roles: tuple[str, ...]) -> bool:
    """Tell whether someone with these roles may open a page."""
    return not set(roles).isdisjoint(ROLES_THAT_OPEN.get(endpoint, ()))
