"""What runs by itself: noted after its work, and one that fails holds up no other."""

from datetime import timedelta

import pytest
from peewee import DatabaseError

import models
from commands.worker.jobs import HOUR, Job, at_the_gateway, run_due
from domain.common import jobs
from domain.payments.gateway import Uncertain
from models import Message, TaxReceipt
from tests.factories import make_person


def fails(problem: Exception):
    def do() -> None:
        raise problem

    return do


def problem_of(name: str) -> str:
    return models.Job.get(models.Job.name == name).last_problem


def test_a_step_that_fails_is_said_and_the_mail_goes(app, tmp_path):
    make_person()
    Message.create(recipient="a@example.com", subject="x", body="y")
    models.database.execute_sql("DROP TABLE tax_receipt")
    models.database.execute_sql("DROP TABLE counter")
    with pytest.raises(DatabaseError):
        app.extensions["portal"].worker.run_jobs()
    assert Message.get().sent_at
    assert list((tmp_path / "outbox").iterdir())
    assert problem_of("mail") == ""
    assert problem_of("tax receipts").endswith("Error")
    assert not problem_of("retention").startswith("tax")
    models.database.create_tables([TaxReceipt, models.Counter])


def test_a_job_is_noted_after_its_work_so_that_one_cut_runs_again(db):
    seen = []
    run_due([Job("one", HOUR, lambda: seen.append(jobs.last_run("one")))])
    assert seen == [None]
    assert jobs.last_run("one")
    run_due([Job("one", HOUR, lambda: seen.append("again"))])
    assert seen == [None], "not before its hour"


def test_a_job_runs_when_it_may(db):
    assert run_due([Job("one", HOUR, lambda: 1, when=lambda: False), Job("two", HOUR, lambda: 2)]) == {"two": 2}


def test_the_gateways_silence_is_noted_and_no_failure(db):
    assert run_due([Job("one", HOUR, fails(Uncertain())), Job("two", HOUR, lambda: 2)]) == {"two": 2}
    assert problem_of("one") == "Uncertain"


def test_what_a_problem_says_is_not_kept_it_may_name_someone(db):
    with pytest.raises(ValueError, match="Geneviève"):
        run_due([Job("one", HOUR, fails(ValueError("Geneviève")))])
    assert problem_of("one") == "ValueError"


def test_what_is_asked_of_the_gateway_is_asked_every_five_minutes(context):
    asked = {job.name: job.every for job in at_the_gateway(context)}
    assert asked.pop("gateway answers") == timedelta(0), "each turn, while places are held"
    assert set(asked.values()) == {timedelta(minutes=5)}
