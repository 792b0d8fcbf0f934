"""Moves the tally on to what the log says by now, and makes it anew. Nobody who writes or reads waits for it.

The tally is right when it is the sum of its places, and when every lead whose place is not what the lead says has a
fact after the mark. Each transaction here leaves that so: up to the horizon every fact is there to be seen, so the
place of a lead written down afterwards has them all, and more does no harm.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import OperationalError, connection, transaction

from ..horizon import horizon
from ..models import LeadEvent, TallyMark
from ..tally import CELLS, DAYS, LOG, MATTERS, PLACES, leads_table, place_of_lead
from . import store

#: Facts, and leads, of one transaction: on SQLite nobody else writes while it runs.
_FACTS, _LEADS = 2_000, 10_000
#: Further behind than so many facts the tally is made anew.
_FAR = 500_000
#: Seconds to wait for whoever is writing; who takes longer is waited for the next time.
_PATIENCE = 2.0


def move_on(patience: float = _PATIENCE) -> bool:
    """Takes into the tally what came since; makes it where there is none. Out: whether it is as far as it can be.

    To be called outside of a transaction, now and then: the longer ago, the more a board has to look up itself.
    """
    try:
        return _move_on(patience)
    except OperationalError:
        # The database is busy. Nobody depends on us: what is not in the tally is looked up in the log.
        if connection.in_atomic_block:
            raise
        return False


def make_anew(patience: float = _PATIENCE) -> bool:
    """Forgets the tally and makes it from the leads; until it is there everybody counts himself."""
    TallyMark.objects.filter(pk=TallyMark.ONLY).update(upto=None, begun_at=None)
    return move_on(patience)


def _move_on(patience: float) -> bool:
    mark = TallyMark.objects.filter(pk=TallyMark.ONLY).first()
    if mark is None or mark.begun_at is None:
        upto = horizon(patience)
        if upto is None:
            return False
        if mark is not None and mark.upto is not None and not _behind(mark.upto, upto):
            while mark.upto is not None and mark.upto < upto:
                mark = _step(upto)
            return True
        _begin(upto)
    while _build_step():
        pass
    return True


def _behind(since: int, upto: int) -> bool:
    """Whether it is quicker to begin anew, or it speaks of another log."""
    if since > upto:
        return True
    later = LeadEvent.objects.filter(id__gt=since, id__lte=upto).order_by("id").values_list("id", flat=True)
    return bool(later[_FAR : _FAR + 1])


def _locked() -> TallyMark:
    """The mark, for one writer at a time."""
    return TallyMark.objects.select_for_update().get(pk=TallyMark.ONLY)


def _step(upto: int) -> TallyMark:
    """Some thousand facts; out: the mark as it is then."""
    with transaction.atomic():
        mark = _locked()
        if mark.upto is None or mark.upto >= upto:
            return mark
        later = LeadEvent.objects.filter(id__gt=mark.upto, id__lte=upto).order_by("id").values_list("id", flat=True)
        end = next(iter(later[_FACTS - 1 : _FACTS]), upto)
        _take_in(mark.upto, end)
        mark.upto = end
        mark.save()
    return mark


def _take_in(after: int, end: int) -> None:
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


def _begin(upto: int) -> None:
    """From here on there is no tally, until it is right up to this fact."""
    TallyMark.objects.get_or_create(pk=TallyMark.ONLY)
    with transaction.atomic():
        mark = _locked()
        if mark.begun_at is None:
            mark.upto, mark.begun_at, mark.done_to = None, upto, 0
            mark.save()


def _build_step() -> bool:
    """Writes down where the next leads are, and counts after the last; out: whether there may be more to do.

    Broken off, it is carried on the next time, and two who are at it share the work.
    """
    with transaction.atomic():
        mark = _locked()
        if mark.begun_at is None:
            return False
        leads: Any = LeadEvent._meta.get_field("lead").related_model
        later = leads._default_manager.filter(pk__gt=mark.done_to).order_by("pk").values_list("pk", flat=True)
        end = next(iter(later[_LEADS - 1 : _LEADS]), None)
        _write_places(mark.done_to, end)
        if end is None:
            _count()
            mark.upto, mark.begun_at = mark.begun_at, None
        mark.done_to = end or 0
        mark.save()
    return end is not None


def _write_places(after: int, end: int | None) -> None:
    _run(
        f"INSERT INTO {PLACES} (lead, holder, status, way, day) SELECT lead.id, {place_of_lead()}"
        f" FROM {leads_table()} AS lead WHERE lead.id > %s AND lead.id <= %s AND lead.status <> ''"
        f" {_or_put(('lead',), ('holder', 'status', 'way', 'day'))}",
        [after, end if end is not None else 2**63 - 1],
    )


def _count() -> None:
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
