"""What the cart says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from domain.activities.confirming import Cart, Shown
from domain.activities.pricing import PriceLine
from domain.common import clock, formats
from models import CartItem, Invoice
from views.messages import catalogue
from views.messages.registering import ordinal, why


@dataclass(frozen=True)
class Group:
    """What stands one after the other in a cart for the same person in the same programme.

    `title` is empty of one alone, which says all itself.
    """

    shown: Sequence[Shown]
    title: str
    programme: str

    @property
    def amount_cents(self) -> int:
        return sum(one.amount_cents for one in self.shown if one.item.state != CartItem.LAPSED)

    def name_of(self, item: CartItem) -> str:
        """Say what an item is, beside what the group's title says."""
        named = catalogue.short(item.activity, self.programme)
        return named if self.title else f"{item.person.first_name} · {named}"


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
    if item.is_over:
        return _("Temps écoulé\u00a0: cette place n’est plus réservée")
    return str(STATES[item.state])


def in_groups(found: Sequence[Shown]) -> list[Group]:
    """Put a cart in groups, its order of preference kept."""
    runs = groupby(found, key=lambda one: (one.item.person_id, one.item.activity.programme, one.item.activity.season))
    return [_group(list(run)) for _key, run in runs]


def _group(run: Sequence[Shown]) -> Group:
    if len(run) == 1:
        return Group(run, "", "")
    beginnings = {one.item.activity.title.split(",")[0].strip() for one in run}
    programme = beginnings.pop() if len(beginnings) == 1 else ""
    return Group(run, " · ".join(filter(None, [run[0].item.person.first_name, programme])), programme)


def confirm(cart: Cart) -> str:
    """Say what the one button of the cart does."""
    if not cart.due_now_cents:
        return _("Confirmer l’inscription")
    return _("Confirmer et payer le 1er versement") if len(cart.schedule) > 1 else _("Confirmer et payer")


def pay(invoice: Invoice, part: tuple[int, int] | None) -> str:
    """Say which invoice waits to be paid, or which of several instalments, `part` being its number and how many."""
    told = {"number": invoice.number, "amount": formats.money(invoice.balance_cents)}
    if part is None:
        return _("Payer la facture %(number)s, %(amount)s", **told)
    at, of = ordinal(part[0]), part[1]
    return _("Payer le %(at)s versement de %(of)s\u00a0: %(amount)s", at=at, of=of, **told)


def at(moment: datetime) -> str:
    """Say until when, such as 8 h 15; another day, with the day."""
    return formats.hour(moment) if clock.local(moment).date() == clock.today() else formats.moment(moment)


def prolonged(before: datetime | None, until: datetime | None) -> str:
    """Say until when places are held now that more time was asked for, to the second: a minute often shows nothing."""
    if until is None:
        return _("Aucune place n’est réservée en ce moment.")
    when = formats.to_the_second(until)
    if clock.local(until).date() != clock.today():
        when = f"{formats.dated(until)}, {when}"
    if until == before:
        return _("Rien de plus à prolonger pour l’instant\u00a0: vos places sont gardées jusqu’à %(when)s.", when=when)
    return _("C’est prolongé\u00a0: jusqu’à %(when)s.", when=when)


def because(shown: Shown) -> list[str]:
    """Say of each line of a place what it costs and why, such as « 2e enfant, même semaine : 44,00 $ »."""
    return [
        _("%(what)s\u00a0: %(cents)s", what=what(line), cents=formats.money(line.net_cents)) for line in shown.lines
    ]


def what(line: PriceLine) -> str:
    """Say what a line is for: the city's label, and the reasons that it does not begin to say already."""
    reasons = [said for said in map(why, line.why) if said.split(",")[0] not in line.label]
    return ", ".join(filter(None, [line.label, *reasons]))


def not_open_yet() -> str:
    return _("L’inscription n’est pas encore ouverte. Vos souhaits sont gardés.")


def being_paid() -> str:
    return _("Cette place est en train d’être payée, ou l’est en partie. Elle reste réservée.")


def nothing_held(found: Sequence[CartItem]) -> str:
    """Say that a press confirms nothing, and why; of money, only what that press did: another tab may have paid."""
    if any(item.state == CartItem.HELD for item in found):
        return _("C’est déjà fait\u00a0: vos places sont réservées, et leur facture est prête.")
    return _("Il n’y a rien à confirmer. Ce bouton n’a rien pris sur votre carte. Voyez ici où en sont vos places.")


def take_again(count: int) -> str:
    """Offer to take again all places whose time is over."""
    return ngettext("Reprendre la place", "Reprendre mes %(num)s places", count)


def confirmed_enough() -> str:
    return _(
        "Votre panier a été confirmé trop de fois depuis un jour\u00a0: rien n’est facturé de plus. Vos places sont "
        "gardées jusqu’à leur heure. Appelez la Ville\u00a0: elle fera l’inscription avec vous."
    )


def no_price() -> str:
    return _("Le prix d’une de vos places n’est plus connu. Vos places sont gardées. Appelez la Ville, ou réessayez.")


def cart_changed() -> str:
    """Say that a place came in or went elsewhere: in another tab, by the other parent, or because its time was over."""
    return _(
        "Votre panier a changé depuis que vous l’avez ouvert ici\u00a0: une place y est entrée, ou en est sortie. "
        "Le voici. Rien n’a été facturé."
    )


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
