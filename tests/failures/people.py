"""People at their boards while the server or its database goes away: what they are answered, and what was saved."""

import http.client
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.crowd import screen
from tests.failures.place import Place

#: Longer than any wait of the product: a pool gives up after 10 s, SQLite after 20.
PATIENCE = 60.0


@dataclass
class Answer:
    """An answer of the server, or none: status 0."""

    status: int
    page: str = ""
    retry_after: str = ""
    took: float = 0.0
    at: float = 0.0
    what: str = ""


@dataclass
class Person:
    """Somebody with a board open who writes notes, one a turn. In: where, with which session, whose leads."""

    address: str
    session: str
    leads: list[int]
    file: Path
    answers: list[Answer] = field(default_factory=list)
    saved: int = 0

    def __post_init__(self) -> None:
        self.board, self.secret = screen.Board(), secrets.token_hex(16)

    def ask(self, what: str, path: str, form: dict[str, str] | None = None, *, part: bool = False) -> Answer:
        """One request, as a browser behind the proxy sends it."""
        host = urlsplit(self.address).netloc
        headers = {
            "Cookie": f"__Host-hindsight_session={self.session}; __Host-hindsight_csrf={self.secret}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "10.1.2.3", "Connection": "close",
        }  # fmt: skip
        if part:
            headers |= {"HX-Request": "true", "HX-Current-URL": f"https://{host}/", "X-CSRFToken": self.secret}
        if form is not None:
            headers |= {"Origin": f"https://{host}", "Content-Type": "application/x-www-form-urlencoded"}
        begun = time.monotonic()
        connection = http.client.HTTPConnection(host, timeout=PATIENCE)
        try:
            connection.request(
                "GET" if form is None else "POST", path, None if form is None else urlencode(form), headers
            )
            got = connection.getresponse()
            said = Answer(got.status, got.read().decode(), got.getheader("Retry-After") or "")
        except (OSError, http.client.HTTPException):
            said = Answer(0)
        finally:
            connection.close()
        said.what, said.took, said.at = what, time.monotonic() - begun, begun
        self.answers.append(said)
        return said

    def turn(self, n: int) -> None:
        """Looks for news (or draws the board anew), reads a lead, writes a note."""
        if self.board.live and n % 5:
            seen = self.ask("news", f"{self.board.live}&shown={self.board.shown}", part=True)
        else:
            seen = self.ask("board", "/")
        if seen.status == 200:
            self.board.look(seen.page)
        lead = self.leads[n % len(self.leads)]
        story = self.ask("lead", f"/leads/{lead}/")
        form = screen.form(story.page, f"/leads/{lead}/note/") if story.status == 200 else None
        if form is not None and self.ask("note", f"/leads/{lead}/note/", form, part=True).status == 200:
            self.saved += 1
            with self.file.open("a") as out:
                out.write(json.dumps({"did": "note", "facts": [form["uuid"]]}) + "\n")


class Crowd:
    """Some people, each at their own board, until they are sent home."""

    def __init__(self, place: Place, address: str, size: int) -> None:
        mine = place.office("session", "ana")
        self.people = [
            Person(
                address, mine["key"], mine["leads"], place.folder / f"acknowledged-person-{n}-{secrets.token_hex(3)}"
            )
            for n in range(size)
        ]
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._be, args=[person], daemon=True) for person in self.people]
        for thread in self._threads:
            thread.start()

    def _be(self, person: Person) -> None:
        n = 0
        while not self._over.is_set():
            person.turn(n)
            n += 1
            self._over.wait(0.02)

    def go_home(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE)

    @property
    def saved(self) -> int:
        return sum(person.saved for person in self.people)

    def answers(self) -> list[Answer]:
        return sorted((a for person in self.people for a in list(person.answers)), key=lambda a: a.at)

    def wait_for(self, count: int, seconds: float = 2 * PATIENCE) -> float:
        """Until so many more notes were saved; out: how long that took."""
        begun, before = time.monotonic(), self.saved
        while self.saved < before + count:
            if time.monotonic() > begun + seconds:
                raise TimeoutError(f"Nothing is saved any more: {[(a.what, a.status) for a in self.answers()[-5:]]}")
            time.sleep(0.02)
        return time.monotonic() - begun
