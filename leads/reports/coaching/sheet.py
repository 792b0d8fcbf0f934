"""The deals of a person that fell through, as a file: all of the window, newest first."""

from collections.abc import Generator, Sequence
from datetime import UTC, datetime

from lifecycle.history.custody import days_text
from lifecycle.models import LeadEvent
from lifecycle.reports.fallen import Fallen
from lifecycle.timeline import entries_of

from ..collapses_cell import group_of
from ..facts import facts_with
from ..people import in_files, names_of
from .asking import Asking
from .paths import Path, paths_of

COLUMNS = (
    "lead_key", "name", "fell_back_at", "kind", "reason", "group", "days_in_stage", "held_when_signed",
    "held_when_fell", "quick_return", "recovered", "recovered_at", "stage_now", "since", "agent_now", "note",
)  # fmt: skip
#: So many leads are looked up at once.
_PIECE = 500


def rows_of(fell: Sequence[Fallen], asking: Asking) -> Generator[tuple[str, ...]]:
    """A row a deal. Times are UTC; an empty agent is the pool, an empty length one that nobody recorded."""
    newest = sorted(fell, key=lambda one: (one.at, one.id), reverse=True)
    for start in range(0, len(newest), _PIECE):
        piece = newest[start : start + _PIECE]
        paths = paths_of(piece, asking.scope)
        facts = facts_with(one.id for one in piece).select_related("lead", "words", "target", "caused_by", "agent")
        notes = _notes(list(facts), asking)
        names = names_of(who for path in paths.values() for who in (path.signed_with, path.held_now))
        for one in piece:
            yield _row(one, paths[one.id], *notes[one.id], names, asking)


def _notes(facts: list[LeadEvent], asking: Asking) -> dict[int, tuple[LeadEvent, str]]:
    entries = entries_of(facts, asking.desk.reasons, viewer_is_broker=True, known_at=asking.scope.known_at)
    return {entry.event.pk: (entry.event, entry.note) for entry in entries}


def _row(one: Fallen, path: Path, fact: LeadEvent, note: str, names: dict[int, str], asking: Asking) -> tuple[str, ...]:
    return (
        fact.lead.key,
        fact.lead.name,
        _stamp(one.at),
        one.kind,
        one.reason,
        group_of(one.reason, asking.desk.reasons).value,
        "" if one.stay is None else days_text(one.stay),
        in_files(path.signed_with, names),
        asking.person.display_name,
        "yes" if one.quick else "no",
        "yes" if one.recovered else "no",
        _stamp(path.again_at),
        path.status,
        _stamp(path.since),
        in_files(path.held_now, names),
        note,
    )


def _stamp(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else ""
