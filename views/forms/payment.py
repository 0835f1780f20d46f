"""The form that pays."""

from wtforms import HiddenField

from views.forms.base import PortalForm


class PayForm(PortalForm):
    """The invoices stand beside it as `facture`, one each."""

    amount_seen_cents = HiddenField()
    payment_method_nonce = HiddenField()

    @property
    def seen_cents(self) -> int | None:
        """The amount the payer saw, None when the field was tampered with."""
        text = self.amount_seen_cents.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
