"""Keys of leads inside queries: the name that commands and files know a lead by, and the order of those names."""

from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Collate, Concat


def lead_key(lead: str = "") -> Case:
    """``Lead.key`` as an expression. In: the way to the lead, such as ``lead`` in a query over the log."""
    to = f"{lead}__" if lead else ""
    own = Concat(Value("L-"), Cast(f"{to}id", CharField()))
    return Case(When(**{f"{to}external_key": ""}, then=own), default=F(f"{to}external_key"), output_field=CharField())


def by_key(lead: str = "") -> tuple[Any, ...]:
    """How leads are ordered by key: by code point on both engines, whatever language a database speaks."""
    to = f"{lead}__" if lead else ""
    code_points = "C" if connection.vendor == "postgresql" else "BINARY"
    return (Collate(lead_key(lead), code_points), f"{to}external_source", f"{to}id")
