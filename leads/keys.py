"""Keys of leads inside queries: the name that commands and files know a lead by, and the order of those names."""

import re
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Collate, Concat

from .models import Lead


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


def leads_by_key(key: str) -> list[Lead]:
    """The leads that go by this key: one, unless two old systems used the same. ``L-<id>`` finds any lead."""
    named: list[Lead] = list(Lead.objects.annotate(lead_key=lead_key()).filter(lead_key=key.strip()).order_by("id"))
    own = re.fullmatch(r"L-([1-9]\d{0,17})", key.strip())
    return named or (list(Lead.objects.filter(pk=int(own[1]))) if own else [])
