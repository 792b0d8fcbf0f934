"""Who works here and whom they work for: people of the office, leads with their contact data, and files of leads."""

from .imports import Import, ImportedRow, Outcome, Phase, SavedMapping
from .lead import Lead
from .user import Role, User

__all__ = ["Import", "ImportedRow", "Lead", "Outcome", "Phase", "Role", "SavedMapping", "User"]
