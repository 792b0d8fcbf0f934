"""The weekly flow in files: ``week, stage, entries, forward, back, aside, returned``."""

from collections.abc import Generator

from lifecycle.reports.flow import read_flow
from lifecycle.reports.pipeline import EXITS
from lifecycle.reports.scope import Scope
from lifecycle.states import State

COLUMNS = ("week", "stage", "entries", *(way.value for way in EXITS))
NUMBERS = frozenset(COLUMNS[2:])


def rows(scope: Scope) -> Generator[tuple[str, ...]]:
    """Of every week of the window the eight stages in board order, also where nothing moved."""
    flow = read_flow(scope)
    entries, exits = flow.entries(), flow.exits()
    for week in flow.weeks:
        for stage in State:
            out = [str(exits[(week.name, stage.value, way)]) for way in EXITS]
            yield week.name, stage.value, str(entries[(week.name, stage.value)]), *out
