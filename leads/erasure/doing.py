"""Erasing a lead's person: the one way for page and command."""

from typing import Unpack

from lifecycle import service
from lifecycle.service import Result
from lifecycle.service.calls import Common

from .places import Places


def erase(*, lead_id: int, reason: str, reference: str = "", **common: Unpack[Common]) -> Result:
    """The service's ``erase_personal_data`` with every place of this application beside the log. Raises ``Refused``."""
    return service.erase_personal_data(lead_id=lead_id, reason=reason, reference=reference, beside=Places(), **common)
