"""The home page while many sign in at once: hashing must leave a thread to whoever only reads."""

import statistics
import threading
import time
from collections import Counter
from pathlib import Path

import requests

from tests import simulation
from tests.bench.pages import memory_mb, serving_city
from tests.bench.visitor import Resident
from tests.server import Server

CLIENTS, READS = 24, 100


def measure(folder: Path) -> None:
    """Serve the invented city and print how long the home page takes, alone and while 24 clients sign in."""
    process, simulator = simulation.start()
    try:
        with serving_city(folder, simulator, CAPTCHA="none") as server:
            Resident(server)
            print(f"home page, alone              {home_ms(server)}")
            answers, stop = Counter(), threading.Event()
            clients = [threading.Thread(target=sign_in, args=(server, answers, stop)) for _ in range(CLIENTS)]
            for client in clients:
                client.start()
            print(f"home page, {CLIENTS} signing in     {home_ms(server)}")
            stop.set()
            for client in clients:
                client.join()
            print(f"their answers                 {dict(answers)}")
            print(f"worker memory after           {memory_mb(server.worker()):.0f} MB")
    finally:
        process.terminate()
        process.wait()


def home_ms(server: Server) -> str:
    """Ask for the home page again and again; return the median and the slowest in milliseconds."""
    times, reader = [], requests.Session()
    for _ in range(READS):
        start = time.perf_counter()
        assert reader.get(server.url, timeout=60).status_code == 200
        times.append((time.perf_counter() - start) * 1000)
    return f"median {statistics.median(times):.1f} ms, slowest {max(times):.1f} ms"


def sign_in(server: Server, answers: Counter, stop: threading.Event) -> None:
    """Try a wrong password again and again."""
    client = requests.Session()
    token = client.get(f"{server.url}/connexion", timeout=60).text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "username": "genevieve", "password": "pas le bon mot de passe"}
    while not stop.is_set():
        answers[client.post(f"{server.url}/connexion", data=form, allow_redirects=False, timeout=60).status_code] += 1
