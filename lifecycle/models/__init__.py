"""What is stored: the log, the words beside it, reason codes, office settings, the cached columns of a lead."""

from .cache import LifecycleColumns
from .log import EventNote, LeadEvent
from .office import OfficeSettings, ReasonCode

__all__ = ["EventNote", "LeadEvent", "LifecycleColumns", "OfficeSettings", "ReasonCode"]
