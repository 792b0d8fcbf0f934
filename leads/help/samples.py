"""Sample cards for the help: made-up leads drawn by the very code that draws the board."""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext

from lifecycle.flags import Flag
from lifecycle.models import OfficeSettings
from lifecycle.reasons import Reason
from lifecycle.states import Provenance, State

from ..board.cards import Card, Desk, card
from ..models import Lead, User


def sample_cards(office: OfficeSettings, reasons: dict[str, Reason], now: datetime, zone: tzinfo) -> dict[str, Card]:
    """A card for every mark that the board knows, by a name of ours. Nothing is stored."""
    desk = Desk(now, office, reasons, zone)
    leads = {**_clocks(office, now), **_ways(now), **_signs(office, now)}
    return {name: card(lead, desk) for name, lead in leads.items()}


def _lead(name: str, want: str, status: State, since: datetime, **columns: Any) -> Lead:
    columns.setdefault("agent", User(display_name="Ana Alvarez"))
    return Lead(
        name=name,
        headline=want,
        status=status.value,
        stage_entered_at=since,
        **columns,
    )


def _clocks(office: OfficeSettings, now: datetime) -> dict[str, Lead]:
    """The first-contact clock as it runs, is met, is missed, and was answered late."""
    allowed = timedelta(minutes=office.sla_minutes)

    def asked(ago: timedelta, answered: timedelta | None = None) -> dict[str, Any]:
        came = now - ago
        contact = None if answered is None else came + answered
        return {
            "inquired_at": came,
            "first_contact_due_at": came + allowed,
            "first_contact_at": contact,
            "last_contact_at": contact,
        }

    want, day, late = gettext("Two bedrooms near the park"), timedelta(days=1), allowed + timedelta(minutes=12)
    return {
        "running": _lead("Lee Park", want, State.NEW, now - allowed / 3, agent=None, **asked(allowed / 3)),
        "met": _lead("Mia Chen", want, State.CONTACTING, now - day, **asked(day, allowed / 3)),
        "missed": _lead("Sam Osei", want, State.NEW, now - late, agent=None, **asked(late)),
        "answered_late": _lead("Ida Novak", want, State.CONTACTING, now - day, **asked(day, allowed * 2)),
    }


def _ways(now: datetime) -> dict[str, Lead]:
    """Fresh, fell back twice over, re-engaged."""

    def way(provenance: Provenance, reason: str, days: int, times: int = 1) -> dict[str, Any]:
        at = now - timedelta(days=days)
        return {
            "provenance": provenance.value,
            "provenance_reason": reason,
            "provenance_at": at,
            "times_qualified": times,
            "last_contact_at": now - timedelta(days=2),
        }

    want, here = gettext("3-bed in Alameda, pre-approved"), State.QUALIFIED
    days = [now - timedelta(days=n) for n in range(13)]
    return {
        "fresh": _lead("Dana Ortiz", want, here, days[5], **way(Provenance.FRESH, "", 5)),
        "fell_back_committed": _lead(
            "Noor Haddad", want, here, days[6], **way(Provenance.FELL_BACK_COMMITTED, "outbid", 6, 2)
        ),
        "fell_back_contract": _lead(
            "Joe Marsh", want, here, days[12], **way(Provenance.FELL_BACK_CONTRACT, "appraisal_low", 12, 3)
        ),
        "re_engaged": _lead("Eva Lind", want, here, days[3], **way(Provenance.RE_ENGAGED, "replied", 9)),
    }


def _signs(office: OfficeSettings, now: datetime) -> dict[str, Lead]:
    """Stale, in the pool, without a document, and one card for each flag."""
    want, lately = gettext("Condo downtown, cash"), now - timedelta(days=4)
    long_ago = now - timedelta(days=office.stale_qualified + 3)
    contact = {"last_contact_at": now - timedelta(days=40)}
    flagged = {
        flag.value: _lead("Tom Reyes", want, State.QUALIFIED, lately, **contact, **{flag.value: True}) for flag in Flag
    }
    return {
        "stale": _lead("Kim Doyle", want, State.QUALIFIED, long_ago, **contact),
        "no_document": _lead("Raj Patel", want, State.COMMITTED, lately, document_missing=True, **contact),
        **flagged,
    }
