"""Forwards what braintree-web asks of the page's own origin to the simulator. Registered in the simulator only.

Without an assets address in the gateway's configuration, the unmodified client asks for relative addresses.
"""

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from views.web.portal import portal

blueprint = Blueprint("simulator", __name__)
PASSED_ON = ("Authorization", "Content-Type", "Braintree-Version")


@blueprint.get("/<path:_before>/web/<version>/html/<file>")
@blueprint.get("/web/<version>/html/<file>", defaults={"_before": ""})
def frame(_before: str, version: str, file: str) -> ResponseReturnValue:
    """Pass on the card fields' frame and what it loads."""
    return forward("GET", f"/web/{version}/html/{file}")


@blueprint.route("/<path:_before>/v1/payment_methods/credit_cards", methods=["POST"])
@blueprint.route("/v1/payment_methods/credit_cards", methods=["POST"], defaults={"_before": ""})
def tokenize(_before: str) -> ResponseReturnValue:
    """Pass on the tokenisation of a card."""
    return forward("POST", "/v1/payment_methods/credit_cards")


@blueprint.get("/merchants/<merchant>/client_api/v1/<path:rest>")
def client_api(merchant: str, rest: str) -> ResponseReturnValue:
    """Pass on what the client script asks about the merchant."""
    return forward("GET", f"/merchants/{merchant}/client_api/v1/{rest}")


def forward(method: str, path: str) -> ResponseReturnValue:
    """Ask the simulator, and answer as it does."""
    if ".." in path or "?" in path or "#" in path:
        abort(404)  # what was percent-encoded here would lead elsewhere there
    headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
    simulator = portal().simulator or abort(404)
    answer = simulator.ask(method, path, headers, request.get_data(), request.query_string.decode())
    if answer is None:
        abort(502)
    return Response(answer.body, answer.status, content_type=answer.content_type, headers=answer.headers)
