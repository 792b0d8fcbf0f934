"""The people of the load test, for Locust: `bench/load.py` starts this file with the plan of who is there.

Each has a board open and does what an office does all day: drags cards and answers what the dialogs ask, logs calls
from the sheet of a card, reads leads and pages back in long timelines, searches, writes notes; now and then looks at
the dashboard. While the board is on the screen it asks for news every four seconds. Every form goes in as the browser
sends it, with its token, uuid and version.
The driver stands where the reverse proxy stands: it says that the browser came by https, and takes a connection of its
own for each request, as nginx does where nobody configures otherwise. What browsers load once and keep (style, script)
is not asked for.
"""

import json
import os
import random
import secrets
import time
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import gevent
from locust import events, task
from locust.contrib.fasthttp import FastHttpUser

from bench.crowd import screen

PLAN: list[dict[str, Any]] = json.loads(Path(os.environ["LOAD_PLAN"]).read_text())["people"]
LEADS: int = json.loads(Path(os.environ["LOAD_PLAN"]).read_text())["leads"]
FLAT_OUT = os.environ.get("LOAD_FLAT_OUT") == "1"
_LOOK_EVERY = 4.0

#: One line a request: kind, status (0: no answer), milliseconds, bytes on the wire, seconds since the start, what was
#: wrong with it ("" for a right answer).
rows: list[tuple[str, int, float, int, float, str]] = []
#: The uuid of every form that was answered as saved: the log must have each exactly once.
saved: list[str] = []
_begun = time.time()


@events.quitting.add_listener
def write(environment: Any, **_: Any) -> None:
    """Leaves what was seen where `bench/load.py` reads it, with the processor time that driving took."""
    cpu = time.process_time()
    Path(os.environ["LOAD_OUT"]).write_text(json.dumps({"rows": rows, "saved": saved, "cpu": cpu}))


class Person(FastHttpUser):
    """Somebody of the office at their desk."""

    connection_timeout: ClassVar[float] = 30.0
    network_timeout: ClassVar[float] = 60.0

    def on_start(self) -> None:
        self.who = PLAN.pop()
        self.secret = secrets.token_hex(16)
        self.address = f"10.1.{random.randrange(250)}.{random.randrange(1, 250)}"
        self.board, self.at, self.looked = screen.Board(), "/", 0.0
        if not FLAT_OUT:
            gevent.sleep(random.uniform(0, 4))
        self.open_board()

    def wait_time(self) -> float:
        return 0.0 if FLAT_OUT else random.uniform(1, 3)

    def think(self) -> None:
        gevent.sleep(self.wait_time())

    # ---- asking

    def ask(
        self,
        kind: str,
        path: str,
        *,
        form: dict[str, str] | None = None,
        part: bool = False,
        has: str = "",
        allow: Any = (),
    ) -> tuple[int, str]:
        """One request of this kind. In: the form to send, whether htmx asks, words that a right answer has.

        Out: status and page. 409 and 422 are right answers to a form, but never to a page.
        """
        headers = {
            "Cookie": f"__Host-hindsight_session={self.who['session']}; __Host-hindsight_csrf={self.secret}",
            "Accept-Encoding": "gzip",
            "Accept-Language": "en",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Connection": "close",
        }
        here = f"https://{self.host.partition('//')[2]}"
        if part:
            headers |= {"HX-Request": "true", "HX-Current-URL": here + self.at, "X-CSRFToken": self.secret}
        if form is not None:
            headers |= {"Origin": here, "Content-Type": "application/x-www-form-urlencoded"}
        begun = time.perf_counter()
        with self.client.request(
            "GET" if form is None else "POST", path, name=kind, headers=headers, catch_response=True,
            data=None if form is None else urlencode(form), allow_redirects=False,
        ) as answer:  # fmt: skip
            page = answer.text or ""
            took = (time.perf_counter() - begun) * 1000
            status, wrong = answer.status_code or 0, ""
            if status not in {200, *allow}:
                wrong = f"{status} {answer.headers.get('Location', '') if status else answer.error}"[:200]
            elif status == 200 and has not in page:
                wrong = f"an answer without {has}"
            size = int(answer.headers.get("Content-Length", len(page))) if status else 0
            rows.append((kind, status, round(took, 2), size, round(time.time() - _begun, 2), wrong))
            answer.failure(wrong) if wrong else answer.success()
        return status, page

    # ---- the board

    def open_board(self) -> None:
        self.at = "/"
        _, page = self.ask("board", "/", has='id="board"')
        self.board = screen.Board()
        self.board.look(page)
        self.looked = time.time()

    def be_at_board(self) -> None:
        """Goes back to the board, or asks it for news where it has been on the screen for a while."""
        if self.at != "/":
            self.open_board()
            self.think()
        elif time.time() - self.looked >= _LOOK_EVERY:
            self.poll()

    def poll(self) -> None:
        self.looked = time.time()
        if not self.board.live:
            return
        status, page = self.ask(
            "news", f"{self.board.live}&shown={quote(self.board.shown)}", part=True, has='id="live"', allow=(204,)
        )
        if status == 200:
            self.board.look(page)

    def _send(self, kind: str, path: str, form: dict[str, str]) -> tuple[int, str]:
        """A form of the board, with what its script adds."""
        sent = {**form, "shown": self.board.shown, **self.board.cursor}
        status, page = self.ask(kind, path, form=sent, part=True, has="hx-partial", allow=(409, 422))
        if status == 200 and form.get("uuid") and 'id="move-form"' not in page:
            saved.append(form["uuid"])
        self.board.look(page)
        return status, page

    @task(20)
    def drag(self) -> None:
        self.be_at_board()
        if (found := self.board.any_card()) is None:
            return self.open_board()
        state, card = found
        onward = [s for s in self.board.legal[state] if s in screen.WORKING]
        to = random.choice(onward if onward and random.random() < 0.9 else self.board.legal[state])
        path = f"/leads/{card.lead}/move/"
        _, page = self._send("move, dropped", path, {"to": to, "from": state, "version": card.version})
        if 'id="move-form"' not in page:
            return None
        self.think()
        form = screen.form(page, path)
        assert form is not None
        self._send("move, with its form", path, {**form, "from": state})
        return None

    @task(10)
    def call(self) -> None:
        self.be_at_board()
        if (found := self.board.any_card()) is None:
            return self.open_board()
        lead = found[1].lead
        status, page = self.ask("sheet of a card", f"/leads/{lead}/move/", part=True, has="move-menu", allow=(404,))
        form = screen.form(page, f"/leads/{lead}/call/") if status == 200 else None
        if form is None:
            return None
        self.think()
        outcome = random.choice(("spoke", "no_answer", "voicemail"))
        self._send("quick call", f"/leads/{lead}/call/", {**form, "outcome": outcome})
        return None

    @task(10)
    def watch(self) -> None:
        """Looks at the board for a while."""
        self.be_at_board()
        for _ in range(1 if FLAT_OUT else random.randrange(1, 4)):
            if not FLAT_OUT:
                gevent.sleep(_LOOK_EVERY * random.uniform(0.85, 1.15))
            self.poll()

    @task(4)
    def more(self) -> None:
        self.be_at_board()
        if self.board.more:
            state, url = random.choice([*self.board.more.items()])
            path = f"{url}&shown={quote(self.board.shown)}" if "?" in url else f"{url}?shown={quote(self.board.shown)}"
            _, page = self.ask("more cards", path, part=True, has="hx-partial")
            self.board.grow(state, page)

    # ---- elsewhere

    def open_lead(self, lead: str) -> str:
        self.at = f"/leads/{lead}/"
        status, page = self.ask("lead", self.at, has='id="story"', allow=(404,))
        return page if status == 200 else ""

    @task(18)
    def read_lead(self) -> None:
        if (found := self.board.any_card()) is not None:
            self.open_lead(found[1].lead)

    @task(8)
    def page_back(self) -> None:
        page = self.open_lead(str(self.who["long"]))
        for _ in range(random.randrange(1, 4)):
            if not (url := screen.later(page)):
                return
            self.think()
            path = url if url.startswith("/") else self.at + url
            _, page = self.ask("timeline, later page", path, part=True, has="hx-partial")

    @task(7)
    def note(self) -> None:
        if (found := self.board.any_card()) is None:
            return
        lead = found[1].lead
        form = screen.form(self.open_lead(lead), f"/leads/{lead}/note/")
        if form is None:
            return
        self.think()
        status, _ = self.ask(
            "note", f"/leads/{lead}/note/", form=form, part=True, has="hx-partial", allow=(404, 409, 422)
        )
        if status == 200:
            saved.append(form["uuid"])

    @task(12)
    def search(self) -> None:
        found = self.board.any_card()
        name = found[1].name if found else "Dana Diaz"
        words = (name, name.split()[0], name[:4], f"R-{random.randrange(LEADS):07d}", f"L-{random.randrange(LEADS)}")
        self.at = f"/search/?q={quote(random.choice(words))}"
        _, page = self.ask("search", self.at, has='id="search"')
        if (leads := screen.hits(page)) and random.random() < 0.5:
            self.think()
            self.open_lead(random.choice(leads[:5]))

    @task(2)
    def dashboard(self) -> None:
        self.at = "/reports/"
        self.ask("dashboard", self.at, has="<main")
