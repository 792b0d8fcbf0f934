"""What is stored: the log, the words beside it, bulk actions, codes, settings, cached columns, tally, checkpoints."""

from .batch import Batch
from .cache import LifecycleColumns
from .checkpoint import Checkpoint, Verification
from .log import EventNote, LeadEvent
from .office import OfficeSettings, ReasonCode
from .tally import Tally, TallyDay, TallyMark, TallyPlace

__all__ = [
    "Batch",
    "Checkpoint",
    "EventNote",
    "LeadEvent",
    "LifecycleColumns",
    "OfficeSettings",
    "ReasonCode",
    "Tally",
    "TallyDay",
    "TallyMark",
    "TallyPlace",
    "Verification",
]
