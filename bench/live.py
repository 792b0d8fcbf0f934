"""Live boards: what a move costs each open board, how late it arrives, and what the server spends idle.

    python bench/live.py                       200 boards, 20 moves a second, both engines, 2 and 3 server processes
    python bench/live.py --quick               30 boards, a few seconds each: to see that it runs

The production command (`gunicorn --config deploy/gunicorn.conf.py crm.wsgi`) serves an office of its own; the boards
of 20 agents (nine of ten) and of 20 brokers (one of ten) are open in `bench/live_boards.py`, a process of its own that
asks as the page does. The agents move their own leads by the form of the board. Only the server's processor time is
counted, and the database's on PostgreSQL. Each case is measured with hints and without.
"""

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.figures import Figure, keep, parser, table  # noqa: E402

AGENTS, LEADS_EACH, STATES = 20, 6, ("COMMITTED", "IN_CONTRACT", "QUALIFIED")
POSTGRESQL = "fsync, synchronous_commit and full_page_writes on"


def run(options: Namespace) -> list[Figure]:
    """All figures of the asked engines."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="hindsight-live-") as folder:
        for engine in (options.engine,) if options.engine else ("sqlite", "postgresql"):
            database, postmaster = _database(engine, Path(folder))
            _python("prepare", database, str(options.leads))
            for workers in options.workers:
                for hints in options.hints:
                    case = _case(options, engine, database, postmaster, workers, hints)
                    print(table(case), file=sys.stderr, flush=True)
                    found += case
    return found


def _case(options: Namespace, engine: str, database: str, postmaster: int, workers: int, hints: int) -> list[Figure]:
    """One server, one run of the driver."""
    plan = json.loads(_python("plan", database, str(options.boards)))
    with _server(database, workers, hints) as (port, group):
        plan |= {"port": port, "group": group, "postmaster": postmaster, "hints": hints > 0}
        plan |= {"seconds": options.seconds, "a_second": options.moves, "warm": options.warm}
        driver = [sys.executable, str(ROOT / "bench" / "live_boards.py")]
        done = subprocess.run(driver, input=json.dumps(plan) + "\n", capture_output=True, text=True, check=True)
    phases = json.loads(done.stdout)
    statements = int(_python("statements", database))
    how = f"hints for {hints} boards a process" if hints else "polling"
    return list(_figures(phases, options.boards, engine, f"{workers} processes, {how}", statements, hints))


def _figures(
    phases: dict[str, Any], boards: int, engine: str, who: str, statements: int, hints: int
) -> Iterator[Figure]:
    idle, moves, alone = phases["idle"], phases["moves"], phases["alone"]
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine]
    seen, quiet = moves["seen"], idle["seen"]

    def figure(work: str, value: float, unit: str, note: str = "") -> Figure:
        return Figure(work=work, engine=name, subject=f"Hindsight, {who}", value=value, unit=unit, note=note)

    polls = idle["polls"] / idle["seconds"]
    said = [f"{polls:.1f} looks a second, {quiet['failed']} failed; database {_share(idle, 'database')}"]
    said.append(f"{statements} statements a look, so {statements * polls:.0f} a second")
    if hints:
        said.append(f"and 4 a second in each process for the hints; {idle['connected']} of {boards} boards connected")
    share = idle["server"] / idle["seconds"] * 100
    yield figure(f"{boards} open boards, no move", share, "% of a core", "; ".join(said))
    n, others = max(seen["moves"], 1), max(alone["seen"]["moves"], 1)
    spent = (moves["server"] - alone["server"] * n / others) * 1000
    database = (moves["database"] - alone["database"] * n / others) * 1000
    settings = POSTGRESQL if engine == "postgresql" else "synchronous FULL"
    note = (
        f"{n / moves['seconds']:.1f} moves a second, {seen['refused']} refused, {seen['failed']} looks failed; "
        f"whole server {_share(moves, 'server')}, database {_share(moves, 'database')}; the same moves without boards "
        f"{alone['server'] * 1000 / others:.1f} ms each; database {database / n / boards:.4f} ms a board and move; "
        f"{settings}"
    )
    yield figure("a move costs each open board", spent / n / boards, "ms", note)
    empty = moves["empty"] / max(moves["polls"], 1)
    looks = f"{moves['polls'] / moves['seconds']:.0f} looks a second, {empty:.0%} empty"
    yield figure("a move sends each open board", moves["bytes"] / n / boards, "bytes", looks)
    if seen["late"]:
        told = (
            f"p50 {statistics.median(seen['late']):.2f} s, worst {max(seen['late']):.2f} s; "
            f"{len(seen['late'])} arrivals, {seen['lost']} lost; "
            f"a look is answered in p95 {_p95(seen['waited']) * 1000:.0f} ms, "
            f"a move in p95 {_p95(seen['moving']) * 1000:.0f} ms"
        )
        yield figure("a colleague's move arrives, p95", _p95(seen["late"]), "s", told)


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _share(phase: dict[str, Any], whose: str) -> str:
    return f"{phase[whose] / phase['seconds']:.0%} of a core"


# ---- the office, each step in a process of its own


def prepare(leads: int) -> None:
    """Fills the database: the office of `bench/lives.py`, 20 brokers more, and for 20 agents the leads that move."""
    from django.core.management import call_command
    from django.db import connection

    from bench import filling

    call_command("migrate", verbosity=0)
    filling.fill(leads, filling.today())
    from leads.models import Lead, Role, User
    from lifecycle import service
    from lifecycle.events import Inquiry, Source

    for n in range(AGENTS):
        User.objects.create_user(f"bruna{n}", display_name=f"Bruna {n}", role=Role.BROKER.value)
        agent = User.objects.create_user(f"ana{n}", display_name=f"Ana {n}", role=Role.AGENT.value)
        for m in range(LEADS_EACH):
            lead = Lead(name=f"Dana {n}-{m}", phone=f"+1 510 555 {n * LEADS_EACH + m:04d}")
            common: dict[str, Any] = {"actor": agent, "source": Source.PAGE.value}
            service.create_lead(lead=lead, inquiry=Inquiry.WEBSITE, agent=agent, **common)
            service.log_contact(lead_id=lead.pk, channel="call", outcome="spoke", **common)
            service.move_lead(lead_id=lead.pk, to="QUALIFIED", note="Toured twice.", **common)
            service.move_lead(lead_id=lead.pk, to="COMMITTED", document="agreement.pdf", **common)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def plan(boards: int) -> None:
    """Prints who sits before which board, with a session each, and the leads that each agent moves."""
    from leads.models import Lead, User

    people = {u.username: u for u in User.objects.filter(is_active=True)}
    agents = [people[f"ana{n}"] for n in range(AGENTS)]
    brokers = [people[f"bruna{n}"] for n in range(AGENTS)]
    every_tenth = [(brokers[n // 10 % AGENTS] if n % 10 == 9 else agents[n % AGENTS]) for n in range(boards)]
    rows = [(u.username, _session(u), u.is_broker) for u in every_tenth]
    movers = []
    for agent in agents:
        leads = Lead.objects.filter(agent=agent, status__in=STATES).order_by("pk")[:LEADS_EACH]
        movers.append((agent.username, _session(agent), [[lead.pk, lead.status, lead.version] for lead in leads]))
    print(json.dumps({"boards": rows, "movers": movers}))


def statements() -> None:
    """Prints how many statements a look costs that finds nothing new."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from leads.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username="ana0"))
    live = re.search(r'id="live" hx-get="([^"]+)"', client.get("/").content.decode())
    assert live
    for _ in range(2):  # The first look finds out things that the next ones know.
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(live[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert answer.status_code == 204, answer.status_code
    print(len(asked))


def _session(user: Any) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# ---- processes


def _database(engine: str, folder: Path) -> tuple[str, int]:
    """A fresh database as an office would run it, and the number of PostgreSQL's first process."""
    if engine == "sqlite":
        return f"sqlite:///{folder / 'live.sqlite3'}", 0
    import psycopg

    from tests.postgresql import start_server

    address = start_server()
    with psycopg.connect(address, autocommit=True) as server:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.execute(f"ALTER SYSTEM SET {setting} = on")
        server.execute("SELECT pg_reload_conf()")
        shown = server.execute("SHOW data_directory").fetchone()
        assert shown
    return address, int((Path(shown[0]) / "postmaster.pid").read_text().splitlines()[0])


def _environment(database: str, **more: str) -> dict[str, str]:
    own = {"DATABASE_URL": database, "HINDSIGHT_DEMO": "1", "HINDSIGHT_ENV_FILE": "", "LOG_LEVEL": "ERROR"}
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "crm.settings", "PYTHONPATH": str(ROOT), **own, **more}


def _python(step: str, database: str, *words: str) -> str:
    code = f"import django; django.setup(); from bench import live; live.{step}({', '.join(words)})"
    command, env = [sys.executable, "-c", code], _environment(database)
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()[-1] if done.stdout else ""


@contextmanager
def _server(database: str, workers: int, hints: int) -> Iterator[tuple[int, int]]:
    """The production command in a process group of its own: its port and its group."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--log-level", "warning"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "crm.wsgi"]
    env = _environment(database, LIVE_HINTS=str(hints))
    server = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    try:
        _wait_for(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(40)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as asked:
                asked.sendall(b"GET /ready/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if b" 200 " in asked.recv(100):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("The server did not start.")


def main() -> None:
    asked = parser(__doc__)
    asked.add_argument("--boards", type=int, default=200)
    asked.add_argument("--moves", type=float, default=20, help="a second")
    asked.add_argument("--seconds", type=float, default=20, help="each phase")
    asked.add_argument("--leads", type=int, default=5000)
    asked.add_argument("--workers", type=int, nargs="+", default=[2, 3])
    asked.add_argument("--hints", type=int, nargs="+", default=[0, 150], help="places for hints a process; 0: polling")
    asked.set_defaults(warm=5.0)
    options = asked.parse_args()
    if options.quick:
        # Some of the boards find a place for hints, the others ask.
        options.boards, options.moves, options.seconds, options.leads, options.warm = 30, 5, 2, 50, 1
        options.workers, options.hints = options.workers[:1], [10]
    figures = run(options)
    print(table(figures))
    if options.out:
        keep(figures, options.out)


if __name__ == "__main__":
    main()
