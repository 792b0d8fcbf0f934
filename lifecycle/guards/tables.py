"""The names of the guarded tables, found through the log's own keys."""

from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db.backends.base.base import BaseDatabaseWrapper

from ..flags import Flag

FLAGS = tuple(f.value for f in Flag)


class Tables(NamedTuple):
    schema: str
    events: str
    notes: str
    leads: str
    users: str
    reasons: str

    @classmethod
    def named(cls, connection: BaseDatabaseWrapper) -> "Tables":
        """The tables as this connection names them; the schema is PostgreSQL's current one, else ``main``."""
        from ..models import EventNote, LeadEvent, ReasonCode

        schema = "main"
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_schema()")
                schema = cursor.fetchone()[0]
        lead = LeadEvent._meta.get_field("lead").related_model
        return cls(
            schema,
            LeadEvent._meta.db_table,
            EventNote._meta.db_table,
            lead._meta.db_table,
            get_user_model()._meta.db_table,
            ReasonCode._meta.db_table,
        )
