"""The promises that live in the database: what even raw SQL of the application's own user cannot do.

Installed after each migrate, lifted while a migration plan runs (SQLite drops triggers when it remakes a table), and
checked by the system check, the readiness page and ``verify_log``.
"""

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from django.core import checks
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from . import postgresql, sqlite
from .tables import Tables

_ENGINES: dict[str, ModuleType] = {"postgresql": postgresql, "sqlite": sqlite}


def install(connection: BaseDatabaseWrapper) -> list[str]:
    """Puts back the guards that are missing or differ; out: their names. Leaves sound ones untouched."""
    tables = Tables.named(connection)
    engine = _ENGINES[connection.vendor]
    absent: list[str] = engine.missing(connection, tables)
    with connection.cursor() as cursor:
        for statement in engine.statements(tables, absent):
            cursor.execute(statement)
    return absent


def remove(connection: BaseDatabaseWrapper) -> None:
    """Takes every guard away; for migrations and for emptying a test database, never while the app serves."""
    tables = Tables.named(connection)
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in _ENGINES[connection.vendor].removals(tables, there):
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of guards that are absent, switched off or differ from this release's; empty when all is well."""
    names: list[str] = _ENGINES[connection.vendor].missing(connection, Tables.named(connection))
    return names


def lift_for_plan(sender: Any, using: str = "default", plan: Sequence[Any] = (), **kwargs: Any) -> None:
    """Before a migration that has something to do: lift the guards, ``post_migrate`` restores them."""
    if plan and router.allow_migrate(using, "lifecycle"):
        remove(connections[using])


def check_present(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[Any]:
    """System check: every guard is in place. Runs only where a database may be asked (``check --database``)."""
    found: list[Any] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor not in _ENGINES:
            found.append(
                checks.Error(f"{connection.vendor} is not supported: the log needs guards.", id="lifecycle.E002")
            )
            continue
        tables = Tables.named(connection)
        if tables.events not in connection.introspection.table_names():
            continue
        absent = missing(connection)
        if not absent:
            continue
        pending = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
        # An interrupted migration leaves the guards lifted; an error here would keep it from being finished.
        level = checks.Warning if pending else checks.Error
        found.append(
            level(
                f"Guards of the log are missing: {', '.join(absent)}.",
                hint="Run `manage.py migrate --skip-checks`; it puts them back.",
                id="lifecycle.E001",
            )
        )
    return found
