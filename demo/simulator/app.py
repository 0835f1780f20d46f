"""The simulator as a web application."""

from flask import Flask

from . import (
    api_vault,  # noqa: F401  adds its addresses to the api
    disputes,
)
from .api import api
from .browser import browser
from .control import control
from .faults import Faults
from .rules import Switches
from .store import Store


def create_app(database: str = ":memory:", amount_rules: bool = True) -> Flask:
    """Build the simulator; database is a file to remember in, or ":memory:"."""
    app = Flask(__name__, static_folder=None)
    app.json.ensure_ascii = False
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    app.extensions["store"] = Store(database)
    disputes.complete(app.extensions["store"])
    app.extensions["faults"] = Faults()
    app.extensions["switches"] = Switches(amounts=amount_rules)
    # The browser's addresses come first: some of them begin like the server's, but carry no keys.
    for blueprint in (browser, api, control):
        app.register_blueprint(blueprint)
    return app
