"""Seeds what every office starts with. Runs after each migrate, so a flushed test database has it too."""

from typing import Any

from django.apps import AppConfig
from django.db import connections, router

from . import guards
from .reasons import SEED


def seed(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Adds missing reason codes and the settings row, then puts the guards in place. Never changes what is there."""
    from .models import LeadEvent, OfficeSettings, ReasonCode

    if not router.allow_migrate_model(using, LeadEvent):
        return
    tables = connections[using].introspection.table_names()
    if ReasonCode._meta.db_table not in tables:
        return
    there = set(ReasonCode.objects.using(using).values_list("code", flat=True))
    ReasonCode.objects.using(using).bulk_create(
        ReasonCode(code=r.code, label=r.label, group=r.group.value, kinds=sorted(r.kinds))
        for r in SEED
        if r.code not in there
    )
    OfficeSettings.objects.using(using).get_or_create(pk=OfficeSettings.ONLY)
    guards.install(connections[using])
