"""Rows that no release writes: what of a lead and its log cannot be read, and why.

Somebody with an owner's rights, a broken disk or a failed repair may leave what the guards refuse. Nothing here trusts
the driver to read it: every value is fetched as bare text and judged by the type of its column. Reads only.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, models

from .events import RULES_VERSION, Kind
from .models import EventNote, LeadEvent
from .speech import gettext
from .states import State

#: No fact of an office is older, and none is of a time that no clock of ours can show in every zone.
_YEARS = range(1900, 9000)
_KNOWN, _STAGES = frozenset(k.value for k in Kind), frozenset(s.value for s in State)
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Damage:
    """Where something is wrong (``version`` 0: the lead itself), in which column, and what it is."""

    version: int
    column: str
    what: str


def damage(lead_id: int) -> list[Damage]:
    """What is wrong with the rows of one lead: itself, its facts, their words. Empty for every lead that we wrote."""
    lead: Any = LeadEvent._meta.get_field("lead").related_model
    found: list[Damage] = []
    for row in _rows(lead, "id", [lead_id]):
        found += [Damage(0, *wrong) for wrong in (*_wrong(lead, row), *_nowhere(row), *_nobody([row], "agent_id"))]
    facts = sorted(_rows(LeadEvent, "lead_id", [lead_id]), key=lambda row: _number(row["version"]))
    for place, row in enumerate(facts, start=1):
        version = _number(row["version"])
        if version != place:
            return [*found, Damage(place, "version", gettext("this fact is missing"))]
        people = _nobody([row], "agent_id", "to_agent_id", "actor_id")
        found += [Damage(version, *wrong) for wrong in (*_wrong(LeadEvent, row), *_misplaced(row), *people)]
    at = {row["id"]: _number(row["version"]) for row in facts}
    for row in _rows(EventNote, "event_id", [int(pk) for pk in at]):
        found += [Damage(at[row["event_id"]], *wrong) for wrong in _wrong(EventNote, row)]
    return found


def damaged_leads(among: Iterable[int] | None = None) -> frozenset[int]:
    """The leads whose own row cannot be read; of all of them, which takes a look at each row, or of a few."""
    lead: Any = LeadEvent._meta.get_field("lead").related_model
    ids = sorted(lead._default_manager.values_list("id", flat=True) if among is None else among)
    found = set()
    for n in range(0, len(ids), _AT_ONCE):
        rows = list(_rows(lead, "id", ids[n : n + _AT_ONCE]))
        astray = _astray(rows, "agent_id")
        found |= {
            int(row["id"]) for row in rows if any(_wrong(lead, row)) or any(_nowhere(row)) or row["agent_id"] in astray
        }
    return frozenset(found)


def leads_of_damaged_facts() -> frozenset[int]:
    """The leads with a fact that pages about the whole log cannot read. Goes through all of the log."""
    stages, kinds = (", ".join(f"'{w}'" for w in sorted(words)) for words in (_STAGES, _KNOWN))
    wrong = [_BAD_DATA[connection.vendor], f"(to_status NOT IN ({stages}, '') AND kind IN ({kinds}))"]
    for column in ("occurred_at", "recorded_at"):
        wrong.append(_BAD_MOMENT[connection.vendor].format(column, *(f"'{y}-01-01'" for y in (_YEARS[0], _YEARS[-1]))))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT lead_id FROM {LeadEvent._meta.db_table} WHERE {' OR '.join(wrong)}")
        return frozenset(row[0] for row in cursor.fetchall())


def leads_of_damaged_words() -> frozenset[int]:
    """The leads with words beside a fact that cannot be read. Goes through all words."""
    ids = sorted(EventNote.objects.values_list("event_id", flat=True))
    wrong = []
    for n in range(0, len(ids), _AT_ONCE):
        rows = _rows(EventNote, "event_id", ids[n : n + _AT_ONCE])
        wrong += [int(row["event_id"]) for row in rows if any(_wrong(EventNote, row))]
    return frozenset(LeadEvent.objects.filter(pk__in=wrong).values_list("lead_id", flat=True))


_BAD_DATA = {
    "sqlite": "CASE WHEN json_valid(data) THEN json_type(data) <> 'object' ELSE 1 END OR kind GLOB '*[^a-z_]*'",
    "postgresql": "jsonb_typeof(data) IS DISTINCT FROM 'object'",
}
_BAD_MOMENT = {
    "sqlite": "julianday({0}) IS NULL OR {0} < {1} OR {0} > {2}",
    "postgresql": "{0} IS NULL OR {0} < {1} OR {0} > {2}",
}


def _rows(model: Any, key: str, values: Sequence[int]) -> Iterator[dict[str, Any]]:
    """These rows, each value as bytes or text, whatever the column says of itself."""
    names = [f.column for f in model._meta.concrete_fields]
    cast = "CAST({} AS blob)" if connection.vendor == "sqlite" else "CAST({} AS text)"
    columns = ", ".join(cast.format(f'"{name}"') for name in names)
    with connection.cursor() as cursor:
        for n in range(0, len(values), 500):
            some = ", ".join(str(int(v)) for v in values[n : n + 500])
            cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}" WHERE "{key}" IN ({some})')
            for row in cursor.fetchall():
                yield dict(zip(names, (_text(v) for v in row), strict=True))


def _text(value: Any) -> Any:
    """A value as text; as it is where it is no text."""
    try:
        return value.decode() if isinstance(value, bytes) else value
    except UnicodeDecodeError:
        return value


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _wrong(model: Any, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in model._meta.concrete_fields:
        if what := _unreadable(field, row[field.column]):
            yield field.column, what


def _unreadable(field: Any, value: Any) -> str:
    """What is wrong with the value of a column; empty when nothing is."""
    if value is None:
        return "" if field.null else gettext("there is nothing, where something must be")
    if not isinstance(value, str):
        return gettext("this is no text: half a character, or another encoding")
    match field:
        case models.DateTimeField():
            return _no_moment(value)
        case models.JSONField():
            return _no_data(value)
        case models.IntegerField() | models.ForeignKey():
            return "" if value.lstrip("-").isdigit() else gettext("this is no number")
    return ""


def _no_moment(value: str) -> str:
    try:
        year = datetime.fromisoformat(value).year
    except ValueError:
        return gettext("this is no moment")
    return "" if year in _YEARS else gettext("no calendar of ours has the year %(year)s") % {"year": year}


def _no_data(value: str) -> str:
    try:
        said = json.loads(value)
        # Half a character hides behind an escape.
        json.dumps(said, ensure_ascii=False).encode()
    except ValueError:
        return gettext("these are no data")
    return "" if isinstance(said, dict) else gettext("these are data of another shape")


def _misplaced(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A stage that is none, in a fact that this release knows."""
    if row["kind"] in _KNOWN:
        for column in ("from_status", "to_status"):
            if row[column] and row[column] not in _STAGES:
                yield column, gettext("there is no such stage")


def _nowhere(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A lead in a stage that is none, where no newer release has put it there, or in one that it never entered."""
    if row["status"] and row["stage_entered_at"] is None:
        yield "stage_entered_at", gettext("there is nothing, where something must be")
    if row["status"] and row["status"] not in _STAGES and _number(row["rules_version"]) <= RULES_VERSION:
        yield "status", gettext("there is no such stage")


def _nobody(rows: Sequence[dict[str, Any]], *columns: str) -> list[tuple[str, str]]:
    """The columns that name a person who is none."""
    gone = _astray(rows, *columns)
    what = gettext("it names a person who is not there")
    return [(column, what) for row in rows for column in columns if row[column] in gone]


def _astray(rows: Sequence[dict[str, Any]], *columns: str) -> frozenset[str]:
    named = {row[column] for row in rows for column in columns if row[column]}
    users = get_user_model()._default_manager.filter(pk__in={_number(one) for one in named})
    there = {str(pk) for pk in users.values_list("pk", flat=True)}
    return frozenset(one for one in named if one not in there)
