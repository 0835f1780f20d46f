"""Every form: no secret is ever kept when a session ends."""

import importlib
import pkgutil

from wtforms import HiddenField, PasswordField

import views.forms
from views.forms.base import PortalForm
from views.web.unsent_forms import NOT_KEPT


def every_form() -> list[type[PortalForm]]:
    for module in pkgutil.iter_modules(views.forms.__path__):
        importlib.import_module(f"views.forms.{module.name}")
    found, waiting = [], [PortalForm]
    while waiting:
        children = waiting.pop().__subclasses__()
        found += children
        waiting += children
    return found


def test_secrets_and_hidden_fields_are_not_kept(app):
    forms = every_form()
    assert len(forms) > 10
    with app.test_request_context():
        for form in forms:
            for field in form():
                if isinstance(field, PasswordField | HiddenField) or "code" in field.name:
                    assert field.name in NOT_KEPT, (form, field.name)
