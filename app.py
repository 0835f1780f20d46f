"""create_app: builds the portal and registers everything. Nothing else is global but the Flask extensions."""

import sys
from datetime import timedelta
from pathlib import Path

from flask import Flask, request
from flask_babel import Babel
from flask_login import LoginManager
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

import models
import settings as configuration
from adapters import calendar, csv_files, logs, spreadsheets, watchdog
from adapters.braintree.client_tokens import ClientTokens
from adapters.braintree.gateway import BraintreeGateway
from adapters.captcha import Altcha, Recaptcha
from adapters.documents import billing as documents
from adapters.documents import contracts as contract_documents
from adapters.documents import taxes as tax_documents
from adapters.mail import mailer_for
from adapters.mail_templates import Letters
from adapters.serving import SECONDS_IN_LINE, Served
from adapters.simulator import SimulatorFront
from commands import alarm, backup, check, drop, exercise, operations, outage, people, replica, schema, start
from commands.demonstration import demonstration_commands
from commands.exports import export_commands
from commands.imports import import_commands
from commands.paper_day import day_commands
from commands.staff import staff_commands
from commands.worker.dispatcher import PaymentWorker
from commands.worker.leases import lock_for
from commands.worker.post import Post
from domain.access import credentials
from domain.activities.catalogue import Catalogue
from domain.activities.on_payment import Enroller
from domain.billing.listener import Listeners
from domain.cart.holds import Durations
from domain.common import pseudonyms
from domain.payments.attached_receipts import AttachedReceipts
from domain.payments.context import Context
from domain.payments.instalments import Instalments
from domain.payments.notifier import Notifier
from views import (
    access,
    account,
    activities,
    billing,
    calendar_link,
    care,
    cart,
    dossier,
    family,
    forgotten,
    guest,
    health,
    home,
    payment,
    places,
    privacy,
    registering,
    rentals,
    reviews,
    simulator,
    staff,
    taxes,
    vault,
    webhooks,
)
from views.web import assets, compression, errors, request_log, security, templates, unsent_forms
from views.web.folding import Folding
from views.web.portal import Portal

VERSION = "0.1.0"
WITHOUT_THE_PORTAL = (["check"], ["alarm"])
LARGEST_BODY = 64 * 1024
ROOT = Path(__file__).parent
AREAS = (
    home,
    reviews,
    places,
    registering,
    cart,
    account,
    forgotten,
    access,
    privacy,
    dossier,
    family,
    care,
    activities,
    calendar_link,
    rentals,
    taxes,
    billing,
    payment,
    vault,
    guest,
    staff,
    webhooks,
    health,
)

COMMANDS = (
    import_commands,
    export_commands,
    schema.schema_commands,
    staff_commands,
    demonstration_commands,
    day_commands,
    *operations.COMMANDS,
    *check.COMMANDS,
    *people.COMMANDS,
    *backup.COMMANDS,
    *replica.COMMANDS,
    *exercise.COMMANDS,
    *outage.COMMANDS,
    *alarm.COMMANDS,
    *drop.COMMANDS,
)

babel = Babel()
htmx = Htmx()
login_manager = LoginManager()


def create_app(settings: configuration.Settings | None = None, *, serving: bool = False) -> Flask:
    """Build the portal on these settings; `serving` starts its payment worker.

    Without settings, reads the environment, and ends with one line when it is wrong.
    Raises: click.ClickException when the environment's database cannot serve this command.
    """
    if settings is None and sys.argv[1:2] in WITHOUT_THE_PORTAL:
        return _build_doctor()
    from_outside = settings is None
    settings = settings or configuration.load_or_exit()
    start.refuse_undrawable_mark(settings.city)
    app = Flask(__name__, static_folder=None)
    app.jinja_environment = Folding  # before anything asks for it
    _configure(app, settings)
    models.open_database(settings.database_url)
    if serving:
        start.wait_for_database(settings)
    if from_outside:
        start.refuse_wrong_database(settings, sys.argv[1:3])
    credentials.use_hashes(settings.password_hashes)
    pseudonyms.use_key(settings.secret_key)
    portal = app.extensions["portal"] = _build(settings)
    compression.register(app)
    for extension in (babel, htmx, login_manager):
        extension.init_app(app)
    styles = assets.register(app, settings.city.color, security.everywhere(settings))
    _give_back_connections(app)
    request_log.register(app)
    security.register(app, login_manager, settings, styles)
    unsent_forms.register(app)
    errors.register(app)
    for area in (*AREAS, simulator) if settings.simulated else AREAS:
        app.register_blueprint(area.blueprint)
    templates.dress(app, settings)
    for command in COMMANDS:
        app.cli.add_command(command)
    if serving:
        start.refuse_unfinished_restore()
        portal.worker.start()
    return app


def serve() -> Served:
    """Build the portal for the production server."""
    logs.configure()
    served = Served(create_app(serving=True), LARGEST_BODY)
    watchdog.start()
    return served


def _build_doctor() -> Flask:
    """Build what `flask check` and `flask alarm` need and no more: they work when settings or database are wrong."""
    app = Flask(__name__, static_folder=None)
    database_url = configuration.load_database_url()
    if database_url and not start.missing_file(database_url):
        models.open_database(database_url)
    for command in (*check.COMMANDS, *alarm.COMMANDS):
        app.cli.add_command(command)
    return app


def _build(settings: configuration.Settings) -> Portal:
    """Build the neighbours outside and the worker that uses them."""
    gateway = BraintreeGateway(settings)
    tokens = ClientTokens(gateway)
    letters = Letters(ROOT / "templates" / "mail", settings.city, settings.public_url)
    post = Post(mailer_for(settings), AttachedReceipts(documents.receipt_pdf, settings.city), settings.city)
    durations = Durations(
        timedelta(seconds=settings.hold_for_seconds),
        timedelta(seconds=settings.hold_at_most_seconds),
        timedelta(seconds=settings.hold_for_cheque_seconds),
    )
    listeners = Listeners(Notifier(letters, settings.city), Enroller(durations, letters), Instalments(letters))
    context = Context(gateway, listeners, timedelta(seconds=settings.uncertain_for_seconds))
    return Portal(
        settings=settings,
        listeners=listeners,
        letters=letters,
        captcha=Altcha(settings.secret_key) if settings.captcha != "none" else None,
        recaptcha=Recaptcha(settings.recaptcha_private_key) if settings.captcha == "recaptcha" else None,
        worker=PaymentWorker(settings, context, tokens, letters, post.send_due, lock_for(settings)),
        gateway=gateway,
        tokens=tokens,
        documents=documents,
        tax_documents=tax_documents,
        contract_documents=contract_documents,
        calendar=calendar,
        csv_files=csv_files,
        spreadsheets=spreadsheets,
        simulator=SimulatorFront(settings.simulator_url) if settings.simulated else None,
        catalogue=Catalogue(),
        durations=durations,
        version=VERSION,
    )


def _configure(app: Flask, settings: configuration.Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        BABEL_DEFAULT_LOCALE="fr_CA",
        BABEL_DEFAULT_TIMEZONE="America/Montreal",
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_PARTS=200,
        RECAPTCHA_PUBLIC_KEY=settings.recaptcha_public_key,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open overnight must not lose what was typed
        SESSION_COOKIE_NAME="__Host-portail" if settings.https else "portail",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # as Flask's documentation wraps an application


def _give_back_connections(app: Flask) -> None:
    """Return the connection to the pool after each request; the first query takes it out."""

    @app.before_request
    def begin() -> None:
        models.begin_request(request.environ.get(SECONDS_IN_LINE, 0.0))

    @app.teardown_appcontext
    def close(_problem: BaseException | None) -> None:
        models.end_request()
