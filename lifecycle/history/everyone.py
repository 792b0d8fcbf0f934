"""All leads at an instant, as a queryset that filters, counts and slices like today's leads.

This reading folds every lead of the scope, one after the other: right, and slow for a large office.
"""

import json
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import QuerySet

from ..flags import Flag
from ..models import LifecycleColumns
from .as_of import facts_at
from .clocks import Clock
from .folding import quick_fold
from .relation import in_place_of
from .telling import telling_rows

L = TypeVar("L", bound=LifecycleColumns)
#: What a board filters, counts and slices by. Of the few leads that it draws, ``fill_in`` gives the rest.
_COLUMNS = ("status", "agent_id", *(f.value for f in Flag), "stage_entered_at", "provenance", "provenance_at")


def standing(moment: datetime, clock: Clock, scope: QuerySet[L]) -> QuerySet[L]:
    """The leads of a scope as they stood; those that did not exist yet are left out.

    In: the leads that the viewer may see today. Out: a fresh queryset; status, agent, flags, time of entry
    and provenance with its time are those of the moment, all other columns today's.
    """
    stood = []
    for lead_id, rows in telling_rows(scope.order_by().values_list("pk", flat=True), moment, clock):
        state = quick_fold(facts_at(rows, moment, clock))
        if state.version:
            values = {n: getattr(state, "agent" if n == "agent_id" else n) for n in _COLUMNS}
            stood.append({"lead_id": lead_id, **{n: _plain(v) for n, v in values.items()}})
    sql = _sql(scope.model)
    return in_place_of(scope.model._default_manager.all(), sql, (json.dumps(stood),))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return str(connection.ops.adapt_datetimefield_value(value))
    return value


def _sql(model: type[models.Model]) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [f.column for f in model._meta.concrete_fields]
    if connection.vendor == "postgresql":
        types = {f.column: f.db_type(connection) for f in model._meta.concrete_fields}
        typed = ", ".join(f"{c} {'bigint' if c == 'agent_id' else types[c]}" for c in _COLUMNS)
        picked = ", ".join(f"past.{c}" if c in _COLUMNS else f"l.{c}" for c in columns)
        return (
            f"SELECT {picked} FROM {table} l"
            f" JOIN jsonb_to_recordset(%s::jsonb) AS past(lead_id bigint, {typed}) ON past.lead_id = l.id"
        )
    picked = ", ".join(f"past.value ->> '{c}' AS {c}" if c in _COLUMNS else f"l.{c}" for c in columns)
    return f"SELECT {picked} FROM {table} l JOIN json_each(%s) past ON past.value ->> 'lead_id' = l.id"
