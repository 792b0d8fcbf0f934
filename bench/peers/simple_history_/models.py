"""A lead whose every saved version is copied."""

from django.db import models
from simple_history.models import HistoricalRecords

from bench.peers.columns import LeadColumns


class Lead(LeadColumns):
    """The reason of a change may be as long as a note: the setting that the documentation has for this."""

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
