"""A resident whose calendar has an address of its own."""

import re

import pytest
from flask.testing import FlaskClient

from tests.factories import make_group, make_registration, make_reservation
from tests.walker import Citizen

OVERVIEW = "/mon-dossier/acces"
MAKE, STOP = "/mon-dossier/acces/calendrier", "/mon-dossier/acces/calendrier/arreter"


@pytest.fixture
def address(citizen) -> str:
    """The path of a resident's calendar, who has an activity of five days and a reservation."""
    make_registration(citizen.person, make_group(code="nage-1", title="Natation"), code="I-1")
    make_reservation(citizen.household)
    citizen.joins()
    return makes(citizen)


@pytest.fixture
def stranger(app) -> FlaskClient:
    """A calendar program, or whoever found the address: nobody is signed in."""
    return app.test_client()


def makes(citizen: Citizen) -> str:
    """Press the button of Mon profil; return the path of the address that the next page shows."""
    answer = citizen.post(MAKE, OVERVIEW)
    assert answer.status_code == 200
    [path] = re.findall(r'value="https?://[^/"]+(/calendrier/[^"]+[.]ics)"', answer.text)
    return path
