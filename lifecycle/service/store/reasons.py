"""The one reason code that a fact carries, looked up while the lead is locked."""

import functools
import json

from ...models import ReasonCode
from ...reasons import Reason
from .sending import first_row


def reason(code: str) -> Reason | None:
    """A reason code of the office; None when there is no such code."""
    row = first_row(_reason(), [code])
    if row is None:
        return None
    label, group, kinds, retired = row
    return ReasonCode(code=code, label=label, group=group, kinds=json.loads(kinds), retired=bool(retired)).as_reason()


@functools.cache
def _reason() -> str:
    quoted = ", ".join(f'"{name}"' for name in ("label", "group", "kinds", "retired"))
    return f"SELECT {quoted} FROM {ReasonCode._meta.db_table} WHERE code = %s"
