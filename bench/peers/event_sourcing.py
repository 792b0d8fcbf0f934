"""eventsourcing as its documentation tells: an aggregate, an application, its own recorders for both engines."""

import json
import os
import uuid
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import IntegrityError

from bench.steps import FIRST, RACED, Step

NAME = f"eventsourcing {version('eventsourcing')}"
ANA = "ana"


class Lead(Aggregate):
    """What the others keep in columns; a board's columns are one more table (`event_sourcing_board.py`)."""

    @event("Opened")
    def __init__(self, number: int, name: str, email: str, phone: str, agent: str) -> None:
        self.number, self.name, self.email, self.phone, self.agent = number, name, email, phone, agent
        self.status, self.provenance, self.reason, self.times_qualified = FIRST, "fresh", "", 1

    @staticmethod
    def create_id(number: int) -> uuid.UUID:
        """The id of a lead by its number."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"/leads/{number}")

    @event("Moved")
    def move(self, to: str, reason: str, words: str, actor: str) -> None:
        """One step, with who and why."""
        self.status, self.reason = to, reason
        if to == "QUALIFIED":
            self.times_qualified += 1


class Leads(Application):
    """The application that the documentation begins with: get, change, save."""

    def move(self, number: int, pick: Callable[[str], Step]) -> None:
        """One move of one lead."""
        lead: Lead = self.repository.get(Lead.create_id(number))
        step = pick(lead.status)
        lead.move(step.to, step.reason, step.note or step.document, ANA)
        self.save(lead, **self.beside(lead, number))

    def beside(self, lead: Lead, number: int) -> dict[str, Any]:
        """What the recorder writes in the same transaction: nothing but the event."""
        return {}


APP: list[Leads] = []


def environment() -> dict[str, str]:
    entry: dict[str, Any] = json.loads(os.environ["BENCH_DATABASE"])
    if "sqlite" in entry["ENGINE"]:
        return {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": entry["NAME"],
            "SQLITE_LOCK_TIMEOUT": str(entry["OPTIONS"]["timeout"]),
        }
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": entry["NAME"],
        "POSTGRES_HOST": entry["OPTIONS"].get("host") or entry["HOST"],
        "POSTGRES_USER": entry["USER"],
        "POSTGRES_PASSWORD": entry["PASSWORD"] or "none",
        "POSTGRES_POOL_SIZE": "1",
        "POSTGRES_MAX_OVERFLOW": "1",
    }


def prepare(leads: int) -> None:
    """Its table, and every lead opened."""
    app = Leads(env=environment())
    for first in range(1, leads + 1, 200):
        app.save(
            *(
                Lead(n, f"Dana Whitfield {n}", f"dana{n}@example.com", f"+1 510 555 {n % 10000:04d}", ANA)
                for n in range(first, min(first + 200, leads + 1))
            )
        )


def begin(leads: int) -> None:
    """Connects."""
    APP[:] = [Leads(env={**environment(), "CREATE_TABLE": "no"})]


def move(number: int, pick: Callable[[str], Step]) -> bool:
    """One move. Out: False when it was refused because the version was taken meanwhile."""
    try:
        APP[0].move(number, pick)
    except IntegrityError:
        return False
    return True


def recorded() -> list[list[str]]:
    """The states that the events have of each raced lead, in order."""
    found: list[list[str]] = []
    for number in range(1, RACED + 1):
        try:
            events = list(APP[0].events.get(Lead.create_id(number)))
        except AggregateNotFoundError:
            continue
        found.append([FIRST, *(e.to for e in events if hasattr(e, "to"))])
    return found
