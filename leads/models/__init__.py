"""Who works here and whom they work for: people of the office, leads with their contact data, and files of leads."""

from .departures import Departure
from .imports import Import, ImportedRow, Outcome, Phase, SavedMapping
from .lead import Lead
from .traces import Trace, What
from .user import Role, User

__all__ = [
    "Departure",
    "Import",
    "ImportedRow",
    "Lead",
    "Outcome",
    "Phase",
    "Role",
    "SavedMapping",
    "Trace",
    "User",
    "What",
]
