"""How a statement of the hot path is sent: prepared, and without what Django's cursor does for statements in general.

Measured, PostgreSQL spent as long on reading and planning the wide statements of an append as on carrying them out,
and SQLite's connector as long on rewriting their placeholders. Whoever listens (a test that counts statements, a
debugger) still hears them: then they go through Django's cursor.
"""

import functools
from collections.abc import Sequence
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def first_row(statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """Sends a constant statement with its values (``%s`` on both engines); out: its first row, None without any.

    On PostgreSQL it must be one that answers with rows, and the server keeps it prepared unless the connection's
    ``prepare_threshold`` is None. Raises Django's database errors.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.execute_wrappers or database.queries_logged:
        with database.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None
    database.ensure_connection()
    database.validate_no_broken_transaction()
    row: tuple[Any, ...] | None
    with database.wrap_database_errors:
        if database.vendor == "postgresql":
            row = _cursor(database.connection).execute(_numbered(statement), values, prepare=True).fetchone()
        else:
            row = database.connection.execute(_marked(statement), values).fetchone()
    return row


def _cursor(connection: Any) -> Any:
    """The cursor that this connection keeps for it: to make one takes as long as to send a statement.

    It is not the connection's own kind: that one puts the values into the text, and nothing could be prepared.
    """
    found = getattr(connection, "append_cursor", None)
    if found is None:
        # Imported here, because an office on SQLite need not have the driver's library.
        from psycopg import RawCursor

        found = connection.append_cursor = RawCursor(connection)
    return found


@functools.cache
def _numbered(statement: str) -> str:
    """The statement with PostgreSQL's own placeholders: ``$1``, ``$2`` and so on."""
    first, *rest = statement.split("%s")
    return first + "".join(f"${n}{part}" for n, part in zip(count(1), rest, strict=False))


@functools.cache
def _marked(statement: str) -> str:
    """The statement with SQLite's own placeholders."""
    return statement.replace("%s", "?")
