"""Files to keep: their media types, and the answer that brings one."""

from flask import Response

CSV, JSON = "text/csv", "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: str | bytes, mimetype: str, name: str) -> Response:
    """Answer with a file to keep."""
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
