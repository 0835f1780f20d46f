"""Calendar files to download."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Response

from views.portal import portal


def calendar_file(name: str, entries: Sequence[object], file_name: str) -> Response:
    """Answer with a calendar file."""
    title = f"{name} – {portal().city.name}"
    written = portal().calendar.ics(title, entries, datetime.now(UTC).replace(tzinfo=None))
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(written, mimetype="text/calendar", headers=headers)
