"""The form that keeps a card."""

from wtforms import HiddenField

from views.forms.base import NonceField, PortalForm


class CardToKeepForm(PortalForm):
    payment_method_nonce = NonceField()
    altcha = HiddenField()
