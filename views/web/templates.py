"""What every template knows: the city, the filters, and what the layouts ask about the request."""

from collections.abc import Callable
from gettext import NullTranslations

from flask import Flask
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from domain.common import formats
from settings import Settings
from views.messages import billing as billing_words
from views.messages import reviews as review_words
from views.messages.methods import ways_back
from views.staff import guard
from views.web import lake, session_limit, unbroken
from views.web.folding import remembering

FILTERS = (
    "money",
    "in_currency",
    "day",
    "moment",
    "dialled",
    "phone",
    "quantity",
    "weekday",
    "moment_day",
    "dated",
    "hours",
    "opening",
    "of_name",
)


def dress(app: Flask, settings: Settings) -> None:
    """Give every template the city, the filters and what the layouts ask about the request."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    # French is the source and the only language today: asking Flask-Babel for its (empty) catalogue at each of a page's
    # thirty sentences took a tenth of the page's time. A second language puts its catalogue here, and
    # leaves Folding.
    words = NullTranslations()
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]  # jinja2.ext.i18n adds it
    install(words.gettext, words.ngettext, newstyle=True)
    app.jinja_env.filters.update(
        {name: getattr(formats, name) for name in FILTERS}, summary=billing_words.summary, address=unbroken.address
    )
    app.jinja_env.globals.update(
        url_for=remembering(app.url_for),
        city=settings.city,
        simulated=settings.simulated,
        csrf_token=generate_csrf,
        session_left=session_limit.session_left,
        machine_used=review_words.used,
        by_rule=review_words.BY_RULE,
        ways_back=ways_back,
        at_desk=guard.at_desk,
        season_now=lake.season,
    )

    @app.context_processor
    def who() -> dict[str, bool | Callable[[str], bool]]:
        return {"signed_in": current_user.is_authenticated, "opens": guard.opens}
