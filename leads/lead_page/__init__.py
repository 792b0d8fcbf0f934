"""Everything that the page of one lead shows, as one read: header, path, facts, timeline, what may be done.

``desk`` holds what every part needs; each other file answers one question about the lead. Nothing here writes.
"""

from .desk import Desk, desk_for
from .page import LeadPage, read_page

__all__ = ["Desk", "LeadPage", "desk_for", "read_page"]
