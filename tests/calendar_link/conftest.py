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
    citizen.post(MAKE, OVERVIEW)
    return path_on(citizen)


@pytest.fixture
def stranger(app) -> FlaskClient:
    """A calendar program, or whoever found the address: nobody is signed in."""
    return app.test_client()


def path_on(citizen: Citizen) -> str:
    """Return the path that Mon profil shows, as a link and as an address to copy."""
    html = citizen.client.get_page(OVERVIEW)
    host, path = re.search(r'value="https?://([^/"]+)(/calendrier/[^"]+[.]ics)"', html).groups()
    assert f'href="webcal://{host}{path}"' in html
    return path
