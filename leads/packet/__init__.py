"""The story so far of one lead, on one page, for whoever takes it over. Drawn from facts alone; nothing is made up.

``story`` puts it together; ``warnings``, ``recent`` and ``coming`` each answer one question about the lead.
"""

from .story import Packet, read_packet

__all__ = ["Packet", "read_packet"]
