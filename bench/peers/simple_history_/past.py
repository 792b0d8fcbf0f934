"""The same questions about the past to django-simple-history, asked as its documentation tells."""

import pickle
import sys
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count

from bench.peers import filled
from bench.peers.columns import new_lead

from .models import Lead

#: As `bench/hindsight_past.py` sends them, behind lead, instant and agent.
COPIED = (
    "status", "version", "unsubscribed", "dnc", "do_not_email", "do_not_text", "do_not_call", "created_at",
    "inquiry_source", "inquired_at", "first_contact_due_at", "first_contact_at", "sla_breached", "stage_entered_at",
    "provenance", "provenance_reason", "provenance_at", "times_qualified", "temperature", "last_contact_at",
    "last_reply_at", "attempts", "document_missing", "last_occurred_at", "last_recorded_at",
)  # fmt: skip
CARDS = 25


def states(at: str) -> dict[str, list[Any]]:
    """Stage and holder of every lead at an instant: `as_of`, and of its rows only what is asked."""
    rows = Lead.history.as_of(datetime.fromisoformat(at)).values_list("id", "status", "agent_id")
    found = {lead: (status, agent) for lead, status, agent in rows}
    return {"leads": [len(found)], "sample": [found.get(n) for n in range(1, 2001)]}


def instances(at: str) -> dict[str, list[Any]]:
    """The same as the documentation writes it: whole instances."""
    found = {lead.pk: (lead.status, lead.agent_id) for lead in Lead.history.as_of(datetime.fromisoformat(at))}
    return {"leads": [len(found)], "sample": [found.get(n) for n in range(1, 2001)]}


def board(at: str) -> dict[str, Any]:
    """The counts of all columns and their first cards: one question for the counts, one for each column's cards."""
    then = Lead.history.as_of(datetime.fromisoformat(at))
    counts = dict(then.order_by().values_list("status").annotate(n=Count("history_id")))
    for status in counts:
        list(then.filter(status=status).order_by("-stage_entered_at", "-id")[:CARDS])
    return counts


def one(lead: int, at: str) -> list[Any]:
    """One lead at an instant; out: its stage and holder."""
    then = Lead(pk=lead).history.as_of(datetime.fromisoformat(at))
    return [then.status, then.agent_id]


def fill() -> dict[str, int]:
    """The historical rows that come pickled on stdin, by `bulk_create`; and the leads as they stand at the end."""
    from django.contrib.auth.models import User

    filled.make_tables()
    agents: set[int] = set()
    rows, leads = 0, 0
    history: Any = Lead.history.model
    ana = filled.person()
    while (some := pickle.load(sys.stdin.buffer)) is not None:
        new = {row[2] for row in some} - {None} - agents
        User.objects.bulk_create([User(pk=n, username=f"agent{n}") for n in new if n != ana.pk], ignore_conflicts=True)
        agents |= new
        newest = {row[0]: row for row in some}
        made = []
        for lead_id, row in newest.items():
            lead = new_lead(Lead, lead_id, None)
            _stand(lead, row)
            made.append(lead)
        Lead.objects.bulk_create(made, batch_size=500)
        copies = []
        for row in some:
            copy = history(id=row[0], history_date=row[1], history_type="+" if row[4] == 1 else "~", name="Dana")
            _stand(copy, row)
            copies.append(copy)
        history.objects.bulk_create(copies, batch_size=500)
        rows, leads = rows + len(some), leads + len(newest)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return {"leads": leads, "rows": rows}


def _stand(target: Any, row: tuple[Any, ...]) -> None:
    target.agent_id = row[2]
    for name, value in zip(COPIED, row[3:], strict=True):
        setattr(target, name, value)


def main() -> None:
    """Fills an empty database; see `fill`."""
    print(fill())
