"""/sante: for the machine that watches."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from domain.operations import health
from views.web.portal import portal

blueprint = Blueprint("health", __name__)
LOOPBACK = ("127.0.0.1", "::1")


@blueprint.get("/sante")
def status() -> ResponseReturnValue:
    """Answer 503 only when it cannot serve; else 200, `attention` when a person must look. Details here only."""
    report = health.report(portal().worker.see(), portal().version)
    code = 503 if report["status"] == health.DOWN else 200
    if request.remote_addr not in LOOPBACK:
        report = {"status": report["status"]}
    response = jsonify(report)
    return response, code
