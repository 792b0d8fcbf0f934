"""The SQL of the tally: the places of many leads and the sums over them, written in one go."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from ..tally import CELLS, DAYS, LOG, MATTERS, PLACES, leads_table, place_of_lead
from . import store


def take_in(after: int, end: int) -> None:
    """Corrects the places of the leads that these facts speak of, and the sums by as much."""
    places, cells, days = [], Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
    for lead, *columns in _moved(after, end):
        now, was = _place(columns[:4]), _place(columns[4:])
        if now == was:
            continue
        places.append((lead, *now))
        for (holder, status, way, day), n in ((was, -1), (now, 1)):
            if status is not None:
                cells[holder, status, way] += n
            if day is not None:
                days[status, day] += n
    _put(PLACES, ("lead",), ("holder", "status", "way", "day"), places)
    _add(CELLS, ("holder", "status", "way"), cells)
    _add(DAYS, ("status", "day"), days)


def _moved(after: int, end: int) -> list[tuple[Any, ...]]:
    """Each lead with its place of now and the one that the tally has; nulls where it has none."""
    sql = (
        f"SELECT now.id, now.holder, now.status, now.way, now.day, place.holder, place.status, place.way, place.day"
        f" FROM (SELECT DISTINCT event.lead_id FROM {LOG} AS event"
        f" WHERE event.id > %s AND event.id <= %s AND {MATTERS}) AS touched"
        f" JOIN (SELECT lead.id, {place_of_lead()} FROM {leads_table()} AS lead WHERE lead.status <> '') AS now"
        f" ON now.id = touched.lead_id LEFT JOIN {PLACES} AS place ON place.lead = touched.lead_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [after, end])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _place(columns: Sequence[Any]) -> tuple[Any, ...]:
    holder, status, way, day = columns
    return holder, status, way, None if day is None else str(day)


def write_places(after: int, end: int | None) -> None:
    """Writes down where the leads behind ``after`` are, up to ``end`` (None: to the last)."""
    _run(
        f"INSERT INTO {PLACES} (lead, holder, status, way, day) SELECT lead.id, {place_of_lead()}"
        f" FROM {leads_table()} AS lead WHERE lead.id > %s AND lead.id <= %s AND lead.status <> ''"
        f" {_or_put(('lead',), ('holder', 'status', 'way', 'day'))}",
        [after, end if end is not None else 2**63 - 1],
    )


def count() -> None:
    """Every sum once more, from the places; one of a lead that is nowhere goes."""
    _run(
        f"DELETE FROM {PLACES} WHERE NOT EXISTS"
        f" (SELECT 1 FROM {leads_table()} AS lead WHERE lead.id = {PLACES}.lead AND lead.status <> '')"
    )
    for table, names, which in (
        (CELLS, "holder, status, way", ""),
        (DAYS, "status, day", "WHERE day IS NOT NULL"),
    ):
        _run(f"DELETE FROM {table}")
        _run(f"INSERT INTO {table} ({names}, leads) SELECT {names}, COUNT(*) FROM {PLACES} {which} GROUP BY {names}")


def _put(table: str, keys: Sequence[str], names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Writes rows, in the place of those that have the same keys."""
    if rows:
        _insert(table, [*keys, *names], rows, _or_put(keys, names))


def _add(table: str, keys: Sequence[str], sums: Counter[tuple[Any, ...]]) -> None:
    """Adds to the leads of some cells; takes off where it is less than nothing."""
    rows = [(*key, n) for key, n in sums.items() if n]
    if rows:
        more = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET leads = {table}.leads + excluded.leads"
        _insert(table, [*keys, "leads"], rows, more)


def _or_put(keys: Sequence[str], names: Sequence[str]) -> str:
    return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in names)}"


def _insert(table: str, names: Sequence[str], rows: list[tuple[Any, ...]], otherwise: str) -> None:
    marks = ", ".join([f"({store.marks(len(names))})"] * len(rows))
    _run(f"INSERT INTO {table} ({', '.join(names)}) VALUES {marks} {otherwise}", [v for row in rows for v in row])


def _run(sql: str, values: Iterable[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
