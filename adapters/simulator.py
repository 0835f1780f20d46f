"""The way to the simulator's browser side: what the real card fields' host would serve."""

from dataclasses import dataclass, field

import requests

SECONDS = 5
KEPT_HEADERS = ("Content-Security-Policy", "Cache-Control")


@dataclass(frozen=True)
class Answer:
    """What the simulator answered."""

    status: int
    body: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)


class SimulatorFront:
    """Passes requests on to the simulator; used on this machine only."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes, query: str) -> Answer | None:
        """Return the simulator's answer, None when it does not answer."""
        try:
            got = requests.request(method, self._url + path, headers=headers, data=body, params=query, timeout=SECONDS)
        except requests.RequestException:
            return None
        kept = {name: got.headers[name] for name in KEPT_HEADERS if name in got.headers}
        return Answer(got.status_code, got.content, got.headers.get("Content-Type", ""), kept)
