"""The guards in PostgreSQL: one function and one trigger each, the triggers ``ENABLE ALWAYS``.

Functions name every table with its schema and run with a bare search path, so a temporary table of the same name
cannot fool them. Columns are compared inside the functions, never in ``WHEN``: that would block altering a field.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from .tables import FLAGS, Tables


class Guard(NamedTuple):
    name: str
    table: str
    timing: str
    body: str


def _refuse(sentence: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'restrict_violation';"


def _never(sentence: str) -> str:
    return f"BEGIN {_refuse(sentence)} END"


def guards(t: Tables) -> list[Guard]:
    """Every guard of this release for these tables."""
    frozen = "The log is permanent: an event cannot be changed or removed."
    row, stmt = "FOR EACH ROW", "FOR EACH STATEMENT"
    return [
        Guard("guard_event_frozen", t.events, f"BEFORE UPDATE OR DELETE ON %s {row}", _never(frozen)),
        Guard("guard_event_untruncated", t.events, f"BEFORE TRUNCATE ON %s {stmt}", _never(frozen)),
        Guard("guard_event_follows", t.events, f"BEFORE INSERT ON %s {row}", _event_follows(t)),
        Guard("guard_note_frozen", t.notes, f"BEFORE UPDATE OR DELETE ON %s {row}", _note_frozen(t)),
        Guard("guard_note_untruncated", t.notes, f"BEFORE TRUNCATE ON %s {stmt}", _never("The words of events stay.")),
        Guard("guard_lead_born", t.leads, f"BEFORE INSERT ON %s {row}", _lead_born()),
        Guard("guard_lead_cache", t.leads, f"BEFORE UPDATE ON %s {row}", _lead_cache(t)),
        Guard("guard_lead_kept", t.leads, f"BEFORE DELETE ON %s {row}", _lead_kept(t)),
        Guard("guard_user_kept", t.users, f"BEFORE UPDATE OR DELETE ON %s {row}", _user_kept(t)),
        Guard("guard_reason_kept", t.reasons, f"BEFORE UPDATE OR DELETE ON %s {row}", _reason_kept()),
        Guard("guard_reason_untruncated", t.reasons, f"BEFORE TRUNCATE ON %s {stmt}", _never("Reason codes stay.")),
    ]


def _event_follows(t: Tables) -> str:
    return f"""BEGIN
  IF NEW.version <> 1 AND NOT EXISTS (
    SELECT 1 FROM "{t.schema}"."{t.events}" e
    WHERE e.lead_id = NEW.lead_id AND e.version = NEW.version - 1 AND e.recorded_at <= NEW.recorded_at
  ) THEN {_refuse("An event follows the one before it, in version and in time of recording.")} END IF;
  RETURN NEW;
END"""


def _note_frozen(t: Tables) -> str:
    return f"""BEGIN
  IF TG_OP = 'UPDATE' THEN {_refuse("The words of an event cannot be changed.")} END IF;
  IF NOT EXISTS (
    SELECT 1 FROM "{t.schema}"."{t.events}" e JOIN "{t.schema}"."{t.events}" x ON x.lead_id = e.lead_id
    WHERE e.id = OLD.event_id AND x.kind = 'personal_data_erased' AND x.version > e.version
  ) THEN {_refuse("Words are removed only after the erasure itself is recorded.")} END IF;
  RETURN OLD;
END"""


def _lead_born() -> str:
    flags = " OR ".join(f"NEW.{f}" for f in FLAGS)
    return f"""BEGIN
  IF NEW.version <> 0 OR NEW.status <> '' OR NEW.head_hash <> '' OR NEW.agent_id IS NOT NULL OR {flags}
  THEN {_refuse("A lead begins empty; its events say the rest.")} END IF;
  RETURN NEW;
END"""


def _lead_cache(t: Tables) -> str:
    same = " OR ".join(
        f"NEW.{c} IS DISTINCT FROM {o}"
        for c, o in (("status", "s"), ("agent_id", "a"), *((f, f"f{n}") for n, f in enumerate(FLAGS)))
    )
    declare = "".join(f" f{n} boolean := OLD.{f};" for n, f in enumerate(FLAGS))
    assign = "".join(
        f"\n    IF e.flag = '{f}' THEN f{n} := (e.kind = 'flag_set'); END IF;" for n, f in enumerate(FLAGS)
    )
    return f"""DECLARE e record; s varchar := OLD.status; h varchar := OLD.head_hash; v integer := OLD.version;
  a bigint := OLD.agent_id;{declare}
BEGIN
  IF NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR NEW.version < OLD.version
  THEN {_refuse("A lead keeps its identity and never goes back in its log.")} END IF;
  IF NEW.version > OLD.version THEN
  FOR e IN SELECT x.version, x.kind, x.to_status, x.to_agent_id, x.flag, x.hash
    FROM "{t.schema}"."{t.events}" x
    WHERE x.lead_id = OLD.id AND x.version > OLD.version AND x.version <= NEW.version ORDER BY x.version
  LOOP
    v := e.version; h := e.hash;
    IF e.to_status <> '' THEN s := e.to_status; END IF;
    IF e.kind = 'agent_assigned' THEN a := e.to_agent_id; END IF;
    IF e.flag <> '' THEN{assign}
    END IF;
  END LOOP;
  END IF;
  IF NEW.version <> v OR NEW.head_hash IS DISTINCT FROM h OR {same}
  THEN {_refuse("Status, version, hash, agent and flags change only with the event that says so.")} END IF;
  RETURN NEW;
END"""


def _lead_kept(t: Tables) -> str:
    return f"""BEGIN
  IF EXISTS (SELECT 1 FROM "{t.schema}"."{t.events}" e WHERE e.lead_id = OLD.id)
  THEN {_refuse("A lead with events cannot be deleted.")} END IF;
  RETURN OLD;
END"""


def _user_kept(t: Tables) -> str:
    return f"""BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid THEN {_refuse("A person keeps their identity.")} END IF;
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM "{t.schema}"."{t.events}" e
    WHERE e.actor_id = OLD.id OR e.agent_id = OLD.id OR e.to_agent_id = OLD.id)
  THEN {_refuse("A person who stands in the log cannot be deleted; deactivate them.")} END IF;
  RETURN OLD;
END"""


def _reason_kept() -> str:
    return f"""BEGIN
  IF TG_OP = 'DELETE' THEN {_refuse("A reason code is never deleted; retire it.")} END IF;
  IF NEW.code <> OLD.code THEN {_refuse("A reason code never changes; relabel it.")} END IF;
  RETURN NEW;
END"""


def statements(t: Tables, names: Iterable[str]) -> Iterator[str]:
    """The SQL that creates the named guards."""
    wanted = set(names)
    for g in guards(t):
        if g.name not in wanted:
            continue
        function, table = f'"{t.schema}"."{g.name}"', f'"{t.schema}"."{g.table}"'
        yield (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql VOLATILE "
            f"SET search_path = pg_catalog, pg_temp AS $guard${g.body}$guard$"
        )
        yield f"DROP TRIGGER IF EXISTS {g.name} ON {table}"
        yield f"CREATE TRIGGER {g.name} {g.timing % table} EXECUTE FUNCTION {function}()"
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {g.name}"


def removals(t: Tables, there: set[str]) -> Iterator[str]:
    """The SQL that drops every guard from the tables that exist."""
    for g in guards(t):
        if g.table in there:
            yield f'DROP TRIGGER IF EXISTS {g.name} ON "{t.schema}"."{g.table}"'


#: The bits of ``pg_trigger.tgtype``, by the words that create them.
_BITS = {"FOR EACH ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


def missing(connection: BaseDatabaseWrapper, t: Tables) -> list[str]:
    """Names of guards that are absent, not always on, narrowed, or whose function differs from this release's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT g.tgname, c.relname, g.tgtype, p.prosrc FROM pg_catalog.pg_trigger g"
            " JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid"
            " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid"
            " WHERE g.tgenabled = 'A' AND g.tgqual IS NULL AND g.tgattr = '' AND n.nspname = %s"
            " AND g.tgname LIKE 'guard\\_%%'",
            [t.schema],
        )
        there = {(name, table): (kind, body) for name, table, kind, body in cursor.fetchall()}
    return [g.name for g in guards(t) if there.get((g.name, g.table)) != (_kind(g), g.body)]


def _kind(guard: Guard) -> int:
    return sum(bit for word, bit in _BITS.items() if word in guard.timing)
