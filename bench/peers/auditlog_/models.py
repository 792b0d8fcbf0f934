"""A lead whose changes django-auditlog writes down."""

from typing import Any

from auditlog.registry import auditlog

from bench.peers.columns import LeadColumns


class Lead(LeadColumns):
    """``said`` goes into the entry: `get_additional_data` is where the documentation puts such words."""

    said: dict[str, str] | None = None

    def get_additional_data(self) -> Any:
        """Reason and note of the change at hand."""
        return self.said


auditlog.register(Lead)
