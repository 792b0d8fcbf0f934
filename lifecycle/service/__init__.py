"""The one door: the only code that appends an event or touches a cached column.

Every action is keyword-only and takes

* ``actor``: the user who does it, None for Scribe;
* ``source``: through which door it came (``events.Source``);
* ``expected_version``: the version that the caller saw; another one is refused as stale (None: no such check);
* ``occurred_at``: a typed time, aware, or None for now;
* ``uuid``: the idempotency key, which becomes the event's public name;
* ``batch``: shared by the events of one bulk action; ``now``: the clock, for schedules, seeds and tests.

It returns a ``Result`` (``events == []``: nothing to do) or raises a ``Refused`` and leaves nothing behind.
"""

from .contacts import CONTACT_FIELDS, change_contact, create_lead, log_contact
from .erasing import Beside, erase_personal_data
from .facts import add_note, assign_lead, check_correction, clear_flag, correct_reason, set_flag
from .moves import check_void, move_lead, void_move
from .record import Call, Result, check_version
from .schedule import declare_breach, time_out

__all__ = [
    "CONTACT_FIELDS",
    "Beside",
    "Call",
    "Result",
    "add_note",
    "assign_lead",
    "change_contact",
    "check_correction",
    "check_version",
    "check_void",
    "clear_flag",
    "correct_reason",
    "create_lead",
    "declare_breach",
    "erase_personal_data",
    "log_contact",
    "move_lead",
    "set_flag",
    "time_out",
    "void_move",
]
