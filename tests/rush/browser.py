"""A browser as light as can be, for two thousand at once: keep-alive, cookies, forms; every request is timed."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

import brotli

PATIENCE = 120  # seconds: longer, and the request counts as unanswered
HTMX = "HX-Request: true\r\n"
Line = tuple[str, float, float, int]  # which page, seconds from the hour, milliseconds, status (0: none)


@dataclass
class Page:
    """What was answered."""

    status: int
    headers: dict[str, str]
    text: str
    at: float  # when it was there, by the monotonic clock

    def value(self, pattern: str) -> str:
        """Return the first group of a pattern's first match, empty when there is none."""
        found = re.search(pattern, self.text)
        return unescape(found[1]) if found else ""

    def values(self, pattern: str) -> list[str]:
        """Return the first group of each match."""
        return [unescape(one) for one in re.findall(pattern, self.text)]

    @property
    def location(self) -> str:
        return self.headers.get("location", "") or self.headers.get("hx-redirect", "")


@dataclass
class Browser:
    """One household's."""

    host: str
    port: int
    address: str  # from where it seems to come
    hour: float  # by the monotonic clock
    scripts: bool = True
    cookies: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    token: str = ""
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, name: str, path: str, *, boosted: bool = False, target: str = "main#main") -> Page:
        """Get a page, or what htmx puts in place of `target`."""
        more = f"{HTMX}HX-Target: {target}\r\n" if boosted and self.scripts else ""
        return await self._timed(name, "GET", path, b"", more)

    async def send(self, name: str, path: str, *, boosted: bool = False, **fields: str | list[str]) -> Page:
        """Post a form with its page's token."""
        body = urlencode({"csrf_token": self.token} | fields, doseq=True).encode()
        return await self._timed(name, "POST", path, body, HTMX if boosted and self.scripts else "")

    async def _timed(self, name: str, method: str, path: str, body: bytes, more: str) -> Page:
        begun, page = time.monotonic(), Page(0, {}, "", 0)
        try:
            async with asyncio.timeout(PATIENCE):
                page = await self._exchange(self._request(method, path, body, more))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            self._close()
        page.at = time.monotonic()
        self.lines.append((name, begun - self.hour, (page.at - begun) * 1000, page.status))
        self.token = page.value(r'name="csrf_token" value="([^"]+)"') or self.token
        return page

    def _request(self, method: str, path: str, body: bytes, more: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept-Encoding: br\r\n{more}"
        head += f"X-Forwarded-For: {self.address}\r\nCookie: {cookies}\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body

    async def _exchange(self, request: bytes) -> Page:
        kept = self._open is not None and not self._open[0].at_eof()
        if not kept:
            self._open = await asyncio.open_connection(self.host, self.port)
        reader, writer = self._open
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError) as gone:
            self._close()
            if kept and not getattr(gone, "partial", b""):  # closed while idle: every browser asks anew
                return await self._exchange(request)
            raise
        return await self._read(reader, head.decode("latin-1"))

    async def _read(self, reader: asyncio.StreamReader, head: str) -> Page:
        first, *rest = head.rstrip("\r\n").split("\r\n")
        headers = {}
        for line in rest:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
            if name.lower() == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self.cookies[cookie] = kept
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if body and headers.get("content-encoding") == "br":
            body = brotli.decompress(body)
        return Page(int(first.split()[1]), headers, body.decode(), 0)

    def _close(self) -> None:
        if self._open:
            self._open[1].close()
            self._open = None

    def close(self) -> None:
        """Let go of the connection."""
        self._close()
