"""What is stored: the log and the words beside it, bulk actions, codes, settings, the cached columns, the tally."""

from .batch import Batch
from .cache import LifecycleColumns
from .log import EventNote, LeadEvent
from .office import OfficeSettings, ReasonCode
from .tally import Tally, TallyDay, TallyMark, TallyPlace

__all__ = [
    "Batch",
    "EventNote",
    "LeadEvent",
    "LifecycleColumns",
    "OfficeSettings",
    "ReasonCode",
    "Tally",
    "TallyDay",
    "TallyMark",
    "TallyPlace",
]
