"""create_app: builds the portal and registers everything. Nothing else is global but the Flask extensions."""

import secrets
from pathlib import Path

import click
from flask import Flask, Response, g, request
from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

import models
import settings as configuration
from adapters.gateway import BraintreeGateway, ClientTokens
from adapters.letters import Letters
from adapters.mail import Mailer
from commands import schema
from commands.worker import PaymentWorker
from domain import sessions
from views import assets, blueprints, guard, login
from views.filters import register_filters

ROOT = Path(__file__).parent

babel = Babel()
compress = Compress()
htmx = Htmx()
login_manager = LoginManager()


def create_app(settings: configuration.Settings | None = None, *, serving: bool = False) -> Flask:
    """Build the portal on these settings; `serving` starts its payment worker.

    Raises: settings.SettingError, and click.ClickException when serving on a schema that is behind.
    """
    settings = settings or configuration.load()
    app = Flask(__name__, static_folder=None)
    _configure(app, settings)
    models.open_database(settings.database_url)
    gateway = BraintreeGateway(settings)
    letters = Letters(ROOT / "templates" / "mail", settings.city, settings.public_url)
    mailer = Mailer(settings.mail_url, settings.city.mail.sender)
    worker = PaymentWorker(settings, gateway, ClientTokens(gateway), letters, mailer)
    app.extensions["portal"] = {"settings": settings, "worker": worker, "letters": letters, "gateway": gateway}
    for extension in (babel, compress, htmx, login_manager):
        extension.init_app(app)
    login.register(login_manager)
    register_filters(app)
    blueprints.register(app)
    guard.register(app)
    _connect(app)
    assets.serve(app, ROOT / "static")
    register_commands(app)
    if serving:
        _refuse_old_schema()
        worker.start()
    return app


def _configure(app: Flask, settings: configuration.Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        CITY=settings.city,
        PORTAL=settings,
        BABEL_DEFAULT_LOCALE="fr_CA",
        BABEL_DEFAULT_TIMEZONE="America/Montreal",
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIN_SIZE=400,
        MAX_CONTENT_LENGTH=64 * 1024,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open overnight must not lose what was typed
        SESSION_COOKIE_NAME="__Host-portail" if settings.https else "portail",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)


def _connect(app: Flask) -> None:
    """Give the connection back to the pool after each request; it is opened by the first query."""

    @app.teardown_appcontext
    def close(_problem: BaseException | None) -> None:
        if not models.database.is_closed():
            models.database.close()


def _refuse_old_schema() -> None:
    behind = schema.pending()
    if behind:
        raise click.ClickException(f"le schéma est en retard ({', '.join(behind)}) : lancez « flask db upgrade »")


def register_commands(app: Flask) -> None:
    """Add the `flask …` commands."""
    from commands import COMMANDS

    for command in COMMANDS:
        app.cli.add_command(command)


def serve() -> Flask:
    """Build the portal for the production server."""
    return create_app(serving=True)
