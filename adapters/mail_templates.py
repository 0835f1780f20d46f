"""Messages' words: text templates whose first line is the subject."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from city import City
from domain.common import formats
from domain.common.letters import Told


class Letters:
    """Writes a message from its template in templates/mail/."""

    def __init__(self, folder: Path, city: City, public_url: str) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701  plain text, never HTML
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(city=city, public_url=public_url)
        self._environment.filters.update(
            money=formats.money,
            in_currency=formats.in_currency,
            day=formats.day,
            moment=formats.moment,
            dated=formats.dated,
            clock=formats.time_of_day,
            phone=formats.phone,
            quantity=formats.quantity,
            of_name=formats.of_name,
        )

    def write(self, name: str, **values: Told) -> tuple[str, str]:
        """Return a message's subject and body."""
        text = self._environment.get_template(f"{name}.txt").render(**values).lstrip()
        subject, _, body = text.partition("\n")
        return " ".join(subject.split()), body.strip() + "\n"
