"""What a worker (`manage.py db_worker`) does for an import; Django's tasks, kept in the same database."""

import traceback
from pathlib import Path
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django_tasks import task

from .phases import give_up, work_on


class Broke(Exception):
    """Where a worker broke, and by what kind of fault. What the fault said is left out: it may quote a row."""


@task()
def work(key: str) -> None:
    """Checks a file, brings it in or takes it back, as its phase says. Handed out twice, it is done once."""
    try:
        work_on(UUID(key))
    except Exception as fault:
        away, where = isinstance(fault, OperationalError | InterfaceError), _where(fault)
    else:
        return
    # Outside of its handler: nothing of the fault itself travels along, into the log or the table of tasks.
    if not away:  # A database that is busy or away will be back, and the import is handed out again.
        give_up(UUID(key))
    raise Broke(where)


def _where(fault: Exception) -> str:
    """In one line, the place of the fault first: a log keeps the beginning of what an error says."""
    steps = reversed(traceback.extract_tb(fault.__traceback__))
    return f"{type(fault).__qualname__} at " + ", from ".join(
        f"{Path(s.filename).name}:{s.lineno} {s.name}" for s in steps
    )
