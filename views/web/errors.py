"""What a resident reads when something goes wrong, with « Rappelez-moi » at hand."""

import logging

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from peewee import OperationalError
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError, ServiceUnavailable

from views.forms.home import CallbackForm
from views.home import NO_PAGE
from views.web import request_log
from views.web.rendering import page

log = logging.getLogger("portal")


def register(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(OperationalError, show_unwritten)
    app.register_error_handler(Exception, show_unexpected)


def show_unwritten(problem: OperationalError) -> ResponseReturnValue:
    """Say that the database could not be written or read (locked, disk full): what was asked was not done."""
    log.error("database at %s: %s", request.endpoint, problem, extra=request_log.current())
    return show(ServiceUnavailable())


def show_unexpected(problem: Exception) -> ResponseReturnValue:
    """Log what we did not foresee and show the page for it."""
    log.exception("unexpected problem at %s", request.endpoint, extra=request_log.current())
    return show(InternalServerError(original_exception=problem))


def show(problem: HTTPException) -> ResponseReturnValue:
    """Say what happened and what to do next."""
    if problem.code is None or problem.code < 400 or isinstance(problem, BadHost):
        return problem  # for a host that is none, no page's links can be made
    heading, what_happened, what_to_do = explanation(problem.code)
    return page(
        "errors/problem.html",
        status=problem.code,
        heading=heading,
        what_happened=what_happened,
        what_to_do=what_to_do,
        callback=CallbackForm(formdata=None),
        stopped_at=request.endpoint or NO_PAGE,
    )


def explanation(code: int) -> tuple[str, str, str]:
    """Return an error's heading, what happened, and what to do."""
    if code == 404:
        return (
            _("Page introuvable"),
            _("Cette adresse ne mène à rien, ou à un dossier qui n’est pas le vôtre."),
            _("Vérifiez l’adresse, ou passez par l’accueil."),
        )
    if code == 403:
        return (
            _("Votre rôle ne permet pas cela"),
            _("Cette page est à d’autres personnes de la Ville. Rien n’a été fait."),
            _("Demandez à l’administration du portail de changer votre rôle."),
        )
    if code == 413:
        return (
            _("C’est trop gros"),
            _("Cette page contient trop de texte. Rien n’a été enregistré."),
            _("Revenez en arrière et écrivez moins long."),
        )
    if code < 500:
        return (
            _("Cette demande n’a pas été comprise"),
            _("Rien n’a été enregistré, et rien n’a été pris sur une carte."),
            _("Revenez en arrière et essayez de nouveau."),
        )
    if code == 503:
        return (
            _("Le site est trop occupé"),
            _("Votre demande n’a pas pu être enregistrée, et rien n’a été pris sur une carte."),
            _("Attendez une minute et essayez de nouveau. Vous ne paierez pas deux fois la même facture."),
        )
    return (
        _("Un problème de notre côté"),
        _("Cette page n’a pas pu être préparée. Si vous payiez, Mon dossier dit si l’argent a été pris."),
        _("Attendez une minute et essayez de nouveau. Vous ne paierez pas deux fois la même facture."),
    )
