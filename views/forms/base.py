"""What every form shares: text without invisible characters, and never a credit card in the wrong box."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from flask import g
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, HiddenField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.validators import StopValidation, ValidationError

from domain.access.credentials import fold
from domain.common.cleaning import clean, composed
from domain.common.credit_cards import holds_credit_card
from views.messages import errors

Typed = TypeVar("Typed")
Validator = Callable[[FlaskForm, Field], None]

LONGEST_TEXT = 200
LONGEST_LETTER = 2000
FIRST_YEAR, LAST_YEAR = 1900, 2199  # of days typed: beyond, a calendar has no day before or after


class PortalForm(FlaskForm):
    """A form of the portal. A forged or lost CSRF token is an error like another: what was typed is kept."""

    refused = ""  # the key of domain/people/reviews.Decision, when a machine decided against who sent it

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: FlaskForm) -> None:
            """Leave WTForms' own words aside: every sentence is ours."""

        def bind_field(self, form: FlaskForm, unbound_field: UnboundField, options: dict[str, Any]) -> Field:
            """Clean what is typed as files are, but for passwords: those are composed only."""
            tidy = composed if issubclass(unbound_field.field_class, PasswordField) else clean
            return super().bind_field(form, unbound_field, {**options, "filters": [_if_text(tidy)]})

        def wrap_formdata(self, form: FlaskForm, formdata: MultiDict[str, str] | None) -> MultiDict[str, str] | None:
            """Fill a form with what was kept of it when a session ended; else with what is sent."""
            return g.get("unsent_fields") or super().wrap_formdata(form, formdata)

    def validate(self, extra_validators: Mapping[str, Sequence[Validator]] | None = None) -> bool:
        """Check every text before its own rules, then the rules."""
        extra: dict[str, list[Validator]] = {field.name: [no_odd_text] for field in self if is_typed(field)}
        for name, validators in (extra_validators or {}).items():
            extra[name] = extra.get(name, []) + list(validators)
        valid = super().validate(extra)
        if self.errors.get("csrf_token"):
            self.csrf_token.errors = [errors.too_old()]
        return valid

    def blame(self, message: str, told_at: Field, *others: Field) -> None:
        """Say beside one field what is wrong with it together with others, which are marked and point there."""
        told_at.errors = [message]
        for field in others:
            field.render_kw = {"aria-invalid": "true", "aria-describedby": f"{told_at.name}-error"}


class NonceField(HiddenField):
    """What stands for a card that was typed. One far too long is none of the gateway's: no card was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the nonce."""
        super().process_formdata([nonce for nonce in valuelist if len(nonce) <= LONGEST_TEXT])


class DayField(DateField):
    """A day, in the browser's own field; what is wrong is said in our words."""

    data: Any  # a date, or None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day. Raises: ValueError."""
        try:
            super().process_formdata([(valuelist or [""])[0].strip()])
        except ValueError:
            raise ValueError(_("Écrivez une date, par exemple 2026-11-23.")) from None
        if self.data and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None  # what was typed stays in the box
            raise ValueError(_("Écrivez une année entre %(first)s et %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))


def _if_text(tidy: Callable[[str], str]) -> Callable[[Typed], Typed | str]:
    return lambda value: tidy(value) if isinstance(value, str) else value


def cents_of(text: str) -> int | None:
    """Return an amount such as 114,98 or 1 234.56 $ in cents, None when it is none."""
    bare = re.sub(r"[\s$]", "", text).replace(",", ".")
    return int(Decimal(bare) * 100) if re.fullmatch(r"[0-9]{1,8}(\.[0-9]{1,2})?", bare) else None


def chosen(message: str, *besides: str) -> Validator:
    """Return a validator that wants one of the choices, or of what is taken besides, in our words."""

    def check(_form: PortalForm, field: RadioField) -> None:
        if field.data not in {*besides, *(choice.value for choice in field.choices)}:
            raise ValidationError(message)

    return check


def is_typed(field: Field) -> bool:
    """Tell whether someone types into this field."""
    return isinstance(field, StringField) and not isinstance(field, HiddenField)


def no_odd_text(_form: FlaskForm, field: StringField) -> None:
    """Refuse control characters, texts far too long, and credit card numbers, which are not echoed."""
    text = field.data or ""
    if holds_credit_card(text) and not (isinstance(field, PasswordField) and re.search("[^0-9 -]", text)):
        field.data = ""
        raise StopValidation(
            _("Ceci ressemble à un numéro de carte de crédit. Nous ne l’avons pas gardé. Écrivez le bon numéro.")
        )
    is_letter = isinstance(field, TextAreaField)
    most = LONGEST_LETTER if is_letter else LONGEST_TEXT
    # PostgreSQL keeps no more than a column holds: of what is compared too, which may be far longer than what is typed
    if not isinstance(field, PasswordField) and (len(text) > most or len(fold(text)) > most):
        raise StopValidation(_("Ce texte est trop long : %(most)s caractères au plus.", most=most))
    hidden = ("Cc",) if isinstance(field, PasswordField) else ("Cc", "Cf", "Co", "Cs")
    if is_letter:
        text = text.replace("\r\n", "").replace("\n", "")
    if any(unicodedata.category(character) in hidden for character in text):
        raise StopValidation(_("Ce texte contient un caractère invisible. Effacez-le et tapez-le de nouveau."))
