"""What the cart says."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from domain.activities.confirming import Shown
from domain.activities.pricing import PriceLine
from domain.common import clock, formats
from models import CartItem
from views.messages.registering import why

STATES = {
    CartItem.WISH: lazy("Souhait"),
    CartItem.HELD: lazy("Place réservée"),
    CartItem.OFFERED: lazy("Place offerte"),
    CartItem.LAPSED: lazy("Pas de place"),
}


def held(count: int) -> str:
    """Say how many places are held."""
    return ngettext("Votre place est réservée", "Vos %(num)s places sont réservées", count)


def given(count: int) -> str:
    """Say how many places are somebody's for good."""
    return ngettext("Votre place est confirmée.", "Vos %(num)s places sont confirmées.", count)


def state(item: CartItem) -> str:
    """Say how something in the cart stands; a place that was held is not one that could not be had."""
    if item.state == CartItem.LAPSED and item.held_at:
        return _("Temps écoulé\u00a0: cette place n’est plus réservée")
    return str(STATES[item.state])


def at(moment: datetime) -> str:
    """Say until when, such as 8 h 15; another day, with the day."""
    return formats.hour(moment) if clock.local(moment).date() == clock.today() else formats.moment(moment)


def because(shown: Shown) -> list[str]:
    """Say of each line of a place what it costs and why, such as « 2e enfant, même semaine : 44,00 $ »."""
    return [
        _("%(what)s\u00a0: %(cents)s", what=_what(line), cents=formats.money(line.net_cents)) for line in shown.lines
    ]


def _what(line: PriceLine) -> str:
    """Say what a line is for: the city's label, and the reasons that it does not begin to say already."""
    reasons = [said for said in map(why, line.why) if said.split(",")[0] not in line.label]
    return ", ".join(filter(None, [line.label, *reasons]))


def not_open_yet() -> str:
    return _("L’inscription n’est pas encore ouverte. Vos souhaits sont gardés.")


def being_paid() -> str:
    return _("Cette place est en train d’être payée, ou l’est en partie. Elle reste réservée.")


def nothing_held() -> str:
    return _("Il n’y a rien à confirmer, et rien n’a été pris sur votre carte. Voyez ici où en sont vos places.")


def confirmed_enough() -> str:
    return _(
        "Votre panier a été confirmé trop de fois depuis un jour\u00a0: rien n’est facturé de plus. Vos places sont "
        "gardées jusqu’à leur heure. Appelez la Ville\u00a0: elle fera l’inscription avec vous."
    )


def no_price() -> str:
    return _("Le prix d’une de vos places n’est plus connu. Vos places sont gardées. Appelez la Ville, ou réessayez.")


def dates_changed() -> str:
    return _(
        "La Ville a changé les dates, l’heure ou le lieu d’une de vos places. Vérifiez-les. Vos places sont gardées."
    )


def total_changed(total_cents: int) -> str:
    total = formats.money(total_cents)
    return _(
        "Le prix a changé\u00a0: le total est maintenant de %(total)s. Vos places sont gardées.",
        total=total,
    )
