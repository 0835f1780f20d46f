"""systemd is told that the portal answers, by a real server that does; a socket stands in systemd’s place."""

import os
import signal
import socket
import threading
from pathlib import Path

import pytest

from adapters import watchdog
from tests.server import Server
from tests.simulation import free_port


@pytest.fixture
def systemd(tmp_path: Path):
    """The socket that systemd would listen on; a minute without a word is a failure."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(f"{tmp_path}/notify")
        end.settimeout(60)
        yield end


def test_it_is_ready_once_it_answers_and_then_says_so_again(environment, systemd, tmp_path):
    port = free_port()
    server = Server(environment | {"NOTIFY_SOCKET": f"{tmp_path}/notify", "PORT": str(port)}, port)
    server.start()
    try:
        assert [systemd.recv(100), systemd.recv(100)] == [b"READY=1", b"WATCHDOG=1"]
    finally:
        server.kill(signal.SIGTERM)


def test_a_server_that_answers_nobody_does_not_answer():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        assert not watchdog.answers(deaf.getsockname()[1])


def test_without_systemd_nothing_is_told():
    watchdog.start({"PORT": "5000"})
    watchdog.start({"NOTIFY_SOCKET": "/nowhere"})
    assert "watchdog" not in {one.name for one in threading.enumerate()}


def test_an_abstract_socket_is_found(tmp_path):
    name = f"portail-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(f"\0{name}")
        watchdog.notify(f"@{name}", "READY=1")
        assert end.recv(100) == b"READY=1"


def test_a_systemd_that_is_gone_stops_nothing(tmp_path):
    watchdog.notify(f"{tmp_path}/gone", "WATCHDOG=1")
