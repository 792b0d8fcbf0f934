"""The limit on SQLite: Python's own sqlite3 with five constant statements a move."""

import json
import os
import sqlite3
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench.peers import plain
from bench.steps import Step

NAME = f"raw sqlite3 {sqlite3.sqlite_version}"
_CONNECTION: list[sqlite3.Connection] = []

_LOCKED = "SELECT * FROM lead WHERE id = ?"
_APPENDED = f"INSERT INTO log ({plain.LOG_COLUMNS}) VALUES ({', '.join('?' * 19)}) RETURNING id"
_UPDATED = (
    "UPDATE lead SET status = ?, version = ?, head_hash = ?, stage_entered_at = ?, provenance = ?,"
    " provenance_reason = ?, provenance_at = ?, times_qualified = times_qualified + 1, last_occurred_at = ?,"
    " last_recorded_at = ? WHERE id = ?"
)


def _connect() -> sqlite3.Connection:
    entry: dict[str, Any] = json.loads(os.environ["BENCH_DATABASE"])
    options = entry["OPTIONS"]
    made = sqlite3.connect(entry["NAME"], timeout=options["timeout"], isolation_level=None)
    made.executescript(options["init_command"])
    return made


def prepare(leads: int) -> None:
    """Both tables, the leads in one of them."""
    connection = _connect()
    for statement in (*plain.tables("sqlite"), plain.filling("sqlite", leads)):
        connection.execute(statement)


def begin(leads: int) -> None:
    """Connects."""
    _CONNECTION[:] = [_connect()]


def move(number: int, pick: Callable[[str], Step]) -> bool:
    """One move: begin, read, append, update, commit."""
    run = _CONNECTION[0].execute
    now = datetime.now(UTC).isoformat(" ")[:-6]
    run("BEGIN IMMEDIATE")
    row = run(_LOCKED, (number,)).fetchone()
    status, version = row[2], row[3]
    step = pick(status)
    facts = (uuid.uuid4().hex, number, version + 1, "moved", status, step.to, 1, "", step.reason, 1, "Ana Alvarez")
    run(_APPENDED, (*facts, "board", now, now, 0, "{}", plain.DIGEST, 1, plain.DIGEST)).fetchone()
    run(_UPDATED, (step.to, version + 1, plain.DIGEST, now, "fell_back", step.reason, now, now, now, number))
    run("COMMIT")
    return True
