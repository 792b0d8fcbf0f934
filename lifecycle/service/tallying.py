"""Moves the tally on to what the log says by now, and makes it anew. Nobody who writes or reads waits for it.

The tally is right when it is the sum of its places, and when every lead whose place is not what the lead says has a
fact after the mark. Each transaction here leaves that so: up to the horizon every fact is there to be seen, so the
place of a lead written down afterwards has them all, and more does no harm.
"""

from typing import Any

from django.db import OperationalError, connection, transaction

from ..horizon import horizon
from ..models import LeadEvent, TallyMark
from . import tally_rows

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
        tally_rows.take_in(mark.upto, end)
        mark.upto = end
        mark.save()
    return mark


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
        tally_rows.write_places(mark.done_to, end)
        if end is None:
            tally_rows.count()
            mark.upto, mark.begun_at = mark.begun_at, None
        mark.done_to = end or 0
        mark.save()
    return end is not None
