"""What is stored: the log, the words beside it, bulk actions, reason codes, office settings, the cached columns."""

from .batch import Batch
from .cache import LifecycleColumns
from .log import EventNote, LeadEvent
from .office import OfficeSettings, ReasonCode

__all__ = ["Batch", "EventNote", "LeadEvent", "LifecycleColumns", "OfficeSettings", "ReasonCode"]
