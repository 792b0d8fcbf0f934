"""Rows as nobody writes them, put there with the guards lifted, as an owner of the database could."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

BOTH = ("sqlite", "postgresql")
LITE, GRES = ("sqlite",), ("postgresql",)


@dataclass(frozen=True, slots=True)
class Poison:
    """One column of one row: of the lead, of its third fact, or of the words of its newest note."""

    name: str
    table: str
    column: str
    value: str
    engines: tuple[str, ...] = BOTH
    #: Whether the column has to be allowed to be empty first.
    nullable: bool = False


FACT, LEAD, WORDS = "lifecycle_leadevent", "leads_lead", "lifecycle_eventnote"
_HALF = "CAST(X'44616E61EDA080' AS TEXT)"
POISONS = (
    Poison("data that are no JSON", FACT, "data", "'{half'", LITE),
    Poison("data that are a list", FACT, "data", "'[1, 2]'"),
    Poison("data that are a word", FACT, "data", "'\"word\"'"),
    Poison("data that are nothing", FACT, "data", "'null'"),
    Poison("data with half a character", FACT, "data", "'{\"channel\": \"\\ud83d\", \"fields\": [\"\\ud83d\"]}'", LITE),
    Poison("data of the wrong sort", FACT, "data", "'{\"fields\": 7, \"minutes\": [], \"sla_minutes\": {}}'"),
    Poison("a fact into a stage that is none", FACT, "to_status", "'LIMBO'"),
    Poison("a fact in the year 9999", FACT, "occurred_at", "'9999-12-31 23:59:59'"),
    Poison("a fact recorded in the year 9999", FACT, "recorded_at", "'9999-12-31 23:59:59'"),
    Poison("a fact in the year 1", FACT, "occurred_at", "'0001-01-01 00:00:00'"),
    Poison("a fact at infinity", FACT, "occurred_at", "'infinity'", GRES),
    Poison("a fact on a day that is none", FACT, "occurred_at", "'2026-13-45 25:61:00'", LITE),
    Poison("a fact at no time", FACT, "occurred_at", "NULL", nullable=True),
    Poison("a fact without data", FACT, "data", "NULL", nullable=True),
    Poison("a fact of a kind that is half a character", FACT, "kind", _HALF, LITE),
    Poison("a fact by a person who is none", FACT, "actor_id", "987654"),
    Poison("a version that was skipped", FACT, "version", "33"),
    Poison("words that are half a character", WORDS, "note", _HALF, LITE),
    Poison("a lead in a stage that is none", LEAD, "status", "'LIMBO'"),
    Poison("a lead with a name that is half a character", LEAD, "name", _HALF, LITE),
    Poison("a lead that came in the year 9999", LEAD, "stage_entered_at", "'9999-12-31 23:59:59'"),
    Poison("a lead that came in the year 1", LEAD, "stage_entered_at", "'0001-01-01 00:00:00'"),
    Poison("a lead that came at infinity", LEAD, "stage_entered_at", "'infinity'", GRES),
    Poison("a lead that came on a day that is none", LEAD, "stage_entered_at", "'2026-13-45 25:61:00'", LITE),
    Poison("a lead that came at no time", LEAD, "stage_entered_at", "NULL"),
    Poison("a lead with a last contact in the year 9999", LEAD, "last_contact_at", "'9999-12-31 23:59:59'"),
    Poison("a lead without a name", LEAD, "name", "NULL", nullable=True),
    Poison("a lead with a holder who is none", LEAD, "agent_id", "987654"),
    Poison("a lead with attempts that are no number", LEAD, "attempts", "'many'", LITE),
    Poison("a lead with a way that is none", LEAD, "provenance", "'BY_MAGIC'"),
)  # fmt: skip


def for_engine(engine: str) -> list[Poison]:
    return [p for p in POISONS if engine in p.engines]


@contextmanager
def poisoned(lead: Any, poison: Poison) -> Iterator[None]:
    """The lead with that poison in it; afterwards as it was. The guards stand meanwhile, but for the two changes."""
    key, value = ("event_id" if poison.table == WORDS else "id"), _row(lead, poison)
    with unguarded() as ask:
        healthy = f"SELECT {poison.column} AS healthy FROM {poison.table} WHERE {key} = {value}"
        ask(f"CREATE TEMPORARY TABLE kept AS {healthy}")
        if poison.nullable:
            _nullable(ask, poison, may=True)
        ask(f"UPDATE {poison.table} SET {poison.column} = {poison.value} WHERE {key} = {value}")
    try:
        yield
    finally:
        with unguarded() as ask:
            ask(f"UPDATE {poison.table} SET {poison.column} = (SELECT healthy FROM kept) WHERE {key} = {value}")
            ask("DROP TABLE kept")
            if poison.nullable:
                _nullable(ask, poison, may=False)


def _row(lead: Any, poison: Poison) -> int:
    if poison.table == LEAD:
        return int(lead.pk)
    facts = lead.events.order_by("version")
    if poison.table == WORDS:
        return int(facts.filter(words__isnull=False).last().pk)
    return int(facts.get(version=3).pk)


_LITE_OFF = ("PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON")
_LITE_ON = ("PRAGMA foreign_keys = ON", "PRAGMA ignore_check_constraints = OFF")


@contextmanager
def unguarded() -> Iterator[Callable[..., list[Any]]]:
    """A function that sends SQL past guards, keys and checks, as whoever owns the database can."""
    from django.db import connection

    from lifecycle import guards

    guards.remove(connection)
    with connection.cursor() as cursor:

        def ask(sql: str, values: list[Any] | None = None) -> list[Any]:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

        lite = connection.vendor == "sqlite"
        for sql in _LITE_OFF if lite else ("SET session_replication_role = replica",):
            ask(sql)
        try:
            yield ask
        finally:
            for sql in _LITE_ON if lite else ("SET session_replication_role = DEFAULT",):
                ask(sql)
            guards.install(connection)


def _nullable(ask: Callable[..., list[Any]], poison: Poison, *, may: bool) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        ask(f"ALTER TABLE {poison.table} ALTER {poison.column} {'DROP' if may else 'SET'} NOT NULL")
        return
    ((sql,),) = ask("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [poison.table])
    before, name, after = sql.partition(f'"{poison.column}" ')
    words = (" NOT NULL", " NULL") if may else (" NULL", " NOT NULL")
    ask("PRAGMA writable_schema = ON")
    ask("UPDATE sqlite_master SET sql = %s WHERE type = 'table' AND name = %s",
        [before + name + after.replace(*words, 1), poison.table])  # fmt: skip
    ask("PRAGMA writable_schema = RESET")
