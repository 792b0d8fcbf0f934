"""How many leads stand in each column, how many of them for too long, and by which ways those in Qualified came.

A board that shows everything of some people is answered from the tally (`lifecycle.tally`), which costs the same for a
thousand leads and a million; any other filter, and an office without a tally, counts its leads one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from lifecycle.models import OfficeSettings
from lifecycle.models.tally import POOL
from lifecycle.states import State
from lifecycle.tally import counted

from ..models import Lead, User
from . import filters
from .column import Column
from .stale import stale_leads


@dataclass(frozen=True, slots=True)
class Whole:
    """A board that shows every lead of these holders (ids of agents, `POOL`); of everybody for None."""

    holders: frozenset[int] | None = None


def whole_board(viewer: User, chosen: Mapping[str, Any]) -> Whole | None:
    """Whose leads a viewer's board shows with these filters; None where they leave out some by what they are like."""
    if set(chosen) - {"mine", "agent"}:
        return None
    limits: list[set[int]] = []
    if not viewer.is_broker:
        limits.append({viewer.pk, POOL})
    if chosen.get("mine"):
        limits.append({viewer.pk})
    if agent := chosen.get("agent"):
        limits.append({POOL if agent == filters.POOL else int(agent)})
    return Whole(frozenset(set.intersection(*limits)) if limits else None)


def count(
    leads: QuerySet[Lead], whole: Whole | None, columns: Mapping[State, Column], office: OfficeSettings, now: datetime
) -> None:
    """Fills in total, stale and ways of these columns, at one moment of the log.

    In: the leads; whose they all are, if that is what they are.
    """
    if whole is None or not _from_tally(whole, columns, office, now):
        _one_by_one(leads.filter(status__in=[s.value for s in columns]), columns, office, now)


def _from_tally(whole: Whole, columns: Mapping[State, Column], office: OfficeSettings, now: datetime) -> bool:
    days = {state.value: office.stale_days(state) for state in columns}
    cutoffs = {status: None if n is None else now - timedelta(days=n) for status, n in days.items()}
    found = counted(cutoffs, whole.holders)
    if found is None:
        return False
    for (status, way), n in found.leads.items():
        column = columns[State(status)]
        column.total += n
        if way:
            column.by_provenance[way] = n
    for status, n in found.stale.items():
        columns[State(status)].stale = n
    return True


def _one_by_one(leads: QuerySet[Lead], columns: Mapping[State, Column], office: OfficeSettings, now: datetime) -> None:
    groups = leads.order_by().values("status", "provenance")
    old = Count("id", filter=stale_leads(office, columns, now))
    for row in groups.annotate(n=Count("id"), old=old):
        column = columns[State(row["status"])]
        column.total += row["n"]
        column.stale += row["old"]
        column.by_provenance[row["provenance"]] = row["n"]
