"""Who works here and whom they work for: people of the office, and leads with their contact data."""

from .lead import Lead
from .user import Role, User

__all__ = ["Lead", "Role", "User"]
