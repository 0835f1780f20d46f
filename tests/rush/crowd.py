"""The crowd, in a process of its own whose processor time is told apart: python -m tests.rush.crowd PLAN RESULT."""

import asyncio
import json
import random
import resource
import sys
import time
from datetime import date
from pathlib import Path

from tests.bench.visitor import PASSWORD
from tests.rush.browser import Browser, Page
from tests.rush.town import Family

TYPING = (8, 30)  # seconds for a card
MOST_TRIES, MOST_LOOKS = 4, 2  # of a card; at what is left
LOOKS_ON = 0.5  # of those who missed
CHOSEN_AT_MOST = 4
CHOICE = r'<input type="checkbox" name="choice" value="(\d+:[^":]+)"(?![^>]*disabled)'


class Visit:
    """What one household does, from its arrival to its receipt, or to the door."""

    def __init__(self, family: Family, browser: Browser, seed: int, hurry: float) -> None:
        self.family = family
        self.browser = browser
        self.hurry = hurry
        self.dice = random.Random(seed + family.number)
        self.end = "left without a place"
        self.paid: list[str] = []
        self.in_line = 0  # sign-ins that had to wait

    async def live(self) -> None:
        """Come, wait, press, pay."""
        await asyncio.sleep(max(0, self.browser.hour - self.family.arrives - time.monotonic()))
        if not self.family.cookie and not await self.signs_in():
            self.end = "could not sign in"
            return
        page = await self.waits(await self.browser.ask("waiting page", "/panier"))
        page = await self.chooses() if self.family.chooses_later else await self.presses(page)
        looks = 0
        while "held" not in _states(page) and looks < MOST_LOOKS and self.dice.random() < LOOKS_ON:
            looks += 1
            await self.thinks(2, 10)
            page = await self.chooses()
        if "held" in _states(page):
            await self.pays(page)
        self.browser.close()

    async def thinks(self, least: float, most: float) -> None:
        """Read, type, make up one's mind: seconds."""
        await asyncio.sleep(self.dice.uniform(least, most) / self.hurry)

    async def signs_in(self) -> bool:
        """Sign in, as the pages say; some have forgotten their user code."""
        path = "/connexion?suite=%2Fpanier"
        await self.browser.ask("sign-in page", path)
        if self.family.forgets:
            await self.thinks(3, 8)
            await self.browser.send("sign-in, wrong code", path, username="oublie", password=PASSWORD)
            await self.asks_for_her_code()
            await self.browser.ask("sign-in page", path)
        await self.thinks(3, 8)
        page = await self.browser.send("sign-in", path, username=self.family.username, password=PASSWORD)
        while page.status == 503:
            self.in_line += 1
            page = await self.waits_in_line(page, path)
        return page.status == 303 and page.location == "/panier"

    async def waits_in_line(self, page: Page, path: str) -> Page:
        """Do as a page says that found the door busy: come back by itself, or send the form again."""
        seconds, _, onward = page.value(r'http-equiv="refresh" content="([^"]+)"').partition("; url=")
        await asyncio.sleep(float(seconds or page.headers.get("retry-after", 2)))
        if onward:
            return await self.browser.ask("sign-in, in line", onward)
        return await self.browser.send("sign-in", path, username=self.family.username, password=PASSWORD)

    async def asks_for_her_code(self) -> None:
        """Have the forgotten user code sent."""
        await self.browser.ask("forgotten code", "/oubli/code")
        born = date.fromisoformat(self.family.born)
        days = {"birth_year": str(born.year), "birth_month": str(born.month), "birth_day": str(born.day)}
        await self.browser.send("forgotten code", "/oubli/code", card_number=self.family.card_number, **days)
        await self.thinks(5, 15)  # reading the letter

    async def waits(self, page: Page) -> Page:
        """Wait for the button as the page says: by script it comes by itself, else the page comes back."""
        asked, due = "waiting page, asked by itself", page.at + float(page.value(r'data-opens-in="([^"]+)"') or 0)
        while self.family.scripts and (every := page.value(r'hx-trigger="every (\d+)s"')):
            asks = page.at + int(every)
            await asyncio.sleep(max(0, min(asks, due) - time.monotonic()))
            if asks >= due:
                break
            page = await self.browser.ask(asked, "/panier/attente", boosted=True, target="div#hour")
            due = page.at + float(page.value(r'data-opens-in="([^"]+)"') or 0)
        while not self.family.scripts and (again := page.value(r'http-equiv="refresh" content="(\d+)"')):
            await asyncio.sleep(int(again))
            page = await self.browser.ask("waiting page", "/panier")
        if self.family.chooses_later:
            await asyncio.sleep(max(0, self.browser.hour - time.monotonic()))
        await asyncio.sleep(self.family.reacts / self.hurry)
        return page

    async def presses(self, page: Page) -> Page:
        """Press the one button; a second too early, again."""
        answer = await self.browser.send("press: take my places", "/panier/prendre", boosted=True)
        while answer.status == 422:
            await asyncio.sleep(1)
            answer = await self.browser.send("press: take my places", "/panier/prendre", boosted=True)
        return await self.browser.ask("cart after the press", answer.location or "/panier", boosted=True)

    async def chooses(self) -> Page:
        """Choose what is left for the children on the programme's page."""
        path = f"/inscription/programme/{self.family.program}?lieu={self.family.place}"
        page = await self.browser.ask("programme", path, boosted=True)
        free = page.values(CHOICE)
        if not free:
            return page
        await self.thinks(2, 10)
        wanted = self.dice.sample(free, min(self.dice.randint(1, CHOSEN_AT_MOST), len(free)))
        answer = await self.browser.send("programme, chosen", path, boosted=True, choice=wanted)
        return (
            await self.browser.ask("cart after the press", answer.location, boosted=True) if answer.location else answer
        )

    async def pays(self, page: Page) -> None:
        """Confirm what is held, pay, and follow the payment's page to its end."""
        self.end = "held, not confirmed"
        total = page.value(r'name="total_seen_cents" value="(\d+)"')
        answer = await self.browser.send("confirm", "/panier/confirmer", total_seen_cents=total)
        if "payer?" not in answer.location:
            return
        self.end, path = "confirmed, not paid", answer.location
        for _ in range(MOST_TRIES):
            state = await self.pays_once(path)
            if state != "refused":
                break
        self.end = state

    async def pays_once(self, path: str) -> str:
        """Pay with a card; return what the payment's page ends with."""
        page = await self.browser.ask("pay page", path)
        form = {
            "facture": page.values(r'name="facture" value="([^"]+)"'),
            "amount_seen_cents": page.value(r'name="amount_seen_cents" value="(\d+)"'),
            "payment_method_nonce": "fake-valid-nonce",
        }
        await self.thinks(*TYPING)
        answer = await self.browser.send("pay", "/mon-dossier/payer", **form)
        if answer.status != 303:
            return f"not paid: {answer.status}"
        again, page = "", await self.browser.ask("payment's page", answer.location)
        while page.status in (200, 204) and (page.status == 204 or 'data-state="verifying"' in page.text):
            again = page.value(r'hx-get="([^"]+)"') or again
            await asyncio.sleep(1 if self.family.scripts else 5)
            seen = again if self.family.scripts else answer.location
            page = await self.browser.ask("payment's page", seen, boosted=True)
        state = page.value(r'data-state="(\w+)"')
        if state == "paid":
            self.paid.append(page.value(r'data-payment="([^"]+)"'))
        return state


def _states(page: Page) -> set[str]:
    """Return how the places of a cart's page stand; those of another page, nohow."""
    return set(page.values(r'data-item-state="(\w+)"'))


async def _play(plan: dict) -> dict:
    hour = time.monotonic() + plan["hour"] - time.time()
    visits = []
    for one in plan["families"]:
        family = Family(**one)
        browser = Browser(plan["host"], plan["port"], family.address, hour, family.scripts)
        if family.cookie:
            browser.cookies["portail"] = family.cookie
        visits.append(Visit(family, browser, plan["seed"], plan["hurry"]))
    await asyncio.gather(*(visit.live() for visit in visits))
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "lines": [line for visit in visits for line in visit.browser.lines],
        "ends": [visit.end for visit in visits],
        "paid": [reference for visit in visits for reference in visit.paid],
        "in_line": sum(visit.in_line for visit in visits),
        "cpu_seconds": used.ru_utime + used.ru_stime,
    }


if __name__ == "__main__":
    result = asyncio.run(_play(json.loads(Path(sys.argv[1]).read_text())))
    Path(sys.argv[2]).write_text(json.dumps(result))
