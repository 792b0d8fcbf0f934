"""What the rules need to know of the office, fetched only when an intent calls for it."""

from datetime import datetime

from ..intents import Create, Intent, Move, Rules, TimeOut
from ..models import OfficeSettings
from ..reasons import Reason
from ..states import State
from . import store


class Book(dict[str, Reason]):
    """Reason codes by code, read from the database one by one when asked for."""

    def get(self, code: str, default: object = None) -> Reason | None:  # type: ignore[override]
        if code not in self:
            # What no column could hold is no code; the database would answer with a fault.
            if not code.isascii() or "\x00" in code:
                return None
            found = store.reason(code)
            if found is None:
                return None
            self[code] = found
        return self[code]


def rules_for(intent: Intent, now: datetime) -> Rules:
    """The rules in force at ``now``; the office's settings are read for the intents that depend on them."""
    if isinstance(intent, Create | TimeOut) or (isinstance(intent, Move) and intent.to == State.NEW):
        return office_rules(now)
    return Rules(now=now, book=Book())


def office_rules(now: datetime) -> Rules:
    """The rules with the office's own numbers."""
    s = OfficeSettings.load()
    return Rules(now, Book(), s.sla_minutes, s.no_response_days, s.no_response_attempts, s.no_progress_days)
