"""What runs by itself: a step that fails does not hold up the others."""

import pytest
from peewee import DatabaseError

import models
from models import Message, TaxReceipt
from tests.factories import make_person


def test_a_step_that_fails_is_said_and_the_mail_goes(app, tmp_path):
    make_person()
    Message.create(recipient="a@example.com", subject="x", body="y")
    models.database.execute_sql("DROP TABLE tax_receipt")
    models.database.execute_sql("DROP TABLE counter")
    with pytest.raises(DatabaseError):
        app.extensions["portal"].worker.run_jobs()
    assert Message.get().sent_at
    assert list((tmp_path / "outbox").iterdir())
    models.database.create_tables([TaxReceipt, models.Counter])
