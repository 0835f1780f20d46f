"""Where Braintree sends its notices."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from domain.payments import webhooks
from domain.payments.gateway import BadNotice
from views.web.portal import portal

blueprint = Blueprint("webhooks", __name__)


@blueprint.post("/webhooks/braintree")
def braintree() -> ResponseReturnValue:
    """Keep a notice whose signature is right; a worker asks the gateway what is true."""
    signature, payload = request.form.get("bt_signature", ""), request.form.get("bt_payload", "")
    try:
        webhooks.receive(portal().gateway.notice(signature, payload), payload)
    except BadNotice:
        return Response("bad signature", 403, mimetype="text/plain")
    portal().worker.wake()
    return Response("", 204)
