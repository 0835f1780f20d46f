"""What search engines read of a page."""

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from models import Activity
from views.web.portal import portal


def event(activity: Activity) -> Markup:
    """Return an activity as JSON (schema.org Event)."""
    place = activity.place
    said = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": activity.title,
        "startDate": f"{activity.starts_on}T{activity.starts_at:%H:%M}",
        "endDate": f"{activity.ends_on}T{activity.ends_at:%H:%M}",
        "location": {"@type": "Place", "name": place.name, "address": f"{place.address}, {place.city}"},
        "organizer": {"@type": "Organization", "name": portal().city.name, "url": portal().city.website},
    }
    return htmlsafe_json_dumps(said)
