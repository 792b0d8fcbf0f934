"""The data of the load test: an office, its people with their sessions, long stories; and what is in it afterwards.

Runs in a process of its own with the server's settings, as `bench/load.py` starts it:

    python -m bench.crowd.office prepare PLAN LEADS PEOPLE     fills an empty database, writes who works and with what
    python -m bench.crowd.office check ANSWERS                 what was saved stands in the log once; the chain holds
"""

import json
import os
import random
import sys
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

#: One in so many is a broker, who sees the whole office.
BROKERS = 8
#: So many facts has the lead on whose timeline each of them pages.
LONG_FACTS = 400


def prepare(plan: Path, leads: int, people: int) -> None:
    """Fills the database where it is empty. Out, in the file: user name, session, role and a long story of each."""
    from django.core.management import call_command

    from bench import filling
    from leads.models import Lead

    call_command("migrate", verbosity=0)
    if not Lead.objects.exists():
        filling.fill(leads, filling.today())
    staff = _staff(people)
    stories = _long_stories([user for user in staff if user.role == "agent"])
    written = [
        {
            "name": user.username,
            "role": user.role,
            "session": _session(user),
            "long": stories.get(user.pk) or next(iter(stories.values())),
        }
        for user in staff
    ]
    plan.write_text(json.dumps({"people": written, "leads": Lead.objects.count()}))


def _staff(people: int) -> list[Any]:
    """Agents who work here today, those with many leads first, and some brokers."""
    from django.db.models import Count, Q

    from leads.models import User

    brokers = max(1, people // BROKERS)
    for n in range(brokers):
        name = f"load-broker-{n}"
        if not User.objects.filter(username=name).exists():
            User.objects.create_user(name, role="broker", display_name=f"Load Broker {n}")
    working = ("NEW", "CONTACTING", "QUALIFIED", "COMMITTED", "IN_CONTRACT")
    held = Count("leads", filter=Q(leads__status__in=working))
    agents = User.objects.filter(role="agent", is_active=True).annotate(held=held).order_by("-held", "pk")
    found = [*agents[: people - brokers], *User.objects.filter(username__startswith="load-broker-")[:brokers]]
    if len(found) < people:
        raise SystemExit(f"This office has only {len(found)} people for {people}.")
    return found


def _session(user: Any) -> str:
    """The key of a session as a login makes it. The login page itself takes a third of a second of CPU by design."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _long_stories(agents: list[Any]) -> dict[int, int]:
    """One lead with a long story for each of them, by the bulk path. Out: the lead of each agent."""
    from django.utils import timezone

    from leads.models import Lead
    from lifecycle.service.importing import Someone, Stream, import_streams

    now, batch = timezone.now(), uuid.uuid4()
    known = {a.display_name: Someone(a.pk, a.uuid, a.display_name) for a in agents}
    keys = {f"LOAD-{batch.hex[:8]}-{a.pk}": a for a in agents}
    for key, agent in keys.items():
        lead = Lead(name=f"Long Story {agent.pk}", external_source="load", external_key=key)
        done = import_streams(
            [Stream(lead, _story(agent, now - timedelta(days=600)))], lambda names: known, now=now, batch=batch
        )
        assert not done.refused, done.refused[:3]
    made = dict(Lead.objects.filter(external_key__in=keys).values_list("external_key", "pk"))
    return {agent.pk: made[key] for key, agent in keys.items()}


def _story(agent: Any, begun: datetime) -> list[Any]:
    """A lead that has been called for years, as facts in our words."""
    from lifecycle.events import Kind, Words
    from lifecycle.imported import Told

    chance = random.Random(agent.pk)

    def told(n: int, kind: Kind, *, to: str = "", owner: str = "", reason: str = "", **data: Any) -> Any:
        start, name = {"NEW": "", "CONTACTING": "NEW"}.get(to, ""), "" if n <= 2 or to else agent.display_name
        return Told(
            line=n, seq=n, uuid=uuid.uuid4(), kind=kind, occurred_at=begun + timedelta(days=n), actor=name,
            from_status=start, to_status=to, owner=owner, reason=reason, backfilled=False, words=Words(), data=data,
        )  # fmt: skip

    contact = {"channel": "call", "direction": "outbound"}
    return [
        told(1, Kind.LEAD_CREATED, to="NEW", inquiry="portal", sla_minutes=5),
        told(2, Kind.AGENT_ASSIGNED, owner=agent.display_name, reason="initial_routing"),
        told(3, Kind.CONTACT_LOGGED, **contact, outcome="no_answer"),
        told(4, Kind.CONTACT_ATTEMPTED, to="CONTACTING"),
        *(
            told(n, Kind.CONTACT_LOGGED, **contact, outcome=chance.choice(("no_answer", "voicemail", "spoke")))
            for n in range(5, LONG_FACTS + 1)
        ),
    ]


def check(answers: Path) -> None:
    """Prints, as JSON, how many saved forms the log does not have exactly once, and how many findings a proof has."""
    from io import StringIO

    from django.core.management import call_command

    from lifecycle.models import LeadEvent

    said = [uuid.UUID(text) for text in json.loads(answers.read_text())["saved"]]
    there = 0
    for n in range(0, len(said), 500):
        there += LeadEvent.objects.filter(uuid__in=said[n : n + 500]).count()
    out, findings = StringIO(), 0
    try:
        call_command("verify_log", stdout=out, stderr=out)
    except SystemExit as end:
        findings = int(bool(end.code))
    print(json.dumps({"saved": len(said), "lost": len(said) - there, "findings": findings}))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    match sys.argv[1:]:
        case ["prepare", plan, leads, people]:
            prepare(Path(plan), int(leads), int(people))
        case ["check", answers]:
            check(Path(answers))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
