"""Serve the simulator: `python -m demo.simulator`."""

import os
from urllib.parse import urlsplit

from werkzeug.serving import WSGIRequestHandler, make_server

from .app import create_app


class QuietHandler(WSGIRequestHandler):
    """Serve one request a connection, and write nothing about it."""

    protocol_version = "HTTP/1.0"

    def log_request(self, *args: object) -> None:
        """Write nothing."""


def main() -> None:
    """Serve until interrupted, on the address of SIMULATOR_URL."""
    address = urlsplit(os.environ.get("SIMULATOR_URL", "http://127.0.0.1:3111"))
    app = create_app(
        os.environ.get("SIMULATOR_DATABASE", ":memory:"), os.environ.get("SIMULATOR_AMOUNT_RULES", "on") != "off"
    )
    host, port = address.hostname or "127.0.0.1", address.port or 3111
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
    print(f"Simulateur de paiement : http://{host}:{port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
