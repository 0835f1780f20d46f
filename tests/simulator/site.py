"""A tiny site that forwards to the simulator as the portal does, under the portal's kind of content policy."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from flask import Flask, Response, request
from werkzeug.serving import make_server

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
FORWARDED = re.compile(
    r"/(web/[\d.]+/html/[\w.-]+|v1/payment_methods/credit_cards|merchants/\w+/client_api/v1/[\w/]+)$"
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

PAGE = """<!doctype html><html lang="fr-CA"><head><meta charset="utf-8"><title>Paiement</title>
<link rel="stylesheet" href="/site.css"></head><body><main data-token="{token}">
<form><label for="number">Numéro</label><div id="number" class="field"></div>
<label for="expiration">Expiration</label><div id="expiration" class="field"></div>
<label for="cvv">Code</label><div id="cvv" class="field"></div><button>Payer</button></form></main>
<script src="/vendor/braintree-client.min.js"></script>
<script src="/vendor/braintree-hosted-fields.min.js"></script>
<script src="/site.js"></script></body></html>"""

STYLE = ".field { height: 40px; width: 300px; border: 1px solid; } .braintree-hosted-fields-invalid { color: red }"

SCRIPT = """
const token = document.querySelector("main").dataset.token;
window.seen = [];
braintree.client.create({ authorization: token })
  .then((client) => braintree.hostedFields.create({
    client,
    styles: { input: { "font-size": "19px", color: "rgb(1, 2, 3)" }, ".invalid": { color: "rgb(200, 0, 0)" } },
    fields: {
      number: { container: "#number", placeholder: "1234 1234 1234 1234", iframeTitle: "Numéro de carte (sécurisé)",
                internalLabel: "Numéro de carte" },
      expirationDate: { container: "#expiration", placeholder: "MM / AA", iframeTitle: "Date (sécurisé)",
                        internalLabel: "Date d’expiration" },
      cvv: { container: "#cvv", placeholder: "123", iframeTitle: "Code (sécurisé)", internalLabel: "Code de sécurité" },
    },
  }))
  .then((fields) => {
    window.fields = fields;
    ["focus", "blur", "empty", "notEmpty", "validityChange", "cardTypeChange", "inputSubmitRequest"].forEach((name) =>
      fields.on(name, (event) => window.seen.push(`${name}:${event.emittedBy}`)));
    const silence = () => new Promise((resolve) => setTimeout(resolve, 8000, { code: "SILENCE" }));
    window.tokenize = () => Promise.race([fields.tokenize(), silence()]).catch((error) => ({
      code: error.code, type: error.type,
      invalid: Object.keys((error.details || {}).invalidFields || {}), status: (error.details || {}).httpStatus }));
  })
  .catch((error) => { window.failure = `${error.code}: ${error.message}`; });
"""


def create_site(simulator: str, client_token: str) -> Flask:
    """Build the site."""
    site = Flask(__name__, static_folder=str(VENDOR), static_url_path="/vendor")

    @site.after_request
    def add_policy(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    @site.get("/site.js")
    def script() -> Response:
        return Response(SCRIPT, content_type="text/javascript")

    @site.get("/site.css")
    def style() -> Response:
        return Response(STYLE, content_type="text/css")

    @site.get("/mon-dossier/payer")
    def page() -> str:
        return PAGE.format(token=client_token)

    @site.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    @site.route("/<path:path>", methods=["GET", "POST"])
    def forward(path: str) -> Response:
        found = FORWARDED.search(f"/{path}")
        if not found:
            return Response(status=404)
        kept = {name: request.headers[name] for name in ("Content-Type", "Authorization") if name in request.headers}
        answer = requests.request(
            request.method, f"{simulator}/{found[1]}", params=request.args, data=request.get_data(), headers=kept,
            timeout=10,
        )  # fmt: skip
        names = ("Content-Type", "Content-Security-Policy", "Cache-Control")
        passed = {name: answer.headers[name] for name in names if name in answer.headers}
        return Response(answer.content, answer.status_code, passed)

    return site


@contextmanager
def serving(site: Flask) -> Iterator[str]:
    """Serve the site on a free port."""
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
