"""More browsers than usual keep a connection open: nobody waits until one of them leaves."""

import socket
from contextlib import ExitStack
from pathlib import Path

from tests.server import AT_ONCE, ROOT, serving

IDLE = 1_200  # beyond the 1,024 that granian takes by itself
ASK = b"GET /sante HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def test_idle_browsers_keep_nobody_waiting(database_url: str, tmp_path: Path):
    with serving({"DATABASE_URL": database_url, "MAIL_URL": f"file:{tmp_path}/outbox"}) as server, ExitStack() as open_:
        for _ in range(IDLE):
            browser = open_.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))
            browser.sendall(ASK)
            assert browser.recv(12) == b"HTTP/1.1 200"


def test_the_server_of_the_city_takes_as_many(tmp_path: Path):
    assert f"--backpressure {AT_ONCE} " in (ROOT / "Makefile").read_text()
