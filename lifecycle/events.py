"""The kinds of fact that the log keeps, and the words that a fact is made of.

A kind is a business fact in the past tense. A kind that has rows is never renamed, removed or reused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from .speech import gettext, gettext_noop, pgettext


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
        return gettext(_KIND_LABEL[self])


_KIND_LABEL = {
    Kind.LEAD_CREATED: gettext_noop("Lead created"),
    Kind.CONTACT_ATTEMPTED: gettext_noop("Contact attempted"),
    Kind.BOGUS_CONTACT_DETECTED: gettext_noop("Bogus contact detected"),
    Kind.MOTIVATION_CONFIRMED: gettext_noop("Motivation confirmed"),
    Kind.TIMED_OUT_NO_RESPONSE: gettext_noop("Timed out no response"),
    Kind.BUYER_AGREEMENT_SIGNED: gettext_noop("Buyer agreement signed"),
    Kind.TIMED_OUT_NO_PROGRESS: gettext_noop("Timed out no progress"),
    Kind.ARCHIVED_MANUALLY: gettext_noop("Archived manually"),
    Kind.CONTRACT_EXECUTED: gettext_noop("Contract executed"),
    Kind.DEAL_COLLAPSED: gettext_noop("Deal collapsed"),
    Kind.CLOSING_COMPLETED: gettext_noop("Closing completed"),
    Kind.CONTRACT_VOIDED: gettext_noop("Contract voided"),
    Kind.LEAD_RE_ENGAGED: gettext_noop("Lead re engaged"),
    Kind.CONTACT_INFO_UPDATED: gettext_noop("Contact info updated"),
    Kind.AGENT_ASSIGNED: gettext_noop("Agent assigned"),
    Kind.CONTACT_LOGGED: gettext_noop("Contact logged"),
    Kind.FLAG_SET: gettext_noop("Flag set"),
    Kind.FLAG_CLEARED: gettext_noop("Flag cleared"),
    Kind.NOTE_ADDED: gettext_noop("Note added"),
    Kind.TEMPERATURE_CHANGED: gettext_noop("Temperature changed"),
    Kind.SIGNAL_LOGGED: gettext_noop("Signal logged"),
    Kind.SLA_BREACHED: gettext_noop("Sla breached"),
    Kind.CONTACT_DETAILS_CHANGED: gettext_noop("Contact details changed"),
    Kind.MOVE_VOIDED: gettext_noop("Move voided"),
    Kind.REASON_CORRECTED: gettext_noop("Reason corrected"),
    Kind.LEAD_ABSORBED: gettext_noop("Lead absorbed"),
    Kind.MERGED_INTO: gettext_noop("Merged into"),
    Kind.MERGE_UNDONE: gettext_noop("Merge undone"),
    Kind.IMPORT_WITHDRAWN: gettext_noop("Import withdrawn"),
    Kind.LEGAL_HOLD_SET: gettext_noop("Legal hold set"),
    Kind.LEGAL_HOLD_CLEARED: gettext_noop("Legal hold cleared"),
    Kind.PERSONAL_DATA_ERASED: gettext_noop("Personal data erased"),
    Kind.HISTORY_IMPORTED: gettext_noop("History imported"),
}

#: A demotion is a kind, never a pair of states: undoing a step forward is no collapse.
DEMOTIONS = frozenset({Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED})

#: Facts whose reason code may be corrected afterwards.
CORRECTABLE = DEMOTIONS | {Kind.ARCHIVED_MANUALLY, Kind.BOGUS_CONTACT_DETECTED, Kind.AGENT_ASSIGNED}

#: Facts about what somebody agreed to or asked for: superseded by a newer one, never undone.
CONSENT = frozenset({Kind.FLAG_SET, Kind.FLAG_CLEARED})

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

    @property
    def label(self) -> str:
        return _SOURCE_LABEL[self]()


_SOURCE_LABEL: dict[Source, Callable[[], str]] = {
    Source.BOARD: lambda: pgettext("through which door a fact came in", "board"),
    Source.PAGE: lambda: pgettext("through which door a fact came in", "page"),
    Source.BULK: lambda: pgettext("through which door a fact came in", "bulk"),
    Source.API: lambda: pgettext("through which door a fact came in", "api"),
    Source.ADMIN: lambda: pgettext("through which door a fact came in", "admin"),
    Source.IMPORT: lambda: pgettext("through which door a fact came in", "import"),
    Source.FORM: lambda: pgettext("through which door a fact came in", "form"),
    Source.SCHEDULE: lambda: pgettext("through which door a fact came in", "schedule"),
    Source.COMMAND: lambda: pgettext("through which door a fact came in", "command"),
}


class Channel(StrEnum):
    CALL = "call"
    EMAIL = "email"
    TEXT = "text"
    IN_PERSON = "in_person"

    @property
    def label(self) -> str:
        return _CHANNEL_LABEL[self]()


_CHANNEL_LABEL: dict[Channel, Callable[[], str]] = {
    Channel.CALL: lambda: pgettext("channel", "Call"),
    Channel.EMAIL: lambda: pgettext("channel", "E-mail"),
    Channel.TEXT: lambda: pgettext("channel", "Text"),
    Channel.IN_PERSON: lambda: pgettext("channel", "In person"),
}


class Direction(StrEnum):
    OUTBOUND = "outbound"
    INBOUND = "inbound"

    @property
    def label(self) -> str:
        return gettext(_DIRECTION_LABEL[self])


_DIRECTION_LABEL = {
    Direction.OUTBOUND: gettext_noop("We reached out"),
    Direction.INBOUND: gettext_noop("They reached us"),
}


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
        return _OUTCOME_LABEL[self]()


_OUTCOME_LABEL: dict[Outcome, Callable[[], str]] = {
    Outcome.SPOKE: lambda: pgettext("outcome of a contact", "Spoke"),
    Outcome.NO_ANSWER: lambda: pgettext("outcome of a contact", "No answer"),
    Outcome.VOICEMAIL: lambda: pgettext("outcome of a contact", "Left a voicemail"),
    Outcome.SENT: lambda: pgettext("outcome of a contact", "Sent"),
    Outcome.REPLIED: lambda: pgettext("outcome of a contact", "Replied"),
    Outcome.MET: lambda: pgettext("outcome of a contact", "Met"),
    Outcome.WRONG_NUMBER: lambda: pgettext("outcome of a contact", "Wrong number"),
    Outcome.BOUNCED: lambda: pgettext("outcome of a contact", "Bounced"),
}


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
        return _INQUIRY_LABEL[self]()


_INQUIRY_LABEL: dict[Inquiry, Callable[[], str]] = {
    Inquiry.WEBSITE: lambda: pgettext("where a lead came from", "Our website"),
    Inquiry.PORTAL: lambda: pgettext("where a lead came from", "Listing portal"),
    Inquiry.PHONE: lambda: pgettext("where a lead came from", "Phone call"),
    Inquiry.WALK_IN: lambda: pgettext("where a lead came from", "Walk-in"),
    Inquiry.OPEN_HOUSE: lambda: pgettext("where a lead came from", "Open house"),
    Inquiry.SIGN_CALL: lambda: pgettext("where a lead came from", "Yard sign"),
    Inquiry.REFERRAL: lambda: pgettext("where a lead came from", "Referral"),
    Inquiry.SOCIAL: lambda: pgettext("where a lead came from", "Social media"),
    Inquiry.IMPORT: lambda: pgettext("where a lead came from", "Import"),
    Inquiry.OTHER: lambda: pgettext("where a lead came from", "Other"),
}


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
