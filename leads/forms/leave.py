"""The form that lets somebody go: who takes the open leads."""

from typing import Any

from django.http import QueryDict

from ..bulk.leaving import DEPARTED
from ..lead_page import Desk
from ..models import User
from .bulk import POOL, ReassignForm


class LeaveForm(ReassignForm):
    """A reassignment of somebody's open leads for the reason that they leave.

    ``holds``: whether there are any; without, nobody is asked who takes them, and what comes yet goes to the pool.
    """

    def __init__(self, desk: Desk, person: User, data: QueryDict | None = None, *, holds: bool = True) -> None:
        super().__init__(desk, data, person.pk)
        self.auto_id = "leave-%s"
        self.holds = holds
        for name in ("which", "reason", *(() if holds else ("to", "taker", "takers", "note"))):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The reason is known: it is that of everybody who leaves."""
        self.cleaned_data["reason"] = DEPARTED
        return super().clean() if self.holds else self.cleaned_data

    def takes(self) -> list[User | None]:
        """Who takes them, in the order of their turn; ``[None]`` for the pool."""
        return super().takes() if self.holds and self.cleaned_data["to"] != POOL else [None]
