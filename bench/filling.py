"""Fills a database with the office of `bench/lives.py` by the product's own doors, with every guard on.

    DATABASE_URL=… python bench/filling.py 100000 [--until 2026-11-26]

Lead by lead through `lifecycle.service.importing`, about a thousand facts a commit (COPY on PostgreSQL), in as little
memory for a million leads as for a thousand; then one move in a hundred leads is undone and one reason in a hundred is
corrected, one after the other as a broker does it. What a batch brings is written down when its last fact happens, so
that the office can be asked as it was known earlier. About 4,000 facts a second.
"""

import argparse
import os
import random
import sys
import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

if TYPE_CHECKING:
    from bench.lives import Life

EVENTS_A_COMMIT = 1000
BROKER = "broker"
LONG, LONG_FACTS, HOUR = "LONG-1", 10_001, timedelta(hours=1)


def fill(leads: int, until: datetime, *, long_story: bool = True) -> None:
    """People, leads, facts, then voids and corrections, then the planner's statistics. In: an empty database."""
    from django.db import connection

    from bench import lives
    from lifecycle.service.importing import Stream, import_streams

    people, batch = _People(until), uuid.uuid4()
    begun, said, facts = time.monotonic(), 0, 0
    for n, chunk in _chunks(lives.lives(leads, until)):
        now = max(told.occurred_at for life in chunk for told in life.told)
        streams = [Stream(_lead(life), life.told) for life in chunk]
        done = import_streams(streams, people, now=now, batch=batch)
        assert not done.refused, done.refused[:3]
        facts += done.events
        if n * 20 // leads > said:
            said = n * 20 // leads
            print(f"{n} leads, {facts} facts, {facts / (time.monotonic() - begun):.0f} a second", flush=True)
    amend(leads // 100)
    if long_story:
        tell_long_story(people, until, batch)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def today() -> datetime:
    """The last midnight, UTC."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def tell_long_story(people: Any, until: datetime, batch: uuid.UUID) -> None:
    """One more lead: called every hour for longer than anybody would, to see what a long timeline costs."""
    from lifecycle.events import Kind, Words
    from lifecycle.imported import Told
    from lifecycle.service.importing import Stream, import_streams

    ids, begun = random.Random(LONG), until - timedelta(hours=LONG_FACTS)
    told = [
        Told(
            line=n, seq=n, uuid=uuid.UUID(int=ids.getrandbits(128), version=4), occurred_at=begun + n * HOUR,
            kind=Kind.CONTACT_LOGGED if n > 1 else Kind.LEAD_CREATED, actor="Agent 100" if n > 1 else "",
            from_status="", to_status="" if n > 1 else "NEW", owner="", reason="", backfilled=False, words=Words(),
            data={"channel": "call", "direction": "outbound", "outcome": "no_answer"} if n > 1 else {},
        )
        for n in range(1, LONG_FACTS)
    ]  # fmt: skip
    done = import_streams([Stream(_long_lead(), told)], people, now=until, batch=batch)
    assert not done.refused, done.refused[:3]


def _long_lead() -> Any:
    from leads.models import Lead

    return Lead(name="Longest Story", external_source="bench", external_key=LONG)


def amend(times: int) -> None:
    """So many moves are undone, and as many reasons of deals that fell back corrected, all over the years."""
    from leads.models import Lead, User
    from lifecycle.errors import Refused
    from lifecycle.events import DEMOTIONS, Source
    from lifecycle.models import LeadEvent
    from lifecycle.service import correct_reason, void_move

    chance, broker = random.Random(times), User.objects.get(username=BROKER)
    common: dict[str, Any] = {"actor": broker, "source": Source.PAGE.value}
    demotions = list(LeadEvent.objects.filter(kind__in=[k.value for k in DEMOTIONS]).values_list("lead_id", "uuid"))
    for lead_id, target in chance.sample(demotions, min(times, len(demotions))):
        try:
            correct_reason(lead_id=lead_id, target=target, reason="cold_feet", note="They told us so.", **common)
        except Refused:
            continue
    first, last = Lead.objects.order_by("pk")[0].pk, Lead.objects.order_by("-pk")[0].pk
    for lead_id in chance.sample(range(first, last + 1), min(times, last - first)):
        moves = LeadEvent.objects.filter(lead_id=lead_id, version__gt=2).exclude(to_status="")
        newest = moves.order_by("-version").values_list("uuid", flat=True).first()
        if newest:
            try:
                void_move(lead_id=lead_id, target=newest, reason="mis_drag", **common)
            except Refused:
                continue


def _chunks(lives: "Iterable[Life]") -> "Iterator[tuple[int, list[Life]]]":
    """Whole leads until a transaction is full, with how many there were so far."""
    chunk: list[Life] = []
    n = size = 0
    for n, life in enumerate(lives, 1):
        chunk.append(life)
        size += len(life.told)
        if size >= EVENTS_A_COMMIT:
            yield n, chunk
            chunk, size = [], 0
    if chunk:
        yield n, chunk


def _lead(life: Any) -> Any:
    from leads.models import Lead

    return Lead(name=life.name, external_source="bench", external_key=life.key)


class _People:
    """The agents and the broker; who has left by the end is deactivated."""

    def __init__(self, until: datetime) -> None:
        from bench import lives
        from leads.models import User
        from lifecycle.service.importing import Someone

        agents = [
            User(
                username=a.name.lower().replace(" ", "-"), display_name=a.name, role="agent", is_active=a.leaves > until
            )
            for a in lives.staff(until)
        ]
        for agent in agents:
            agent.set_unusable_password()
        User.objects.bulk_create(agents)
        User.objects.create_user(BROKER, role="broker", display_name="Bruna Barros")
        self.known = {u.display_name: Someone(u.pk, u.uuid, u.display_name) for u in User.objects.all()}

    def __call__(self, names: Collection[str]) -> Mapping[str, Any]:
        return self.known


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("leads", type=int)
    parser.add_argument("--until", type=lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC))
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(options.leads, min(options.until or today(), datetime.now(UTC)))


if __name__ == "__main__":
    from bench import filling

    filling.main()
