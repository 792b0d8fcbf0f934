"""Hindsight as a contender of `bench/moves.py`: the real `move_lead`, in a migrated database with every guard."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bench.steps import RACED, Step

NAME = "Hindsight"
#: Of each lead its database id and, for who moves it alone, the version that their page shows.
_leads: list[list[int]] = []
_actor: Any = None


def prepare(leads: int) -> None:
    """An empty database → so many leads in QUALIFIED, held by Ana, brought in by the product's own bulk path."""
    from django.core.management import call_command

    from leads.models import Lead, User
    from lifecycle.service.importing import Someone, Stream, import_streams

    call_command("migrate", verbosity=0)
    # Fails when a guard is missing.
    call_command("check", databases=["default"])
    ana = User.objects.create_user("ana", role="agent", display_name="Ana Alvarez")
    people = {ana.display_name: Someone(ana.pk, ana.uuid, ana.display_name)}
    from django.utils import timezone

    now = timezone.now() - timedelta(days=1)
    for first in range(1, leads + 1, 200):
        streams = [
            Stream(
                Lead(name=f"Dana Whitfield {n}", email=f"dana{n}@example.com", phone=f"+1 510 555 {n % 10000:04d}"),
                _told(now),
            )
            for n in range(first, min(first + 200, leads + 1))
        ]
        done = import_streams(streams, lambda names: people, now=now, batch=uuid.uuid4())
        assert not done.refused, done.refused[:3]


def _told(now: datetime) -> list[Any]:
    """How a lead came to be qualified."""
    from lifecycle.events import NO_WORDS, Kind, Words
    from lifecycle.imported import Told

    contact: dict[str, object] = {"channel": "call", "direction": "outbound", "outcome": "spoke"}
    facts: tuple[tuple[Kind, str, str, str, str, Any, dict[str, object]], ...] = (
        (Kind.LEAD_CREATED, "", "NEW", "", "", NO_WORDS, {"inquiry": "website", "sla_minutes": 5}),
        (Kind.AGENT_ASSIGNED, "", "", "Ana Alvarez", "initial_routing", NO_WORDS, {}),
        (Kind.CONTACT_LOGGED, "", "", "", "", NO_WORDS, contact),
        (Kind.CONTACT_ATTEMPTED, "NEW", "CONTACTING", "", "", NO_WORDS, {}),
        (Kind.MOTIVATION_CONFIRMED, "CONTACTING", "QUALIFIED", "", "", Words(note="Ready to see three houses."), {}),
    )
    return [
        Told(
            line=n, seq=n, uuid=uuid.uuid4(), kind=kind, occurred_at=now - timedelta(hours=6 - n),
            actor="Ana Alvarez" if n in (3, 5) else "", from_status=before, to_status=after, owner=owner,
            reason=reason, backfilled=False, words=words, data=data,
        )
        for n, (kind, before, after, owner, reason, words, data) in enumerate(facts, 1)
    ]  # fmt: skip


def begin(leads: int) -> None:
    """What a page has at hand: who is logged in, and the leads with their versions."""
    global _actor
    from leads.models import Lead, User

    _actor = User.objects.get(username="ana")
    _leads[:] = [list(row) for row in Lead.objects.order_by("pk").values_list("pk", "version")]
    assert len(_leads) == leads, (len(_leads), leads)


def move(number: int, pick: Callable[[str], Step]) -> bool:
    """One move by the one door. Out: True when done, False when it was refused because somebody was quicker.

    A raced lead is looked at first, as the page does; of any other the version is the one of the answer before.
    """
    from leads.models import Lead
    from lifecycle.errors import Refused
    from lifecycle.service import move_lead

    lead = _leads[number - 1]
    status = ""
    if number <= RACED:
        status, lead[1] = Lead.objects.values_list("status", "version").get(pk=lead[0])
    step = pick(status)
    try:
        done = move_lead(
            lead_id=lead[0],
            to=step.to,
            reason=step.reason,
            note=step.note,
            document=step.document,
            actor=_actor,
            source="board",
            expected_version=lead[1],
            uuid=uuid.uuid4(),
        )
    except Refused:
        if number <= RACED:
            return False
        raise
    lead[1] = done.state.version
    return True


def recorded() -> list[list[str]]:
    """The states that the log has of each raced lead, in order."""
    from lifecycle.models import LeadEvent

    found = []
    for lead_id, _ in _leads[:RACED]:
        moves = LeadEvent.objects.filter(lead_id=lead_id).exclude(to_status="").order_by("version")
        found.append(list(moves.values_list("to_status", flat=True)))
    return found
