"""Which leads have been in their stage for too long, by the office's days per stage."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from lifecycle.models import OfficeSettings
from lifecycle.states import State

_NOBODY = Q(pk__in=[])


def stale_leads(office: OfficeSettings, stages: Iterable[State], now: datetime) -> Q:
    """The condition "stale at this moment" for leads in these stages; stages that never go stale match nothing."""
    either = Q()
    for stage in stages:
        days = office.stale_days(stage)
        if days is not None:
            either |= Q(status=stage.value, stage_entered_at__lte=now - timedelta(days=days))
    return either or _NOBODY
