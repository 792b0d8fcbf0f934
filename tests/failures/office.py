"""What is done inside the office's own settings, each in a process of its own; the answer is one line of JSON.

python -m tests.failures.office TASK [WORDS]       (the settings are in the environment)
"""

import json
import os
import sys
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.failures import clock


def prepare(leads: str) -> dict[str, Any]:
    """Migrates, and lets in people and so many leads, in all stages and with all holders."""
    from django.core.management import call_command

    from leads.models import Lead
    from lifecycle.service import tallying
    from lifecycle.states import State
    from tests.factories import LeadFactory, ada, ana, ben, bruna

    call_command("migrate", verbosity=0)
    people = [ana(), ben(), bruna(), ada()]
    states, holders = list(State), [people[0], people[1], None]
    for n in range(int(leads)):
        LeadFactory.create(status=states[n % len(states)], agent=holders[n % 3])
    tallying.move_on()
    return {"leads": Lead.objects.count()}


def check(*folders: str) -> dict[str, Any]:
    """Whether every acknowledged fact is there, the log sound, no action half done. In: where acknowledgements lie."""
    from lifecycle.service import tallying
    from lifecycle.verify import verify

    said = sorted({fact for folder in folders for fact in _acknowledged(Path(folder))})
    lost = [fact for fact in said if fact not in _there(said)] if said else []
    tallying.move_on()
    *_, verdict = verify()
    findings = [f"{p.lead}, version {p.version}: {p.what}" for p in (*verdict.problems, *verdict.unknown)]
    findings += [f"guard missing: {name}" for name in verdict.guards_missing]
    return {
        "acknowledged": len(said), "lost": len(lost), "findings": [*findings, *_half_batches()],
        "events": verdict.events, "leads": verdict.leads,
    }  # fmt: skip


def _acknowledged(folder: Path) -> set[str]:
    found: set[str] = set()
    for file in folder.glob("acknowledged-*"):
        if not file.suffix:
            # What a kill tore off at the end was never said.
            for line in file.read_bytes().decode().split("\n")[:-1]:
                found.update(json.loads(line)["facts"])
    return found


def _there(said: list[str]) -> set[str]:
    from lifecycle.models import LeadEvent

    if not hasattr(_there, "found"):
        found: set[str] = set()
        for n in range(0, len(said), 500):
            some = [uuid.UUID(text) for text in said[n : n + 500]]
            found |= {str(u) for u in LeadEvent.objects.filter(uuid__in=some).values_list("uuid", flat=True)}
        _there.found = found  # type: ignore[attr-defined]
    answer: set[str] = _there.found  # type: ignore[attr-defined]
    return answer


def _half_batches() -> list[str]:
    """Bulk actions whose book and whose facts differ, and leads that an import brought without all of their facts."""
    from lifecycle.models import Batch, LeadEvent
    from lifecycle.service import bulk

    found = []
    facts_of: dict[Any, set[uuid.UUID]] = defaultdict(set)
    for batch_uuid, fact in LeadEvent.objects.filter(batch__isnull=False).values_list("batch", "uuid"):
        facts_of[batch_uuid].add(fact)
    for batch in Batch.objects.all():
        moved = {bulk.fact_uuid(batch.uuid, int(pk)) for pk, out in batch.outcomes.items() if out == bulk.MOVED}
        if moved != facts_of[batch.uuid]:
            found.append(f"bulk action {batch.uuid}: {len(moved)} in its book, {len(facts_of[batch.uuid])} in the log")
    brought = LeadEvent.objects.filter(source="import", lead__external_source="old")
    for key, facts in Counter(brought.values_list("batch", flat=True)).items():
        if facts != 15:
            found.append(f"import {key}: {facts} of 15 facts")
    return found


def session(username: str) -> dict[str, Any]:
    """The key of a session as a login makes it, and some leads that this person holds."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from leads.models import Lead, User

    user = User.objects.get(username=username)
    made = import_module(settings.SESSION_ENGINE).SessionStore()
    made[SESSION_KEY] = str(user.pk)
    made[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    made[HASH_SESSION_KEY] = user.get_session_auth_hash()
    made.save()
    leads = Lead.objects.filter(agent=user).order_by("id").values_list("id", flat=True)
    return {"key": made.session_key, "leads": list(leads[:20])}


def ids() -> dict[str, Any]:
    """The id of every fact, in order."""
    from lifecycle.models import LeadEvent

    return {"ids": list(LeadEvent.objects.order_by("id").values_list("id", flat=True))}


def counts() -> dict[str, Any]:
    """How many rows every table of ours has, and a sum over the newest hash of every lead."""
    import hashlib

    from django.apps import apps

    from leads.models import Lead

    rows = {m._meta.db_table: m._default_manager.count() for name in ("leads", "lifecycle")
            for m in apps.get_app_config(name).get_models()}  # fmt: skip
    heads = "".join(Lead.objects.order_by("uuid").values_list("head_hash", flat=True))
    return {"rows": rows, "heads": hashlib.sha256(heads.encode()).hexdigest()}


def pages() -> dict[str, Any]:
    """The status of every page that shows leads, for a broker; and a sentence of those that are a fault."""
    from tests.failures.pages import visit

    return visit()


def append() -> dict[str, Any]:
    """One note on every lead, by the clock of this process; out: its moments of recording, before and after."""
    from leads.models import Lead, User
    from lifecycle import service
    from lifecycle.errors import Refused
    from lifecycle.models import LeadEvent

    broker, backward, refused = User.objects.get(username="bruna"), 0, []
    before_all, leads = LeadEvent.objects.count(), Lead.objects.count()
    for lead in Lead.objects.order_by("id"):
        try:
            done = service.add_note(lead_id=lead.pk, note="By whatever clock.", actor=broker, source="page")
        except Refused as refusal:
            refused.append(refusal.code)
            continue
        before = lead.last_recorded_at
        backward += before is not None and done.events[0].recorded_at < before
    grown = LeadEvent.objects.count() - before_all
    return {"backward": backward, "refused": refused, "leads": leads, "grown": grown}


def due() -> dict[str, Any]:
    """What Scribe appends, by the clock of this process."""
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    call_command("run_due", stdout=out)
    lines = (line.split(": ") for line in out.getvalue().splitlines())
    return {name: int(n) for name, n in lines if name.startswith(("sla", "timed"))}


def waiting(days: str) -> dict[str, Any]:
    """Two qualified leads that nobody has touched for half a year, but for so many hours and but for two days."""
    from datetime import timedelta

    from django.utils import timezone

    from leads.models import Lead
    from lifecycle.states import State
    from tests.factories import LeadFactory, ana

    begun = [timezone.now() - timedelta(days=180) + timedelta(hours=h) for h in (float(days) * 24, 72)]
    leads = [LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=b) for b in begun]
    return {"leads": [lead.pk for lead in leads], "all": Lead.objects.count()}


def statuses() -> dict[str, Any]:
    """The status of every lead."""
    from leads.models import Lead

    return {"statuses": {str(pk): status for pk, status in Lead.objects.values_list("id", "status")}}


def poisons() -> dict[str, Any]:
    """Every poison in one lead, one after the other: the pages of the office and of that lead that are a fault."""
    from django.db import connection

    from leads import set_aside
    from leads.models import Lead, User
    from lifecycle import service
    from lifecycle.models import OfficeSettings
    from tests.failures.pages import visit
    from tests.failures.poisoned import for_engine, poisoned

    lead = Lead.objects.filter(status="QUALIFIED").earliest("id")
    service.add_note(lead_id=lead.pk, note="Hello.", actor=User.objects.get(username="bruna"), source="page")
    OfficeSettings.objects.update(time_zone="Asia/Kolkata")
    faults, asked = [], 0
    for poison in for_engine(connection.vendor):
        set_aside.forget()
        with poisoned(lead, poison):
            statuses = visit([lead.pk])["statuses"]
        asked += len(statuses)
        faults += [f"{poison.name}: {path} {status}" for path, status in statuses.items() if status >= 500]
    return {"poisons": len(for_engine(connection.vendor)), "asked": asked, "faults": faults}


_ALL: tuple[Callable[..., dict[str, Any]], ...] = (
    prepare, check, session, ids, counts, pages, append, due, waiting, statuses, poisons,
)  # fmt: skip
_TASKS = {task.__name__: task for task in _ALL}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    clock.shift()
    import django

    django.setup()
    print(json.dumps(_TASKS[sys.argv[1]](*sys.argv[2:])))


if __name__ == "__main__":
    main()
