"""A line of log for every request, and an id that both the log and the answer bear. Never the address: it may tell."""

import logging
import secrets
import time

from flask import Flask, Response, g, request

log = logging.getLogger("portal.requests")


def register(app: Flask) -> None:
    """Number every request, and log how it ended."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" not in g:
            return response
        response.headers["X-Request-ID"] = g.request_id
        log.info("%s %s %d", request.method, request.endpoint, response.status_code, extra=_figures())
        return response


def _figures() -> dict[str, object]:
    return {"request": g.request_id, "ms": round((time.perf_counter() - g.began) * 1000, 1)}


def current() -> dict[str, str]:
    """Return what a log line written during a request bears."""
    return {"request": g.request_id} if "request_id" in g else {}
