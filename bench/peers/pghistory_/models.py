"""A lead whose versions are copied by triggers of PostgreSQL."""

import pghistory

from bench.peers.columns import LeadColumns


@pghistory.track()
class Lead(LeadColumns):
    """Tracked as the documentation begins: a snapshot of every insert and update."""
