"""Writing planned rows: what another process changed or took meanwhile is listed, and what is beside it is written."""

import pytest

from domain.imports import sheets
from domain.imports.carry_out import carry_out
from domain.imports.outcome import Reason, Row
from models import Place
from tests.domain.imports.test_sheets import place
from tests.factories import make_place
from tests.imports import FILE_IS_MASTER

pytestmark = pytest.mark.usefixtures("db")


def planned(*rows: dict):
    return sheets.places.plan([Row(line, one) for line, one in enumerate(rows, 2)], FILE_IS_MASTER)


def test_a_key_taken_meanwhile_is_listed_and_the_others_are_made():
    plan = planned(place(), place(place="parc"), place(place="quai"))
    make_place(code="parc", name="Un autre")
    done = carry_out(plan)
    assert [(one.line, one.key, one.reason) for one in done.left_alone] == [(3, "parc", Reason.THING_CHANGED)]
    assert (done.created, {one.code: one.name for one in Place.select()}) == (
        2,
        {"arena": "Aréna", "parc": "Un autre", "quai": "Aréna"},
    )


def test_what_was_changed_meanwhile_stays_and_is_listed():
    make_place(code="arena", name="Un")
    make_place(code="parc", name="Un")
    plan = planned(place(name="Deux"), place(place="parc", name="Deux"))
    Place.update(name="Trois").where(Place.code == "arena").execute()
    done = carry_out(plan)
    assert (done.updated, [one.key for one in done.left_alone]) == (1, ["arena"])
    assert {one.code: one.name for one in Place.select()} == {"arena": "Trois", "parc": "Deux"}
