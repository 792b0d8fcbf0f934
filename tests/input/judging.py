"""What the database and the folder of uploads hold, and whether a request that was refused left anything there."""

import hashlib
from pathlib import Path

from django.core.files.storage import storages
from django.db import connection

from tests.input.asking import Answer
from tests.input.spoiling import Bad

#: Who is logged in and how often somebody tried: written by a refusal, and by no means a fact.
_EXCEPTED = ("django_session", "account_ratelimit", "leads_trace")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: Here a form that is refused comes back with 200, as Django has it; what it accepts it answers with a redirect.
_COMES_BACK = ("/admin/", "/accounts/")


class Kept:
    """Everything that is kept, to be compared with itself later."""

    def __init__(self) -> None:
        self.tables = [t for t in connection.introspection.table_names() if t not in _EXCEPTED]
        quoted = [connection.ops.quote_name(table) for table in self.tables]
        self._count = "SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in quoted)
        self._all = [f"SELECT * FROM {table} ORDER BY 1" for table in quoted]

    def counts(self) -> dict[str, int]:
        """How many rows each table has, and how many files were uploaded."""
        with connection.cursor() as cursor:
            cursor.execute(self._count)
            row = cursor.fetchone()
        return {**dict(zip(self.tables, row, strict=True)), "files": files()}

    def contents(self) -> dict[str, str]:
        """A digest of every table: it changes with any value."""
        digests = {}
        with connection.cursor() as cursor:
            for table, statement in zip(self.tables, self._all, strict=True):
                cursor.execute(statement)
                digests[table] = hashlib.sha256(repr(cursor.fetchall()).encode(errors="replace")).hexdigest()
        return digests


def files() -> int:
    """How many files lie where uploads are kept."""
    folder = Path(storages["imports"].location)  # type: ignore[attr-defined]
    return sum(1 for path in folder.rglob("*") if path.is_file())


def is_refused(bad: Bad, answer: Answer) -> bool:
    """Whether nothing may have been written: asked with a method that only looks, or answered with a refusal."""
    if bad.method.upper() in _SAFE or answer.status >= 400:
        return True
    return answer.status == 200 and bad.path.startswith(_COMES_BACK)
