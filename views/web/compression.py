"""Answers compressed as the browser accepts, whatever their status: a form with errors is as long as the form."""

import gzip
from collections.abc import Callable

import brotli
from flask import Flask, Response, request

SHORTEST = 400  # bytes; below it there is nothing to gain
TEXTS = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
WAYS: dict[str, Callable[[bytes], bytes]] = {  # the first that is accepted; brotli 5: a quarter ms a page, 11 fifty
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}


def register(app: Flask) -> None:
    """Compress every answer after all else was done to it: to be registered first."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress what is text and long enough. Of who may learn what by its length: docs/security.md."""
    if (
        not (response.mimetype or "").startswith(TEXTS)
        or response.is_streamed
        or "Content-Encoding" in response.headers
    ):
        return response
    response.vary.add("Accept-Encoding")
    way = next((one for one in WAYS if request.accept_encodings[one] > 0), None)
    body = response.get_data()
    if way and len(body) >= SHORTEST:
        response.set_data(WAYS[way](body))
        response.headers["Content-Encoding"] = way
    return response
