"""The address of a lead's state at an instant. It carries the offset, so it means the same to everybody."""

from datetime import datetime, tzinfo

from django.urls import reverse
from django.utils.http import urlencode

from lifecycle.history import Clock

from ..asked_time import link_form


def at_url(lead_id: int, moment: datetime, clock: Clock, zone: tzinfo) -> str:
    """Path and query string."""
    asked = {"t": link_form(moment, zone)}
    if clock is Clock.KNOWN:
        asked["clock"] = clock.value
    return f"{reverse('lead-at', args=[lead_id])}?{urlencode(asked)}"
