"""Destructions: proposed, approved by somebody whose name stays, the code asked again; a job does it."""

import re
from datetime import timedelta

import pytest

from domain.common import clock
from domain.privacy import retention
from models import Alert, Destruction

PATH = "/personnel/destructions"


@pytest.fixture
def due(app, city) -> Destruction:
    """Two alerts past their time, proposed."""
    for n in range(2):
        closed = clock.now() - timedelta(days=900 + n)
        Alert.create(kind="guessing", subject=f"{n}", details="{}", closed_at=closed)
    retention.propose(city)
    return Destruction.get()


def chosen(page: str) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', page)


def test_page_comes_whole_and_as_fragment(admin):
    page = admin.client.get_page(PATH)
    assert "Rien à approuver" in page
    assert "Rien encore." in page


def test_it_says_what_how_many_from_when_and_by_which_rule(admin, due, city):
    page = admin.client.get_page(PATH)
    assert 'data-destruction="alerts" data-rows="2"' in page
    assert f"Série {city.retention.alerts.number} du calendrier" in page
    assert "1 série à relire" in admin.client.get_page("/personnel")


def test_approved_the_name_stays_and_a_job_does_it(admin, due, app, city):
    assert admin.post(PATH, chosen=chosen(admin.client.get(PATH).text), code=admin.code()).status_code == 303
    assert Alert.select().count() == 2
    assert "En cours" in admin.client.get(PATH).text
    retention.carry_out(app.extensions["portal"].letters, city)
    page = admin.client.get_page(PATH)
    assert f"Approuvée par {admin.username}" in page
    assert "2 sur 2" in page
    assert not Alert.select().exists()


@pytest.mark.parametrize("code", ["", "000000"])
def test_without_the_code_nothing_is_approved(admin, due, code):
    shown = chosen(admin.client.get(PATH).text)
    assert admin.post(PATH, chosen=shown, code=code).status_code == 422
    assert not Destruction.get().approved_at


def test_no_list_ticked_is_said(admin, due):
    answer = admin.post(PATH, code=admin.code())
    assert answer.status_code == 422
    assert "Cochez au moins une série" in answer.text


@pytest.mark.parametrize("shown", ["1:1:20200101", "x", "999999999999:2:20200101"])
def test_another_list_than_the_one_shown_is_not_approved(admin, due, shown):
    answer = admin.post(PATH, chosen=[shown], code=admin.code())
    assert answer.status_code == 422
    assert "La liste a changé" in answer.text
    assert not Destruction.get().approved_at


@pytest.mark.parametrize("role", ["counter", "finance", "programming"])
def test_others_may_not(hires, due, role):
    clerk = hires(role)
    assert clerk.client.get(PATH).status_code == 403
    assert "destructions" not in clerk.client.get("/personnel").text
