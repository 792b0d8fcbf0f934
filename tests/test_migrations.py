"""Migrations: complete, and the guards are back after every one of them, also after one that broke off."""

import io
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import Error, Warning
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.migrations.loader import MigrationLoader

from lifecycle import guards
from lifecycle.models import LeadEvent, OfficeSettings, ReasonCode
from lifecycle.reasons import SEED
from lifecycle.seeds import seed
from lifecycle.states import State
from tests.factories import LeadFactory, ana
from tests.soundness import assert_sound, everything

MIGRATION = """
from django.db import migrations, models

{before}

class Migration(migrations.Migration):
    dependencies = [("{app}", "{leaf}")]
    operations = [{operations}]
"""
BREAK_OFF = """
def break_off(apps, schema_editor):
    raise ZeroDivisionError("Somebody pulled the plug.")
"""

#: One change per guarded table that makes SQLite build the table anew.
REMAKES = {
    "the log": ("lifecycle", "leadevent", "actor_name", "models.CharField(max_length=160, blank=True, default='')"),
    "the words": ("lifecycle", "eventnote", "salt", "models.CharField(max_length=40)"),
    "the leads": ("leads", "lead", "name", "models.CharField(max_length=210)"),
    "the people": ("leads", "user", "display_name", "models.CharField(max_length=160, unique=True)"),
    "the reason codes": ("lifecycle", "reasoncode", "label", "models.CharField(max_length=90)"),
}

Write = Callable[..., None]


def leaf(app: str) -> str:
    """The newest migration of an app that the repository has."""
    ((_, name),) = MigrationLoader(None).graph.leaf_nodes(app)
    return name


@pytest.fixture
def write(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """A function that adds one migration to an app; afterwards the database is as the repository has it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    homes: dict[str, str] = {}

    def write(app: str, operations: str, before: str = "") -> None:
        name = f"added_to_{app}_{tmp_path.name.replace('-', '_')}"
        homes.setdefault(app, leaf(app))
        source = Path(import_module(f"{app}.migrations").__path__[0])
        if not (tmp_path / name).is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        text = MIGRATION.format(app=app, leaf=homes[app], operations=operations, before=before)
        (tmp_path / name / "9999_added.py").write_text(text)
        for module in [m for m in list(sys.modules) if m.startswith(name)]:
            monkeypatch.delitem(sys.modules, module)
        settings.MIGRATION_MODULES = {**settings.MIGRATION_MODULES, app: name}

    yield write
    for app, name in homes.items():
        call_command("migrate", app, name, verbosity=0, skip_checks=True)


def migrate() -> None:
    call_command("migrate", verbosity=0)


def alter(app: str, model: str, field: str, column: str) -> str:
    return f"migrations.AlterField('{model}', '{field}', {column})"


def guards_bite() -> bool:
    """Whether the log refuses to be changed, in the flesh."""
    try:
        LeadEvent.objects.update(reason="outbid")
    except IntegrityError:
        return True
    return False


def findings() -> list[Any]:
    return guards.check_present(None, databases=["default"])


# --- complete -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say() -> None:
    out = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes detected" in out.getvalue()


def test_migrations_are_named_by_hand() -> None:
    for app in ("leads", "lifecycle"):
        names = [name for label, name in MigrationLoader(None).disk_migrations if label == app]
        assert names
        assert not [n for n in names if "auto" in n or n.endswith("_initial")]


@pytest.mark.django_db
def test_a_fresh_database_has_its_guards_its_reasons_and_its_settings() -> None:
    assert guards.missing(connection) == []
    assert findings() == []
    assert set(ReasonCode.objects.values_list("code", flat=True)) == {r.code for r in SEED}
    assert OfficeSettings.objects.count() == 1


@pytest.mark.django_db
def test_seeding_again_changes_nothing_of_the_offices_own() -> None:
    ReasonCode.objects.filter(code="outbid").update(label="Overbid", retired=True)
    OfficeSettings.objects.update(sla_minutes=30)
    seed(apps.get_app_config("lifecycle"))
    outbid = ReasonCode.objects.get(code="outbid")
    assert (outbid.label, outbid.retired, OfficeSettings.load().sla_minutes) == ("Overbid", True, 30)


# --- guards around migrations -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", REMAKES)
def test_the_guards_are_back_after_a_migration_that_remakes(table: str, write: Write) -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    before = everything()
    app, *change = REMAKES[table]
    write(app, alter(app, *change))
    migrate()
    assert guards.missing(connection) == []
    assert everything() == before
    assert guards_bite()
    assert_sound(lead)


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_broke_off_is_noticed_and_mended_by_the_next(write: Write) -> None:
    LeadFactory.create(status=State.QUALIFIED, agent=ana())
    app, *change = REMAKES["the leads"]
    write(app, alter(app, *change) + ", migrations.RunPython(break_off, migrations.RunPython.noop)", BREAK_OFF)
    with pytest.raises(ZeroDivisionError):
        migrate()
    assert guards.missing(connection) != []
    (found,) = findings()
    assert isinstance(found, Warning) and found.id == "lifecycle.E001", "An error would keep it from being finished."
    write(app, alter(app, *change))
    migrate()
    assert guards.missing(connection) == []
    assert guards_bite()


@pytest.mark.django_db(transaction=True)
def test_guards_that_are_gone_without_a_migration_are_an_error_until_migrate_puts_them_back() -> None:
    LeadFactory.create(agent=ana())
    guards.remove(connection)
    (found,) = findings()
    assert type(found) is Error and found.id == "lifecycle.E001"
    assert "migrate" in (found.hint or "")
    assert "guard_lead_cache" in found.msg
    call_command("migrate", verbosity=0, skip_checks=True)
    assert findings() == []
    assert guards_bite()


@pytest.mark.django_db(transaction=True)
def test_migrate_with_nothing_to_do_never_lifts_a_guard() -> None:
    lifted = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if "DROP TRIGGER" in sql:
            lifted.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        migrate()
    assert lifted == []
