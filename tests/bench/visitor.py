"""A signed-in resident of the invented city."""

import re

import requests

from demo.city.__main__ import birth_date, card_number
from domain.common import clock
from tests.server import Server

PASSWORD = "chaloupe violette 27"


class Resident(requests.Session):
    """A signed-in resident who keeps one connection."""

    def __init__(self, server: Server, household: int = 0, age: int = 42, username: str = "genevieve") -> None:
        """`household` and `age` are those of demo/city/people.py; its first person signs in."""
        super().__init__()
        self.base = server.url
        born = birth_date(age, 0, clock.today())
        self.send_form(
            "/compte/carte",
            card_number=card_number(household, 0),
            birth_year=born.year,
            birth_month=born.month,
            birth_day=born.day,
        )
        self.send_form("/compte/identifiants", username=username, password=PASSWORD, password_again=PASSWORD, email="")

    def send_form(self, path: str, page: str = "", **fields: object) -> requests.Response:
        """Post a form with its page's token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(self.base + (page or path)).text)
        return self.post(self.base + path, data={"csrf_token": token[1], **fields}, allow_redirects=False)

    @property
    def cookie(self) -> str:
        """The cookie as a header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)
