"""A small load generator: keep-alive connections in processes of their own, latencies in milliseconds."""

import multiprocessing
import socket
import statistics
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Figures:
    """What a run measured."""

    per_second: float
    median_ms: float
    p99_ms: float


def run(url: str, cookie: str = "", connections: int = 16, seconds: float = 4, processes: int = 2) -> Figures:
    """Ask for a page over and over."""
    queue: multiprocessing.Queue = multiprocessing.Queue()
    each = connections // processes
    workers = [
        multiprocessing.Process(target=_work, args=(url, cookie, each, seconds, queue)) for _ in range(processes)
    ]
    for worker in workers:
        worker.start()
    times = sorted(ms for _ in workers for ms in queue.get())
    for worker in workers:
        worker.join()
    return Figures(len(times) / seconds, statistics.median(times), times[int(len(times) * 0.99) - 1])


def _work(url: str, cookie: str, connections: int, seconds: float, queue: multiprocessing.Queue) -> None:
    times: list[float] = []
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=_ask, args=(url, cookie, end, times)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put(times)


def _ask(url: str, cookie: str, end: float, times: list[float]) -> None:
    parts = urlsplit(url)
    request = (
        f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: br\r\nCookie: {cookie}\r\n\r\n"
    ).encode()
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.monotonic() < end:
            start = time.perf_counter()
            connection.sendall(request)
            _read(connection)
            times.append((time.perf_counter() - start) * 1000)


def _read(connection: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:60]
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
