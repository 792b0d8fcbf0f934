"""The hot queries: what a person or a timetable does all day, the statements that it sends, and how they are answered.

Nothing is copied by hand: the product's own functions and pages run, and whatever they send is overheard. Used by
`bench/plans.py`, which writes them down, and by `tests/test_hot_queries.py`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench import databases

LOG, LEADS = "lifecycle_leadevent", "leads_lead"


@dataclass(frozen=True, slots=True)
class Hot:
    """``what`` is done, ``why`` it has to be quick, ``act`` does it."""

    what: str
    why: str
    act: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement about leads or their log, and each line of how this engine answers it."""

    sql: str
    lines: list[str]
    scans: bool


def hot_queries() -> Iterator[Hot]:
    """In: a database filled by ``bench.filling``. What writes takes itself back."""
    from django.core.management import call_command

    from bench import filling
    from leads.board.changes import Cursor, cursor_now, news
    from leads.duplicates import find_duplicates
    from leads.models import Lead, User
    from leads.search import find_leads
    from lifecycle import timeline
    from lifecycle.models import LeadEvent

    broker = User.objects.get(username=filling.BROKER)
    agent = User.objects.filter(role="agent", is_active=True, leads__status="CONTACTING").order_by("pk")[0]
    lead = Lead.objects.filter(status="CONTACTING", agent=agent).order_by("-version")[0]
    told = LeadEvent.objects.latest("id").recorded_at
    day = f"{told - timedelta(days=92):%Y-%m-%d}"
    by, mine = _client(broker), _client(agent)
    everything = {"viewer_is_broker": True}
    yield Hot("A move", "the one hot path: lock, look around, insert, update", lambda: _moved(lead, agent))
    yield Hot("The board, of a broker", "counts and cards of every column", lambda: by("/"))
    yield Hot("The board, of one agent", "the same for those whom the agent holds", lambda: mine("/"))
    yield Hot(
        "What is new on a board", "every open board asks it every few seconds; the same cursor follows the log's ids",
        lambda: news(_earlier(Cursor, cursor_now()), broker, Lead.objects.all()),
    )  # fmt: skip
    yield Hot("The page of a lead", "opened from every card", lambda: by(f"/leads/{lead.pk}/"))
    yield Hot(
        "The timeline, its first page", "part of that page",
        lambda: timeline.read(lead.pk, timeline.Filters(), {}, **everything),
    )  # fmt: skip
    yield Hot(
        "The timeline, a later page", "goes on by version, so the last page costs what the first does",
        lambda: timeline.read(lead.pk, timeline.Filters(), {}, cursor=lead.version // 2 + 1, **everything),
    )  # fmt: skip
    yield Hot("One lead as of an instant", "how it stood then", lambda: by(f"/leads/{lead.pk}/at/?t={day}T12:00Z"))
    yield Hot("The board as of an instant", "all leads as they stood then", lambda: by(f"/?as_of={day}T12:00Z"))
    yield Hot("Custody of a lead", "who held it, and why it changed hands", lambda: by(f"/leads/{lead.pk}/custody/"))
    yield Hot("Custody of an agent", "whatever an agent ever held", lambda: by(f"/custody/{agent.pk}/"))
    yield Hot("Search", "by key, number, e-mail, name; never the log", lambda: find_leads(broker, lead.key))
    yield Hot(
        "Duplicates", "looked up while somebody types a new lead",
        lambda: find_duplicates(broker, "dana@example.com", "+1 415 555 0100"),
    )  # fmt: skip
    quarter = f"from={day}&through={told:%Y-%m-%d}"
    yield Hot("The report of collapses", "every demotion of a quarter", lambda: by(f"/reports/collapses/?{quarter}"))
    # As if it were long ago, so that nothing is due: it asks, and writes nothing.
    yield Hot("The minute's round", "clocks run out", lambda: call_command("run_due", at="2001-01-01T00:00"))


def plans(hot: Hot) -> list[Plan]:
    """The statements that this sends about leads and their log, each once."""
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()), databases.overheard() as heard:
        hot.act()
    found: dict[str, Plan] = {}
    for sql, params in heard:
        if (LOG in sql or LEADS in sql) and sql not in found:
            found[sql] = _explained(sql, params)
    return list(found.values())


def shortened(sql: str) -> str:
    """A statement without what only makes it long: lists of columns and of placeholders."""
    sql = re.sub(r"\s+", " ", sql).replace('"', "")
    sql = re.sub(r"(leads_lead|lifecycle_leadevent|leads_user|lifecycle_eventnote|T\d+)\.(\w+) AS \w+", r"\1.\2", sql)
    sql = re.sub(r"((?:\w+\.)?\w+, ){6,}(?:\w+\.)?\w+", "…", sql)
    sql = re.sub(r"((?:\w+ = )?%s, ){4,}(?:\w+ = )?%s", "…", sql)
    return sql if len(sql) < 900 else sql[:600] + " … " + sql[-250:]


def _explained(sql: str, params: Any) -> Plan:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + sql, params)
            lines = [row[3] for row in cursor.fetchall()]
            return Plan(sql, lines, any(_reads_all(sql, line, lines) for line in lines))
        cursor.execute("EXPLAIN (COSTS OFF) " + sql, params)
        lines = [row[0] for row in cursor.fetchall()]
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql, params)
        return Plan(sql, lines, any(_is_scan(*one) for one in _nodes(cursor.fetchone()[0][0]["Plan"], None)))


def _reads_all(sql: str, line: str, lines: list[str]) -> bool:
    """SQLite: whether this line of a plan reads the whole log. Plans name a table by its alias."""
    names = {LOG, *re.findall(rf'{LOG}"?\s+(?:AS\s+)?"?(\w+)', sql, re.IGNORECASE)}
    words = line.split()
    if words[0] != "SCAN" or words[1] not in names or partial_indexes() & set(words):
        return False
    # RETURNING reads the one row that was put in, and calls it by the table's name.
    if sql.startswith("INSERT"):
        return lines.count(line) > 1
    return not ("LIMIT" in sql and "WHERE" not in sql and not any("TEMP B-TREE" in other for other in lines))


def partial_indexes() -> set[str]:
    """The indexes of the log that hold a few of its rows: to read one of them through is no look at all of it."""
    from lifecycle.models import LeadEvent

    return {index.name for index in LeadEvent._meta.indexes if index.condition is not None}


def _nodes(node: dict[str, Any], above: dict[str, Any] | None) -> Iterator[tuple[dict[str, Any], Any]]:
    yield node, above
    for below in node.get("Plans", []):
        yield from _nodes(below, node)


def _is_scan(node: dict[str, Any], above: dict[str, Any] | None) -> bool:
    """PostgreSQL: whether a node reads the whole log, be it by way of an index that holds all of it."""
    if node.get("Relation Name") != LOG or "Scan" not in node["Node Type"]:
        return False
    if node["Node Type"] == "Seq Scan":
        return True
    if "Index Cond" in node or node.get("Index Name") in partial_indexes() or "Bitmap" in node["Node Type"]:
        return False
    return above is None or above["Node Type"] != "Limit" or "Filter" in node


def _moved(lead: Any, agent: Any) -> None:
    from django.db import transaction

    from lifecycle import service

    with transaction.atomic():
        service.move_lead(lead_id=lead.pk, to="QUALIFIED", note="Wants to buy.", actor=agent, source="board")
        transaction.set_rollback(True)


def _earlier(kind: Any, cursor: Any) -> Any:
    return kind(cursor.since - 5, 0, cursor.drawn, cursor.ticked)


def _client(person: Any) -> Callable[[str], Any]:
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.force_login(person)

    def ask(path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    return ask
