"""The form that keeps a card."""

from wtforms import HiddenField

from views.forms.base import PortalForm


class CardToKeepForm(PortalForm):
    payment_method_nonce = HiddenField()
