"""The context is one thing, and changes for nobody who holds it."""

from dataclasses import FrozenInstanceError

import pytest

from domain.activities.on_payment import Enroller
from domain.billing.listener import Listeners
from domain.payments.instalments import Instalments
from domain.payments.notifier import Notifier


def test_another_cause_leaves_the_one_before_as_it_was(context):
    assert context.because("sweep").cause == "sweep"
    assert context.cause == "worker"
    assert context.because("sweep").gateway is context.gateway


def test_nobody_changes_it_for_the_others(context):
    with pytest.raises(FrozenInstanceError):
        context.cause = "staff"


def test_the_portal_composes_who_listens(app):
    listeners = app.extensions["portal"].listeners
    assert isinstance(listeners, Listeners)
    assert [type(one) for one in listeners._listeners] == [Notifier, Enroller, Instalments]
