"""Nadia, who left the office: a share of Ryan's leads were hers until then, and those still open went to him.

Pure. Works on stories that are told and placed already, like `leave`: whoever had the lead before also did the work.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from .office import BROKER, BY_LOGIN, GONE, Calendar
from .storyline import Intent, PlannedLead

#: Before anybody is at work, so that a day lies wholly before or wholly after, whatever the weekday.
_HOUR, _MINUTE = 8, 30
_TO = "ryan"
#: Of every so many of Ryan's leads so many were hers.
_EVERY, _HERS = 5, 2
_NOTE = "Nadia has moved to Portland, Friday was her last day. Ryan toured with most of these, they know him."


def part(leads: Iterable[PlannedLead], calendar: Calendar) -> tuple[list[PlannedLead], Intent]:
    """The stories as they went with her, and the call that gave her open leads on."""
    at = calendar.clock(BY_LOGIN[GONE].left, _HOUR, _MINUTE)
    told = [_with_her(lead, at) if _is_hers(lead, at) else lead for lead in leads]
    to = {lead.slug: _TO for lead in told if _holder(lead, at) == GONE and _goes_on(lead, at)}
    fields = {"to": to, "reason": "agent_departed", "note": _NOTE, "hands_back": ""}
    return told, Intent("batch/parting", "batch", at, BROKER, fields, "bulk")


def _is_hers(lead: PlannedLead, at: datetime) -> bool:
    """By the number of the lead; those told by hand have none, and stay whose they are."""
    number = lead.slug.partition("-")[0]
    return number.isdigit() and int(number) % _EVERY < _HERS and lead.intents[0].at < at


def _with_her(lead: PlannedLead, at: datetime) -> PlannedLead:
    """The same story, with her in Ryan's place until she leaves."""

    def told(intent: Intent) -> Intent:
        if intent.at >= at:
            return intent
        actor = GONE if intent.actor == _TO else intent.actor
        return replace(intent, actor=actor, fields=_renamed(intent.fields))

    return replace(lead, intents=tuple(told(intent) for intent in lead.intents))


def _renamed(fields: Mapping[str, Any]) -> dict[str, Any]:
    renamed = dict(fields)
    for name in ("agent", "to"):
        if renamed.get(name) == _TO:
            renamed[name] = GONE
    if note := renamed.get("note"):
        renamed["note"] = note.replace(BY_LOGIN[_TO].first, BY_LOGIN[GONE].first)
    return renamed


def _holder(lead: PlannedLead, at: datetime) -> str:
    """Who holds the lead at that moment."""
    hands = [i.fields for i in lead.intents if i.verb in ("create", "assign") and i.at < at]
    return str(hands[-1].get("to", hands[-1].get("agent", ""))) if hands else ""


def _goes_on(lead: PlannedLead, at: datetime) -> bool:
    """Whether somebody works the lead after that, or will wake it; what is closed or asleep for good stays hers."""
    moves = [i.fields["to"] for i in lead.intents if i.verb == "move" and i.at < at]
    asleep = bool(moves) and moves[-1] in ("CLOSED", "ARCHIVED", "TRASHED")
    return not asleep or any(i.at >= at and i.actor == _TO for i in lead.intents)
