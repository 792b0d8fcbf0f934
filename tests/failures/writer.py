"""A process that appends flat out, as every part of the product does, and acknowledges what its calls returned.

    python -m tests.failures.writer NUMBER MOST ONLY      (the settings are in the environment)

One line of JSON on stdout for each deed, written after the call has returned: the uuids of its facts. A database that
is away is asked again under the same uuid, as a browser sends a form again. SIGTERM ends it after the deed at hand.
"""

import json
import os
import random
import signal
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

#: So long a database may be away.
PATIENCE = 120


class Writer:
    """In: which of the writers this is. ``seen`` counts deeds, refusals and how often the database was away."""

    def __init__(self, number: int) -> None:
        from leads.models import Lead, User

        self.chance = random.Random(f"{number}-{os.getpid()}")
        self.number, self.seen = number, Counter[str]()
        self.broker = User.objects.filter(role="broker", is_active=True).earliest("pk")
        self.agents = list(User.objects.filter(role="agent", is_active=True))
        self.leads = list(Lead.objects.order_by("id").values_list("id", flat=True))
        self.over = False

    def work(self, most: int, only: str) -> None:
        """So many deeds (0: until somebody ends it)."""
        deeds = {name: weight for name, weight in _DEEDS.items() if not only or name in only.split(",")}
        while not self.over and (not most or self.seen["done"] < most):
            name = self.chance.choices([*deeds], [*deeds.values()])[0]
            self.once(name, uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def once(self, name: str, key: uuid.UUID) -> None:
        """One deed under this uuid, asked again while the database is away; then its acknowledgement."""
        from django.db import InterfaceError, OperationalError, close_old_connections

        from lifecycle.errors import Refused

        deed, begun = getattr(self, name)(), time.monotonic()
        while True:
            try:
                facts = deed(key)
                break
            except Refused as refused:
                self.seen[refused.code] += 1
                return
            except (OperationalError, InterfaceError):
                if time.monotonic() > begun + PATIENCE:
                    raise
                self.seen["away"] += 1
                # As the end of a request does it.
                close_old_connections()
                time.sleep(0.05)
        self.seen["done"] += 1
        said = {"did": name, "facts": [str(fact) for fact in facts], "took": time.monotonic() - begun}
        os.write(1, f"{json.dumps(said)}\n".encode())

    # ---- deeds: what is decided first, then what is sent as often as it takes

    def any_lead(self) -> int:
        return self.chance.choice(self.leads)

    def common(self, key: uuid.UUID) -> dict[str, Any]:
        return {"actor": self.broker, "source": "page", "uuid": key}

    def move(self) -> Callable[[uuid.UUID], list[uuid.UUID]]:
        from leads.models import Lead
        from lifecycle import service
        from lifecycle.transitions import legal_targets
        from tests.factories import needs

        pk, pick, wish = self.any_lead(), self.chance.random(), dict[str, Any]()

        def send(key: uuid.UUID) -> list[uuid.UUID]:
            if not wish:
                # A form that is sent again says what it said the first time.
                status = Lead.objects.values_list("status", flat=True).get(pk=pk)
                targets = legal_targets(status)
                to = targets[int(pick * len(targets))] if targets else "NEW"
                wish.update(to=to, **needs(status, to))
            return _facts(service.move_lead(lead_id=pk, **wish, **self.common(key)))

        return send

    def note(self) -> Callable[[uuid.UUID], list[uuid.UUID]]:
        from lifecycle import service

        pk, words = self.any_lead(), f"Rang twice, {self.chance.random()}."
        return lambda key: _facts(service.add_note(lead_id=pk, note=words, **self.common(key)))

    def call(self) -> Callable[[uuid.UUID], list[uuid.UUID]]:
        from lifecycle import service

        pk, outcome = self.any_lead(), self.chance.choice(("spoke", "no_answer", "voicemail"))
        return lambda key: _facts(
            service.log_contact(lead_id=pk, channel="call", outcome=outcome, **self.common(key)),
        )

    def assign(self) -> Callable[[uuid.UUID], list[uuid.UUID]]:
        from lifecycle import service

        pk, to = self.any_lead(), self.chance.choice([*self.agents, None])
        return lambda key: _facts(
            service.assign_lead(lead_id=pk, to_agent=to, reason="workload_balance", **self.common(key)),
        )

    def create(self) -> Callable[[uuid.UUID], list[uuid.UUID]]:
        from leads.models import Lead
        from lifecycle import service

        name, agent = f"Dana {self.chance.getrandbits(40):x}", self.chance.choice(self.agents)

        def send(key: uuid.UUID) -> list[uuid.UUID]:
            lead = Lead(name=name, email=f"{key.hex}@example.com")
            return _facts(service.create_lead(lead=lead, inquiry="website", agent=agent, **self.common(key)))

        return send

    def bulk(self) -> Callable[[uuid.UUID], list[uuid.UUID]]:
        from leads.models import Lead
        from lifecycle.service import bulk

        chosen, to = self.chance.sample(self.leads, min(12, len(self.leads))), self.chance.choice(self.agents)
        wishes: list[Any] = []

        def send(key: uuid.UUID) -> list[uuid.UUID]:
            if not wishes:
                versions = dict(Lead.objects.filter(pk__in=chosen).values_list("pk", "version"))
                wishes.extend(bulk.Wish(pk, versions[pk], to.pk) for pk in chosen)
            batch = bulk.begin(uuid=key, actor=self.broker, wishes=wishes, reason="workload_balance")
            while batch.finished_at is None:
                batch = bulk.carry_on(uuid=key, actor=self.broker, step=5)
            moved = [int(pk) for pk, outcome in batch.outcomes.items() if outcome == bulk.MOVED]
            return [bulk.fact_uuid(key, pk) for pk in moved]

        return send

    def bring(self) -> Callable[[uuid.UUID], list[uuid.UUID]]:
        """Some leads of another system with their history, in one transaction."""
        from django.utils import timezone

        from lifecycle.service.importing import Someone, import_streams

        known = {a.display_name: Someone(a.pk, a.uuid, a.display_name) for a in self.agents}

        def send(key: uuid.UUID) -> list[uuid.UUID]:
            streams = _streams(key, self.agents[0])
            done = import_streams(streams, lambda names: known, now=timezone.now(), batch=key)
            assert not done.refused, done.refused[:3]
            return [told.uuid for stream in streams for told in stream.told]

        return send


_DEEDS = {"move": 40, "note": 20, "call": 12, "assign": 12, "create": 8, "bulk": 4, "bring": 4}


def _facts(result: Any) -> list[uuid.UUID]:
    return [event.uuid for event in result.events]


def _streams(key: uuid.UUID, agent: Any) -> list[Any]:
    """Five leads of three facts each; the uuids follow from the batch, so that a second try says the same."""
    from datetime import timedelta

    from django.utils import timezone

    from leads.models import Lead
    from lifecycle.events import Kind, Words
    from lifecycle.imported import Told
    from lifecycle.service.importing import Stream

    begun = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=90)

    def told(lead: int, n: int, kind: Kind, **more: Any) -> Any:
        blank: dict[str, Any] = {"from_status": "", "to_status": "", "owner": "", "reason": "", "actor": "", "data": {}}
        return Told(
            line=n, seq=n, uuid=uuid.uuid5(key, f"{lead}-{n}"), kind=kind, occurred_at=begun + timedelta(hours=n),
            backfilled=False, words=Words(note="As the old system had it.") if n == 3 else Words(), **{**blank, **more},
        )  # fmt: skip

    return [
        Stream(
            Lead(name=f"Brought {lead}", external_source="old", external_key=f"{key.hex}-{lead}"),
            [
                told(lead, 1, Kind.LEAD_CREATED, to_status="NEW", data={"inquiry": "portal", "sla_minutes": 5}),
                told(lead, 2, Kind.AGENT_ASSIGNED, owner=agent.display_name, reason="initial_routing"),
                told(lead, 3, Kind.NOTE_ADDED, actor=agent.display_name),
            ],
        )
        for lead in range(5)
    ]


def main() -> None:
    import django

    django.setup()
    writer = Writer(int(sys.argv[1]))

    def end(number: int, frame: Any) -> None:
        writer.over = True

    signal.signal(signal.SIGTERM, end)
    os.write(1, b'{"did": "begin", "facts": []}\n')
    writer.work(int(sys.argv[2]), sys.argv[3])
    os.write(1, f"{json.dumps({'did': 'end', 'facts': [], 'seen': writer.seen})}\n".encode())


if __name__ == "__main__":
    main()
