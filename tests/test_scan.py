"""`make scan` is led to every address there is: a new one, or a part that nobody filled, is seen here first."""

import pytest
from flask import Flask

from tests.scan import crawl, walk


def paths(app: Flask, method: str) -> set[str]:
    return {path for found in walk.addresses(app, method).values() for path in found}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_route_is_walked_by_somebody(app, method):
    routes = [
        rule
        for rule in app.url_map.iter_rules()
        if method in rule.methods and not rule.endpoint.startswith(walk.NOT_OURS)
    ]
    adapter = app.url_map.bind("localhost")
    reached = {adapter.match(path, method=method)[0] for path in paths(app, method)}
    assert {rule.endpoint for rule in routes} - reached <= walk.ENDS_A_SESSION
    assert len(reached) > 30


def test_the_crawler_begins_at_every_page(app):
    begun = {path for who in walk.addresses(app) for path in crawl.starts(app, who)}
    assert paths(app, "GET") <= begun


def test_a_route_with_a_part_that_nobody_filled_stops_the_scan(app):
    app.add_url_rule("/neuve/<inconnue>", "home.neuve", lambda inconnue: inconnue)
    with pytest.raises(KeyError, match="inconnue"):
        walk.addresses(app)


def test_a_new_page_of_the_citys_side_is_asked_for_as_an_administrator(app):
    app.add_url_rule("/personnel/neuve", "staff.neuve", lambda: "")
    assert "/personnel/neuve" in walk.addresses(app)["admin"]
