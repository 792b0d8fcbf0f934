"""Python's share of the limit on PostgreSQL: psycopg, prepared statements, one round trip for all after the lock."""

import json
import os
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

from bench.peers import plain
from bench.steps import Step

NAME = f"raw psycopg {psycopg.__version__}"
_CONNECTION: list[Any] = []

_LOCKED = "SELECT * FROM lead WHERE id = %s FOR NO KEY UPDATE"
_APPENDED = f"INSERT INTO log ({plain.LOG_COLUMNS}) VALUES ({', '.join(['%s'] * 19)}) RETURNING id"
_UPDATED = (
    "UPDATE lead SET status = %s, version = %s, head_hash = %s, stage_entered_at = %s, provenance = %s,"
    " provenance_reason = %s, provenance_at = %s, times_qualified = times_qualified + 1, last_occurred_at = %s,"
    " last_recorded_at = %s WHERE id = %s"
)


def _connect() -> Any:
    entry: dict[str, Any] = json.loads(os.environ["BENCH_DATABASE"])
    where = entry["OPTIONS"].get("host") or entry["HOST"]
    return psycopg.connect(dbname=entry["NAME"], host=where, user=entry["USER"], autocommit=True, prepare_threshold=0)


def prepare(leads: int) -> None:
    """Both tables, the leads in one of them."""
    with _connect() as connection:
        for statement in (*plain.tables("postgresql"), plain.filling("postgresql", leads)):
            connection.execute(statement)


def begin(leads: int) -> None:
    """Connects."""
    _CONNECTION[:] = [_connect()]


def move(number: int, pick: Callable[[str], Step]) -> bool:
    """One move: begin, lock and read; append, update and commit."""
    connection = _CONNECTION[0]
    now = datetime.now(UTC)
    with connection.pipeline() as pipeline, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        row = cursor.execute(_LOCKED, (number,)).fetchone()
        status, version = row[2], row[3]
        step = pick(status)
        facts = (uuid.uuid4(), number, version + 1, "moved", status, step.to, 1, "", step.reason, 1, "Ana Alvarez")
        values = (*facts, "board", now, now, False, "{}", plain.DIGEST, 1, plain.DIGEST)
        cursor.execute(_APPENDED, values)
        changes = (step.to, version + 1, plain.DIGEST, now, "fell_back", step.reason, now, now, now, number)
        cursor.execute(_UPDATED, changes)
        cursor.execute("COMMIT")
        pipeline.sync()
    return True
