"""/sante: for the machine that watches."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from domain.operations import health
from views.web.portal import portal

blueprint = Blueprint("health", __name__)
LOOPBACK = ("127.0.0.1", "::1")


@blueprint.get("/sante")
def status() -> ResponseReturnValue:
    """Answer 200 when it serves, with `attention` when a person must look; else 503. Details to this machine only."""
    report = health.report(portal().schema_version, portal().version)
    code = 200 if report["status"] in (health.OK, health.ATTENTION) else 503
    if request.remote_addr not in LOOPBACK:
        report = {"status": report["status"]}
    response = jsonify(report)
    return response, code
