"""The guards in SQLite. ``INSERT OR REPLACE`` and ``UPDATE OR REPLACE`` remove rows without firing delete triggers,
so every guarded table refuses them by asking beforehand whether the row, by any of its keys, is already there.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from .tables import FLAGS, Tables


class Guard(NamedTuple):
    name: str
    table: str
    sql: str


def _guard(name: str, table: str, timing: str, sentence: str, when: str = "1") -> Guard:
    body = f"SELECT RAISE(ABORT, '{sentence}') WHERE {when};"
    sql = f'CREATE TRIGGER "{name}" BEFORE {timing} ON "{table}" FOR EACH ROW BEGIN {body} END'
    return Guard(name, table, sql)


def guards(t: Tables) -> list[Guard]:
    """Every guard of this release for these tables."""
    return [*_log_guards(t), *_lead_guards(t), *_people_guards(t)]


def _log_guards(t: Tables) -> list[Guard]:
    frozen = "The log is permanent: an event cannot be changed or removed."
    return [
        _guard("guard_event_no_update", t.events, "UPDATE", frozen),
        _guard("guard_event_no_delete", t.events, "DELETE", frozen),
        _guard(
            "guard_event_no_replace",
            t.events,
            "INSERT",
            frozen,
            f'EXISTS (SELECT 1 FROM "{t.events}" WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM "{t.events}" WHERE'
            f' uuid = NEW.uuid) OR EXISTS (SELECT 1 FROM "{t.events}" WHERE lead_id = NEW.lead_id'
            " AND version = NEW.version)",
        ),
        _guard(
            "guard_event_follows",
            t.events,
            "INSERT",
            "An event follows the one before it, in version and in time of recording.",
            f'NEW.version <> 1 AND NOT EXISTS (SELECT 1 FROM "{t.events}" WHERE lead_id = NEW.lead_id'
            " AND version = NEW.version - 1 AND recorded_at <= NEW.recorded_at)",
        ),
        _guard("guard_note_no_update", t.notes, "UPDATE", "The words of an event cannot be changed."),
        _guard(
            "guard_note_no_delete",
            t.notes,
            "DELETE",
            "Words are removed only after the erasure itself is recorded.",
            f'NOT EXISTS (SELECT 1 FROM "{t.events}" e JOIN "{t.events}" x ON x.lead_id = e.lead_id'
            " WHERE e.id = OLD.event_id AND x.kind = 'personal_data_erased' AND x.version > e.version)",
        ),
        _guard(
            "guard_note_no_replace",
            t.notes,
            "INSERT",
            "The words of an event cannot be changed.",
            f'EXISTS (SELECT 1 FROM "{t.notes}" WHERE event_id = NEW.event_id)',
        ),
    ]


def _lead_guards(t: Tables) -> list[Guard]:
    flags = " OR ".join(f"NEW.{f} IS NOT 0" for f in FLAGS)
    # One question a key: with OR between them SQLite would read the whole table.
    twin = (
        f'EXISTS (SELECT 1 FROM "{t.leads}" l WHERE l.uuid = NEW.uuid{{other}})'
        f' OR EXISTS (SELECT 1 FROM "{t.leads}" l WHERE l.external_source = NEW.external_source'
        " AND l.external_key = NEW.external_key AND NOT (l.external_key = ''){other})"
    )
    return [
        _guard(
            "guard_lead_born",
            t.leads,
            "INSERT",
            "A lead begins empty; its events say the rest.",
            f"NEW.version <> 0 OR NEW.status <> '' OR NEW.head_hash <> '' OR NEW.agent_id IS NOT NULL OR {flags}",
        ),
        _guard(
            "guard_lead_no_replace",
            t.leads,
            "INSERT",
            "This lead exists already.",
            f'EXISTS (SELECT 1 FROM "{t.leads}" WHERE id = NEW.id) OR {twin.format(other="")}',
        ),
        _guard(
            "guard_lead_cache",
            t.leads,
            "UPDATE",
            "Status, version, hash, agent and flags change only with the event that says so.",
            f"NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR NOT ({_follows(t)})",
        ),
        _guard(
            "guard_lead_no_twin",
            t.leads,
            "UPDATE",
            "This lead exists already.",
            twin.format(other=" AND l.id <> OLD.id"),
        ),
        _guard(
            "guard_lead_kept",
            t.leads,
            "DELETE",
            "A lead with events cannot be deleted.",
            f'EXISTS (SELECT 1 FROM "{t.events}" WHERE lead_id = OLD.id)',
        ),
    ]


def _follows(t: Tables) -> str:
    """Whether the new cached columns are the old ones plus the events between the two versions, and no others."""
    span = f'FROM "{t.events}" WHERE lead_id = NEW.id AND version > OLD.version AND version <= NEW.version'
    newest = "ORDER BY version DESC LIMIT 1"
    same = " AND ".join(f"NEW.{c} IS OLD.{c}" for c in ("status", "head_hash", "agent_id", *FLAGS))
    flags = "".join(
        f" AND NEW.{f} = coalesce((SELECT kind = 'flag_set' {span} AND flag = '{f}' {newest}), OLD.{f})" for f in FLAGS
    )
    return (
        f"(NEW.version = OLD.version AND {same}) OR (NEW.version > OLD.version"
        f' AND EXISTS (SELECT 1 FROM "{t.events}" WHERE lead_id = NEW.id AND version = NEW.version'
        " AND hash = NEW.head_hash)"
        f" AND NEW.status = coalesce((SELECT to_status {span} AND to_status <> '' {newest}), OLD.status)"
        f" AND NEW.agent_id IS CASE WHEN EXISTS (SELECT 1 {span} AND kind = 'agent_assigned')"
        f" THEN (SELECT to_agent_id {span} AND kind = 'agent_assigned' {newest}) ELSE OLD.agent_id END{flags})"
    )


def _people_guards(t: Tables) -> list[Guard]:
    twin = " OR ".join(
        f'EXISTS (SELECT 1 FROM "{t.users}" u WHERE u.{key} = NEW.{key}{{other}})'
        for key in ("uuid", "username", "display_name")
    )
    reason_twin = f'EXISTS (SELECT 1 FROM "{t.reasons}" r WHERE r.code = NEW.code)'
    return [
        _guard(
            "guard_user_kept",
            t.users,
            "DELETE",
            "A person who stands in the log cannot be deleted; deactivate them.",
            f'EXISTS (SELECT 1 FROM "{t.events}" WHERE actor_id = OLD.id OR agent_id = OLD.id OR to_agent_id = OLD.id)',
        ),
        _guard(
            "guard_user_same",
            t.users,
            "UPDATE",
            "A person keeps their identity, and names are unique.",
            f"NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR {twin.format(other=' AND u.id <> OLD.id')}",
        ),
        _guard(
            "guard_user_no_replace",
            t.users,
            "INSERT",
            "This person exists already.",
            f'EXISTS (SELECT 1 FROM "{t.users}" WHERE id = NEW.id) OR {twin.format(other="")}',
        ),
        _guard("guard_reason_no_delete", t.reasons, "DELETE", "A reason code is never deleted; retire it."),
        _guard(
            "guard_reason_same",
            t.reasons,
            "UPDATE",
            "A reason code never changes; relabel it.",
            "NEW.id <> OLD.id OR NEW.code <> OLD.code",
        ),
        _guard(
            "guard_reason_no_replace",
            t.reasons,
            "INSERT",
            "This reason code exists already.",
            f'EXISTS (SELECT 1 FROM "{t.reasons}" WHERE id = NEW.id) OR {reason_twin}',
        ),
    ]


def statements(t: Tables, names: Iterable[str]) -> Iterator[str]:
    """The SQL that creates the named guards, replacing what differs."""
    wanted = set(names)
    for g in guards(t):
        if g.name in wanted:
            yield f'DROP TRIGGER IF EXISTS "{g.name}"'
            yield g.sql


def removals(t: Tables, there: set[str]) -> Iterator[str]:
    """The SQL that drops every guard."""
    for g in guards(t):
        yield f'DROP TRIGGER IF EXISTS "{g.name}"'


def missing(connection: BaseDatabaseWrapper, t: Tables) -> list[str]:
    """Names of guards that are absent or differ from this release's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger'")
        there = dict(cursor.fetchall())
    return [g.name for g in guards(t) if there.get(g.name) != g.sql]
