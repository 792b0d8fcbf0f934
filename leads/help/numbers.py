"""The office's own numbers in words: "5 minutes", "21 days"."""

from django.utils.translation import gettext, ngettext

from lifecycle.authority import VOID_WINDOW
from lifecycle.models import OfficeSettings
from lifecycle.reasons import OTHER_NOTE_LENGTH
from lifecycle.states import State

from ..imports.removing import KEPT_DAYS


def days(n: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def minutes(n: int) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}


def attempts(n: int) -> str:
    return ngettext("%(n)d attempt", "%(n)d attempts", n) % {"n": n}


def numbers(office: OfficeSettings) -> dict[str, str]:
    """Every number that the help names, ready to stand in a sentence."""
    return {
        "first_contact": minutes(office.sla_minutes),
        "no_response": days(office.no_response_days),
        "attempts": attempts(office.no_response_attempts),
        "no_progress": days(office.no_progress_days),
        "quick_return": minutes(office.quick_return_minutes),
        "files_kept": days(KEPT_DAYS),
        "undo": minutes(int(VOID_WINDOW.total_seconds() // 60)),
        "other_note": ngettext("%(n)d character", "%(n)d characters", OTHER_NOTE_LENGTH) % {"n": OTHER_NOTE_LENGTH},
    }


def stale_after(office: OfficeSettings, state: State) -> str:
    """When a lead in this stage is stale, as a sentence; ``""`` for a stage in which it never is."""
    limit = office.stale_days(state.value)
    return gettext("Stale after %(days)s.") % {"days": days(limit)} if limit is not None else ""
