"""What a resident reads when something goes wrong, with « Demander un appel » at hand."""

import logging
from http import HTTPStatus

from flask import Flask, Response, make_response, request
from flask.typing import ResponseReturnValue
from peewee import OperationalError
from werkzeug.exceptions import BadHost, HTTPException

from domain.access.credentials import TooBusy
from domain.common.letter_limits import TooManyLetters
from views.forms.home import CallbackForm
from views.home import NO_PAGE
from views.messages.errors import Failed, explanation
from views.staff import guard
from views.web import request_log, session_limit, unsent_forms
from views.web.rendering import page

log = logging.getLogger("portal")
TAKES_MONEY = ("payment.pay", "guest.pay")
TAKES_PLACES = ("registering", "cart")  # blueprints


def register(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(TooManyLetters, show_written_enough)
    app.register_error_handler(TooBusy, show_busy)
    app.register_error_handler(OperationalError, show_unwritten)
    app.register_error_handler(Exception, show_unexpected)


def show_written_enough(_problem: TooManyLetters) -> ResponseReturnValue:
    """Say that somebody was written to enough within the hour: nothing was done."""
    return later(explain(HTTPStatus.TOO_MANY_REQUESTS, undone=True), seconds=60 * 60)


def show_busy(_problem: TooBusy) -> ResponseReturnValue:
    """Say that too many passwords are being checked: nothing was done, and what was typed goes back to its form."""
    heading, what_happened, what_to_do = explanation(Failed(HTTPStatus.SERVICE_UNAVAILABLE, too_many=True))
    answer = page(
        "errors/busy.html",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        heading=heading,
        what_happened=what_happened,
        what_to_do=what_to_do,
        kept=unsent_forms.what_may_be_kept(),
    )
    return later(answer, seconds=2)


def later(answer: ResponseReturnValue, seconds: int) -> Response:
    """Say in an answer after how long to try again."""
    response = make_response(answer)
    response.headers["Retry-After"] = str(seconds)
    return response


def show_unwritten(problem: OperationalError) -> ResponseReturnValue:
    """Say that the database could not be written or read (locked, disk full)."""
    log.error("database at %s: %s", request.endpoint, problem, extra=request_log.current())
    undone = was_undone(problem)
    try:
        return explain(HTTPStatus.SERVICE_UNAVAILABLE, undone=undone)
    except OperationalError:  # nor can it be read who is there, and until when
        session_limit.as_nobody()
        return explain(HTTPStatus.SERVICE_UNAVAILABLE, undone=undone)


def was_undone(problem: OperationalError) -> bool:
    """Tell whether nothing was surely written: a server lost while its COMMIT was under way does not say.

    What a database refuses, it undoes. Classes 40, 53 and 55 of PostgreSQL's error codes are such refusals.
    """
    cause = getattr(problem, "orig", None)
    code = getattr(cause, "pgcode", cause)
    return code is cause or (code or "")[:2] in ("40", "53", "55")


def show_unexpected(problem: Exception) -> ResponseReturnValue:
    """Log what we did not foresee and show the page for it."""
    log.exception("unexpected problem at %s", request.endpoint, extra=request_log.current())
    return explain(HTTPStatus.INTERNAL_SERVER_ERROR)


def show(problem: HTTPException) -> ResponseReturnValue:
    """Say what happened and what to do next."""
    if problem.code is None or problem.code < 400 or isinstance(problem, BadHost):
        return problem  # for a host that is none, no page's links can be made
    return explain(problem.code)


def explain(code: int, *, undone: bool = False) -> ResponseReturnValue:
    """Show the page of an error. `undone` when nothing of the request was surely kept."""
    reading = request.method in ("GET", "HEAD")
    paying = not reading and request.endpoint in TAKES_MONEY
    placing = not reading and request.blueprint in TAKES_PLACES
    heading, what_happened, what_to_do = explanation(
        Failed(code, paying, placing, reading, undone, guest=request.endpoint == "guest.pay", at_desk=guard.at_desk())
    )
    return page(
        "errors/problem.html",
        status=code,
        heading=heading,
        what_happened=what_happened,
        what_to_do=what_to_do,
        callback=CallbackForm(formdata=None),
        stopped_at=request.endpoint or NO_PAGE,
    )
