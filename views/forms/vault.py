"""The form that keeps a card."""

from views.forms.base import NonceField, PortalForm


class CardToKeepForm(PortalForm):
    payment_method_nonce = NonceField()
