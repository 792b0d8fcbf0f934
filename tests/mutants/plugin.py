"""A database for each mutant that is already migrated: copying a file takes milliseconds, migrating seconds.

Loaded by `-p tests.mutants.plugin`, for SQLite alone. HINDSIGHT_MUTANTS names the folder that keeps the migrated file
between the processes of one run; the first session that ends leaves its own there.
"""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("HINDSIGHT_MUTANTS", "mutated")).resolve()
TEMPLATE = FOLDER / "template.sqlite3"


def _own() -> Path:
    return FOLDER / f"{os.getpid()}.sqlite3"


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings
    from django.db import connections

    FOLDER.mkdir(exist_ok=True)
    if TEMPLATE.exists():
        shutil.copyfile(TEMPLATE, _own())
    for database in (settings.DATABASES["default"], connections["default"].settings_dict):
        database["TEST"] = {**database.get("TEST", {}), "NAME": str(_own())}
    config.option.reuse_db = True


def pytest_unconfigure(config: pytest.Config) -> None:
    if _own().exists() and not TEMPLATE.exists():
        unfinished = _own().with_suffix(".begun")
        sqlite3.connect(_own()).execute("VACUUM INTO ?", [str(unfinished)])
        unfinished.rename(TEMPLATE)
    for left in FOLDER.glob(f"{_own().name}*"):
        left.unlink()
