"""How a lead stands: the fields that follow from its facts, and what of a fact the fold reads. Pure.

``fold`` says how they follow.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from .flags import Flag


class Row(Protocol):
    """What the fold reads of a recorded fact; ``agent_id`` and the like are database ids."""

    id: Any
    version: int
    kind: str
    from_status: str
    to_status: str
    to_agent_id: Any
    flag: str
    reason: str
    actor_id: Any
    target_id: Any
    caused_by_id: Any
    occurred_at: datetime
    recorded_at: datetime
    data: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Move:
    """An effective move: which event it was, and how the lead stood just before it (for voiding)."""

    event_id: Any
    kind: str
    version: int
    actor_id: Any
    caused_by_id: Any
    recorded_at: datetime
    before: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LeadState:
    """How a lead stands. Every field but ``moves`` is a cached column of the lead."""

    status: str = ""
    version: int = 0
    head_hash: str = ""
    agent: Any = None
    unsubscribed: bool = False
    dnc: bool = False
    do_not_email: bool = False
    do_not_text: bool = False
    do_not_call: bool = False
    created_at: datetime | None = None
    inquiry_source: str = ""
    inquired_at: datetime | None = None
    first_contact_due_at: datetime | None = None
    first_contact_at: datetime | None = None
    sla_breached: bool = False
    stage_entered_at: datetime | None = None
    provenance: str = ""
    provenance_reason: str = ""
    provenance_at: datetime | None = None
    times_qualified: int = 0
    temperature: str = ""
    last_contact_at: datetime | None = None
    last_reply_at: datetime | None = None
    attempts: int = 0
    document_missing: bool = False
    last_occurred_at: datetime | None = None
    last_recorded_at: datetime | None = None
    erased_at: datetime | None = None
    rules_version: int = 0
    moves: tuple[Move, ...] = ()

    def flag(self, name: str) -> bool:
        value: bool = getattr(self, name)
        return value


#: Columns that the database itself guards.
GUARDED = ("status", "version", "head_hash", "agent", *(f.value for f in Flag))
#: Columns that follow from the log and may be mended from it.
CACHED = (
    "created_at",
    "inquiry_source",
    "inquired_at",
    "first_contact_due_at",
    "first_contact_at",
    "sla_breached",
    "stage_entered_at",
    "provenance",
    "provenance_reason",
    "provenance_at",
    "times_qualified",
    "temperature",
    "last_contact_at",
    "last_reply_at",
    "attempts",
    "document_missing",
    "last_occurred_at",
    "last_recorded_at",
    "erased_at",
    "rules_version",
)
