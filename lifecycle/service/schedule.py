"""What Scribe owes by the office's rules. Idempotent: the uuid follows from lead, rule and due time."""

from datetime import datetime
from uuid import UUID, uuid5

from .. import chain
from .. import intents as i
from ..events import Source
from ..history.told import last_told
from .record import Call, Locked, Result, record

_NAMESPACE = UUID("5b0f7a3e-6d1c-4a57-9f0e-2f4f1d3c8a10")


def due_uuid(lead: UUID, rule: str, due: datetime) -> UUID:
    """The public name of what Scribe writes because this rule fell due for this lead at this moment."""
    return uuid5(_NAMESPACE, f"{lead}|{rule}|{chain.stamp(due)}")


def declare_breach(*, lead_id: int, lead_uuid: UUID, due: datetime, now: datetime) -> Result:
    """Records that the first contact did not come in time."""
    call = Call(actor=None, source=Source.SCHEDULE, uuid=due_uuid(lead_uuid, "sla_breached", due), now=now)
    return record(lead_id, call, lambda locked: i.DeclareBreach())


def time_out(*, lead_id: int, lead_uuid: UUID, kind: str, due: datetime, now: datetime) -> Result:
    """Archives a lead that has waited as long as the office allows."""
    call = Call(actor=None, source=Source.SCHEDULE, uuid=due_uuid(lead_uuid, kind, due), now=now)

    def prepare(locked: Locked) -> i.Intent:
        return i.TimeOut(kind=kind, told_at=last_told([lead_id]).get(lead_id))

    return record(lead_id, call, prepare)
