"""The kinds of fact that the log keeps, and the words that a fact is made of.

A kind is a business fact in the past tense. A kind that has rows is never renamed, removed or reused.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    LEAD_CREATED = "lead_created"
    CONTACT_ATTEMPTED = "contact_attempted"
    BOGUS_CONTACT_DETECTED = "bogus_contact_detected"
    MOTIVATION_CONFIRMED = "motivation_confirmed"
    TIMED_OUT_NO_RESPONSE = "timed_out_no_response"
    BUYER_AGREEMENT_SIGNED = "buyer_agreement_signed"
    TIMED_OUT_NO_PROGRESS = "timed_out_no_progress"
    ARCHIVED_MANUALLY = "archived_manually"
    CONTRACT_EXECUTED = "contract_executed"
    DEAL_COLLAPSED = "deal_collapsed"
    CLOSING_COMPLETED = "closing_completed"
    CONTRACT_VOIDED = "contract_voided"
    LEAD_RE_ENGAGED = "lead_re_engaged"
    CONTACT_INFO_UPDATED = "contact_info_updated"
    AGENT_ASSIGNED = "agent_assigned"
    CONTACT_LOGGED = "contact_logged"
    FLAG_SET = "flag_set"
    FLAG_CLEARED = "flag_cleared"
    NOTE_ADDED = "note_added"
    TEMPERATURE_CHANGED = "temperature_changed"
    SIGNAL_LOGGED = "signal_logged"
    SLA_BREACHED = "sla_breached"
    CONTACT_DETAILS_CHANGED = "contact_details_changed"
    MOVE_VOIDED = "move_voided"
    REASON_CORRECTED = "reason_corrected"
    LEAD_ABSORBED = "lead_absorbed"
    MERGED_INTO = "merged_into"
    MERGE_UNDONE = "merge_undone"
    IMPORT_WITHDRAWN = "import_withdrawn"
    LEGAL_HOLD_SET = "legal_hold_set"
    LEGAL_HOLD_CLEARED = "legal_hold_cleared"
    PERSONAL_DATA_ERASED = "personal_data_erased"
    HISTORY_IMPORTED = "history_imported"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


#: A demotion is a kind, never a pair of states: undoing a step forward is no collapse.
DEMOTIONS = frozenset({Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED})

#: Facts whose reason code may be corrected afterwards.
CORRECTABLE = DEMOTIONS | {Kind.ARCHIVED_MANUALLY, Kind.BOGUS_CONTACT_DETECTED, Kind.AGENT_ASSIGNED}

#: Only these may stand first in a stream.
BEGINNINGS = frozenset({Kind.LEAD_CREATED, Kind.HISTORY_IMPORTED})

#: The rules of this release. A kind added later carries a higher number, so that older software knows to keep off.
RULES_VERSION = 1

#: Version of each kind's ``data``; older rows are upcast on reading, never rewritten.
SCHEMA_VERSION = 1


class Source(StrEnum):
    """Through which door a fact came in."""

    BOARD = "board"
    PAGE = "page"
    BULK = "bulk"
    API = "api"
    ADMIN = "admin"
    IMPORT = "import"
    FORM = "form"
    SCHEDULE = "schedule"
    COMMAND = "command"


class Channel(StrEnum):
    CALL = "call"
    EMAIL = "email"
    TEXT = "text"
    IN_PERSON = "in_person"

    @property
    def label(self) -> str:
        return {"call": "Call", "email": "E-mail", "text": "Text", "in_person": "In person"}[self.value]


class Direction(StrEnum):
    OUTBOUND = "outbound"
    INBOUND = "inbound"

    @property
    def label(self) -> str:
        return {"outbound": "We reached out", "inbound": "They reached us"}[self.value]


class Outcome(StrEnum):
    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    SENT = "sent"
    REPLIED = "replied"
    MET = "met"
    WRONG_NUMBER = "wrong_number"
    BOUNCED = "bounced"

    @property
    def label(self) -> str:
        return {
            "spoke": "Spoke",
            "no_answer": "No answer",
            "voicemail": "Left a voicemail",
            "sent": "Sent",
            "replied": "Replied",
            "met": "Met",
            "wrong_number": "Wrong number",
            "bounced": "Bounced",
        }[self.value]


#: Two-way contact: the lead answered. It restarts the clocks of both timeouts.
TWO_WAY = frozenset({Outcome.SPOKE, Outcome.REPLIED, Outcome.MET})


class Inquiry(StrEnum):
    """Where a lead came from."""

    WEBSITE = "website"
    PORTAL = "portal"
    PHONE = "phone"
    WALK_IN = "walk_in"
    OPEN_HOUSE = "open_house"
    SIGN_CALL = "sign_call"
    REFERRAL = "referral"
    SOCIAL = "social"
    IMPORT = "import"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "website": "Our website",
            "portal": "Listing portal",
            "phone": "Phone call",
            "walk_in": "Walk-in",
            "open_house": "Open house",
            "sign_call": "Yard sign",
            "referral": "Referral",
            "social": "Social media",
            "import": "Import",
            "other": "Other",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Words:
    """Prose that belongs to a fact but lives beside the log, so that it can be erased.

    In: ``note`` (what a person wrote), ``document`` (a reference to a signed document), ``source_words`` (what an
    imported row said in its own system).
    """

    note: str = ""
    document: str = ""
    source_words: str = ""

    def __bool__(self) -> bool:
        return bool(self.note or self.document or self.source_words)


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact that has been decided and not yet recorded. Agents and targets are database ids, times are aware."""

    kind: Kind
    occurred_at: datetime
    from_status: str = ""
    to_status: str = ""
    to_agent: int | None = None
    flag: str = ""
    reason: str = ""
    target: int | None = None
    by_scribe: bool = False
    caused_by_first: bool = False
    backfilled: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    words: Words = NO_WORDS
