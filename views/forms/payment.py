"""The form that pays."""

from wtforms import HiddenField

from views.forms.base import NonceField, PortalForm


class PayForm(PortalForm):
    """The invoices stand beside it as `facture`, one each."""

    amount_seen_cents = HiddenField()
    payment_method_nonce = NonceField()
    payment_method = HiddenField()
    save_payment_method = HiddenField()
    altcha = HiddenField()

    @property
    def names_a_card(self) -> bool:
        """Whether a card was typed, or a saved one chosen."""
        return bool(self.payment_method_nonce.data or self.payment_method.data)

    @property
    def seen_cents(self) -> int | None:
        """The amount the payer saw, None when the field was tampered with."""
        text = self.amount_seen_cents.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
