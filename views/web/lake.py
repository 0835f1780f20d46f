"""The small drawing of the lake that each page bears in its header: what it shows follows the season."""

from domain.common import clock

SEASONS = ("winter", "spring", "summer", "autumn")


def season() -> str:
    """Return the season at Magog, by whole months: winter from December."""
    return SEASONS[clock.today().month % 12 // 3]
