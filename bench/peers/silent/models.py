"""A lead without any history."""

from bench.peers.columns import LeadColumns


class Lead(LeadColumns):
    """What an office has that overwrites."""
