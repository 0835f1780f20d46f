"""Where a page leads once its work is done: back to the page that sent somebody here, a path of this site alone."""

from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from views.web.rendering import see


def is_local(address: str) -> bool:
    """Tell whether an address is a path of this site."""
    try:
        elsewhere = urlsplit(address).netloc
    except ValueError:
        return False
    return (
        address.startswith("/")
        and not address.startswith("//")
        and address.isprintable()
        and "\\" not in address
        and not elsewhere
    )


def local_path(address: str) -> str:
    """Return `address` when it is a path of this site, else the dossier's."""
    return address if is_local(address) else url_for("dossier.rooms")


def way_back() -> str | None:
    """Return the page that sent somebody to this one (`suite`); None when none of this site did."""
    address = request.args.get("suite", "")
    return address if is_local(address) else None


def back_or(endpoint: str) -> Redirect:
    """Send the browser back where it came from, or else on, after a POST."""
    back = way_back()
    return redirect(back, 303) if back else see(endpoint)
