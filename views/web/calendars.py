"""Calendar files to download."""

from collections.abc import Sequence

from flask import Response

from domain.common import clock
from domain.common.calendars import Entry
from views.web.portal import portal


def calendar_file(name: str, entries: Sequence[Entry], file_name: str) -> Response:
    """Answer with a calendar file."""
    title = f"{name} – {portal().city.name}"
    written = portal().calendar.ics(title, entries, clock.now())
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(written, mimetype="text/calendar", headers=headers)
