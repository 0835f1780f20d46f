"""Tells systemd that the portal answers, as often as it does: systemd starts again what says nothing for three minutes.

sd_notify(3) and systemd.service(5), WatchdogSec. The portal asks its own page of health over HTTP, as a resident would
come: a server that lives and answers nobody is found too.
"""

import http.client
import os
import socket
import threading
import time
from collections.abc import Mapping

EVERY_SECONDS, ANSWERS_WITHIN_SECONDS = 15, 30  # behind a locked database a page may wait: no restart mends that
STARTING_SECONDS = 0.2


def start(environment: Mapping[str, str] = os.environ) -> None:
    """Begin telling, when systemd started us; PORT is where we serve, on 127.0.0.1."""
    address, port = environment.get("NOTIFY_SOCKET"), environment.get("PORT")
    if address and port:
        threading.Thread(target=_tell, args=(address, int(port)), name="watchdog", daemon=True).start()


def _tell(address: str, port: int) -> None:
    while not answers(port):
        time.sleep(STARTING_SECONDS)
    notify(address, "READY=1")
    while True:
        if answers(port):
            notify(address, "WATCHDOG=1")
        time.sleep(EVERY_SECONDS)


def answers(port: int) -> bool:
    """Say whether the portal answers at all: what is wrong inside is the page's to tell, and no restart mends it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWERS_WITHIN_SECONDS)
    try:
        connection.request("GET", "/sante")
        return connection.getresponse().status in (200, 503)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def notify(address: str, words: str) -> None:
    """Send systemd a word; `@` begins an abstract socket's name. It may be gone: the next word may not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as end:
        try:
            end.sendto(words.encode(), f"\0{address[1:]}" if address.startswith("@") else address)
        except OSError:
            return
