"""/sante: for the machine that watches."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from domain.operations import health
from views.web.portal import portal

blueprint = Blueprint("health", __name__)
LOOPBACK = ("127.0.0.1", "::1")


@blueprint.get("/sante")
def status() -> ResponseReturnValue:
    """Answer 200 when all is well, 503 with what is wrong; details to this machine only."""
    report = health.report(portal().schema_version, portal().version)
    code = 200 if report["status"] == "ok" else 503
    if request.remote_addr not in LOOPBACK:
        report = {"status": report["status"]}
    response = jsonify(report)
    return response, code
