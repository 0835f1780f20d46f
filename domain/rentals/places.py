"""The city's places, for anyone to find."""

from models import Place


class NoSuchPlace(Exception):
    """Tried to see a place that the city does not have."""


def by_kind() -> dict[str, list[Place]]:
    """Return every place by kind, in the order of kinds, then by name."""
    places = list(Place.select().order_by(Place.name))
    grouped = {kind: [place for place in places if place.kind == kind] for kind in Place.KINDS}
    return {kind: found for kind, found in grouped.items() if found}


def find(code: str) -> Place:
    """Return a place. Raises: NoSuchPlace."""
    place = Place.get_or_none(Place.code == code)
    if place is None:
        raise NoSuchPlace(code)
    return place
