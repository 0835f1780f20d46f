"""A small load generator: keep-alive connections in processes of their own, latencies in milliseconds."""

import multiprocessing
import socket
import statistics
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from urllib.parse import urlsplit

PROCESSES = 2


@dataclass
class Figures:
    """What a run measured."""

    per_second: float
    median_ms: float
    p99_ms: float
    asked: int

    @classmethod
    def of(cls, times: Sequence[float], seconds: float) -> "Figures":
        """Sum up latencies in milliseconds, measured within so many seconds."""
        ordered = sorted(times)
        return cls(
            len(ordered) / seconds,
            statistics.median(ordered),
            ordered[max(int(len(ordered) * 0.99) - 1, 0)],
            len(ordered),
        )

    def __str__(self) -> str:
        return f"{self.per_second:6.0f}/s   p50 {self.median_ms:5.1f}   p99 {self.p99_ms:6.1f} ms"


def run(url: str, cookie: str = "", connections: int = 16, seconds: float = 4, header: str = "") -> Figures:
    """Ask for a page over and over."""
    parts = urlsplit(url)
    request = (
        f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: br\r\n"
        f"Cookie: {cookie}\r\n{header}\r\n"
    ).encode()
    return send(url, [repeat(request)] * connections, b"200", seconds)


def send(url: str, batches: Sequence[Iterable[bytes]], status: bytes, seconds: float = 60) -> Figures:
    """Send each batch of requests on a connection of its own, until it ends or the time is over."""
    queue: multiprocessing.Queue = multiprocessing.Queue()
    workers = [
        multiprocessing.Process(target=_work, args=(url, batches[place::PROCESSES], status, seconds, queue))
        for place in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    results = [queue.get() for _ in workers]
    for worker in workers:
        worker.join()
    return Figures.of([ms for times, _ in results for ms in times], max(lasted for _, lasted in results))


def _work(url: str, batches: Sequence[Iterable[bytes]], status: bytes, seconds: float, queue) -> None:
    times: list[float] = []
    start = time.monotonic()
    threads = [threading.Thread(target=_ask, args=(url, batch, status, start + seconds, times)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put((times, time.monotonic() - start))


def _ask(url: str, batch: Iterable[bytes], status: bytes, end: float, times: list[float]) -> None:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in batch:
            if time.monotonic() >= end:
                return
            start = time.perf_counter()
            connection.sendall(request)
            _read(connection, status)
            times.append((time.perf_counter() - start) * 1000)


def _read(connection: socket.socket, status: bytes) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _received(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status), head[:60]
    if b"content-length:" not in head.lower():
        return  # a 204 has none
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += _received(connection)


def _received(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    assert data, "the server closed the connection"
    return data
