"""The floors of the house: crm → leads → lifecycle, rules without Django, one writer."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("crm", "leads", "lifecycle")
ABOVE = {"lifecycle": {"leads", "crm", "tests"}, "leads": {"crm", "tests"}, "crm": {"tests"}}
PURE = [
    "states",
    "events",
    "transitions",
    "reasons",
    "flags",
    "errors",
    "intents",
    "fold",
    "standing",
    "decide",
    "authority",
    "speech",
    "backfill",
    "imported",
    "history.clocks",
    "history.as_of",
    "history.diff",
    "history.groups",
    "history.truth",
    "history.consent",
    "history.custody",
    "reports.calendar",
    "reports.credit",
    "reports.attention",
    "reports.pipeline",
    "reports.scope",
    "reports.first_clocks",
    "reports.first_figures",
    "reports.survival",
]
LIBRARIES_WITH_A_DATABASE = {"django", "psycopg", "psycopg_pool", "sqlite3"}
SERVICE = "lifecycle.service"
WITH_A_DATABASE = (SERVICE, "lifecycle.models", "lifecycle.guards", "lifecycle.seeds")
# Statements that write a fact or a cached column, as the writer's constants begin.
WRITES = ("insert into", "insert or", "update ", "copy ")
UNNAMED = {"utils", "helpers", "common", "core", "misc"}


def module_name(path: Path) -> str:
    """`lifecycle/decide/moves.py` as `lifecycle.decide.moves`, a package's `__init__` as the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(*folders: str) -> dict[str, Path]:
    """All modules of these top folders by name, migrations left out."""
    files = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return {module_name(path): path for path in files if "migrations" not in path.parts}


def imports(name: str, path: Path) -> Iterator[str]:
    """Every module that `path` imports at any depth of its code, relative imports resolved.

    `from a import b` gives both `a` and `a.b`: b may be a module.
    """
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def is_part_of(name: str, whole: str) -> bool:
    """Whether `name` is the module `whole` or lies inside it."""
    return name == whole or name.startswith(f"{whole}.")


def strings(path: Path) -> Iterator[str]:
    """Every string in the code of `path`, also the constant parts of f-strings."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def sql_writers() -> set[str]:
    """The modules of the service that hold writing SQL."""
    return {
        name
        for name, path in modules("lifecycle").items()
        if is_part_of(name, SERVICE) and any(text.strip().lower().startswith(WRITES) for text in strings(path))
    }


def test_the_contracts_of_pyproject_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_nothing_from_above(floor: str) -> None:
    found = {
        (name, imported)
        for name, path in modules(floor).items()
        for imported in imports(name, path)
        if imported.split(".")[0] in ABOVE[floor]
    }
    assert found == set()


@pytest.mark.parametrize("pure", PURE)
def test_a_pure_module_knows_neither_django_nor_a_database(pure: str) -> None:
    inside = {n: p for n, p in modules("lifecycle").items() if is_part_of(n, f"lifecycle.{pure}")}
    assert inside, f"lifecycle/{pure} is gone: take it off the list here and in pyproject.toml."
    for name, path in inside.items():
        for imported in imports(name, path):
            assert imported.split(".")[0] not in LIBRARIES_WITH_A_DATABASE, f"{name} imports {imported}"
            assert not any(is_part_of(imported, floor) for floor in WITH_A_DATABASE), f"{name} imports {imported}"


def test_nobody_outside_the_service_imports_the_sql_writer() -> None:
    writers = sql_writers()
    found = {
        (name, imported)
        for name, path in modules(*FLOORS).items()
        if not is_part_of(name, SERVICE)
        for imported in imports(name, path)
        if any(is_part_of(imported, writer) for writer in writers - {SERVICE})
    }
    assert found == set()


def test_nobody_outside_the_service_writes_a_fact_past_it() -> None:
    writing = {
        "create",
        "bulk_create",
        "get_or_create",
        "update_or_create",
        "update",
        "bulk_update",
        "delete",
    }
    found = set()
    for name, path in modules(*FLOORS).items():
        if is_part_of(name, SERVICE) or is_part_of(name, "lifecycle.guards"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                subject, _, verb = called.rpartition(".")
                if called in ("LeadEvent", "EventNote") or (
                    verb in writing and subject.startswith(("LeadEvent.objects", "EventNote.objects"))
                ):
                    found.add((name, node.lineno, called))
    assert found == set()


def test_modules_are_named_by_what_they_answer_and_stay_short() -> None:
    for name, path in modules(*FLOORS).items():
        assert name.rpartition(".")[2] not in UNNAMED, f"{name} says nothing about what is inside."
        # The demo's words are a table of prose; a longer one is not harder to read.
        if not is_part_of(name, "leads.demo.words"):
            assert len(path.read_text().splitlines()) <= 320, f"{name} wants to become a folder."
