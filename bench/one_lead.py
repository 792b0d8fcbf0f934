"""What it costs to ask for the past of one lead with a very long story, beside loading that lead's page; both engines.

    python bench/one_lead.py [--facts 10000] [--rounds 7]

Prints a table: milliseconds (median of the rounds) of the reads alone and of whole responses, and the ratio.
Nothing here is a test: a busy machine may be slow.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

BEGUN = datetime(2020, 1, 1, 9, tzinfo=UTC)


def one_engine(database: str, facts: int, rounds: int) -> str:
    """The lines of the table for one engine, measured in a fresh database and a process of its own."""
    code = f"import bench.one_lead as b; b.measure({facts}, {rounds})"
    env = {
        **os.environ,
        "DATABASE_URL": database,
        "HINDSIGHT_DEMO": "1",
        "HINDSIGHT_ENV_FILE": "",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    return done.stdout or done.stderr[-2000:]


def measure(facts: int, rounds: int) -> None:
    """Builds the lead and prints what each read took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.http import QueryDict
    from django.test import Client
    from django.utils import timezone

    from leads.lead_page import desk_for, read_page
    from leads.lead_page.at import state_at
    from leads.models import Lead, Role, User
    from lifecycle.history import Clock

    call_command("migrate", verbosity=0)
    bruna = User.objects.create_user("bruna", display_name="Bruna", role=Role.BROKER.value)
    lead = long_story(bruna, facts)
    # The latest moment reads the most.
    moment = BEGUN + timedelta(hours=facts)
    client = Client(HTTP_HOST="localhost")
    client.force_login(bruna)
    timezone.activate("America/Los_Angeles")
    desk = desk_for(bruna)

    def fresh() -> Lead:
        return Lead.objects.select_related("agent").get(pk=lead.pk)

    asked = f"/leads/{lead.pk}/at/?t={moment:%Y-%m-%dT%H:%M}-00:00"
    steps: dict[str, Callable[[], object]] = {
        "read the lead's page": lambda: read_page(fresh(), desk, QueryDict("")),
        "read the past, as it was": lambda: state_at(fresh(), moment, Clock.HAPPENED, desk),
        "read the past, as we knew it": lambda: state_at(fresh(), moment, Clock.KNOWN, desk),
        "whole response: lead": lambda: client.get(f"/leads/{lead.pk}/"),
        "whole response: state at": lambda: client.get(asked),
    }
    took: dict[str, float] = {}
    for name, step in steps.items():
        times = []
        for _ in range(rounds + 1):
            begun = time.perf_counter()
            step()
            times.append(1000 * (time.perf_counter() - begun))
        took[name] = statistics.median(times[1:])
        base = took["whole response: lead" if name.startswith("whole") else "read the lead's page"]
        print(f"  {name:32} {took[name]:8.1f} ms   {took[name] / base:5.2f}")


def long_story(who: object, facts: int) -> "object":
    """A lead with so many facts: mostly calls and notes, now and then a move back or a hand-over."""
    from leads.models import Lead
    from lifecycle import service
    from lifecycle.events import Channel, Outcome, Source
    from lifecycle.states import State
    from tests.factories import needs

    lead = Lead(name="Longwinded Lou", email="lou@example.com")
    service.create_lead(lead=lead, inquiry="phone", agent=who, actor=who, source=Source.PAGE, now=BEGUN)
    for n in range(1, facts - 2):
        common = {"lead_id": lead.pk, "actor": who, "source": Source.PAGE, "now": BEGUN + timedelta(hours=n)}
        if n % 200 == 0:
            lead.refresh_from_db()
            way = {"CONTACTING": State.QUALIFIED, "QUALIFIED": State.COMMITTED, "COMMITTED": State.QUALIFIED}
            to = way[lead.status]
            service.move_lead(**common, to=to, **needs(lead.status, to))
        elif n % 3:
            service.log_contact(**common, channel=Channel.CALL, outcome=Outcome.NO_ANSWER)
        else:
            service.add_note(**common, note="Called again about the garden.")
    return lead


def main() -> None:
    """Both engines, one after the other."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--facts", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=7)
    options = asked.parse_args()
    from tests.postgresql import start_server

    with tempfile.TemporaryDirectory() as folder:
        print("SQLite")
        print(one_engine(f"sqlite:///{folder}/bench.sqlite3", options.facts, options.rounds))
    print("PostgreSQL")
    print(one_engine(_fresh(start_server()), options.facts, options.rounds))


def _fresh(server: str) -> str:
    import psycopg

    name = f"bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(server)._replace(path=f"/{name}").geturl()


if __name__ == "__main__":
    main()
