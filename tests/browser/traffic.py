"""What a browser received: each request's path and its bytes on the wire, headers included."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page


@dataclass
class Traffic:
    """What a page asked for: paths, and their bytes on the wire."""

    asked: list[tuple[str, int]] = field(default_factory=list)

    def bytes(self, but: tuple[str, ...] = ()) -> int:
        return sum(size for path, size in self.asked if not any(part in path for part in but))

    def paths(self, but: tuple[str, ...] = ()) -> list[str]:
        return [path for path, _ in self.asked if not any(part in path for part in but)]


def count(page: Page) -> Traffic:
    """Count from now on everything that the page's browser receives."""
    counted, names = Traffic(), {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def received(event: dict) -> None:
        if not event["response"].get("fromDiskCache"):
            names[event["requestId"]] = event["response"]["url"]

    def redirected(event: dict) -> None:
        if before := event.get("redirectResponse"):
            counted.asked.append((urlsplit(before["url"]).path, int(before["encodedDataLength"])))

    def finished(event: dict) -> None:
        url = urlsplit(names.get(event["requestId"], ""))
        if url.scheme in ("http", "https") and event["encodedDataLength"]:  # nothing travels from the cache
            counted.asked.append((url.path, int(event["encodedDataLength"])))

    session.on("Network.responseReceived", received)
    session.on("Network.requestWillBeSent", redirected)
    session.on("Network.requestServedFromCache", lambda event: names.pop(event["requestId"], None))
    session.on("Network.loadingFinished", finished)
    return counted
