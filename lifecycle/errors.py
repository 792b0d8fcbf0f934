"""Refusals: ordinary answers, each with a name and a sentence that a person can act on."""

from typing import Any


class Refused(Exception):
    """The log was left as it was. ``code`` is for programs, ``sentence`` for people, ``status`` for HTTP."""

    code = "refused"
    status = 422

    def __init__(self, sentence: str, *, field: str = "", **details: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.details = details


class IllegalMove(Refused):
    code = "illegal_move"


class ClosedLead(IllegalMove):
    code = "closed_lead"


class ReasonMissing(Refused):
    code = "reason_missing"


class ReasonNotValid(Refused):
    code = "reason_not_valid"


class NoteMissing(Refused):
    code = "note_missing"


class InputMissing(Refused):
    """Something else that the move asks for: a contact, a closing date, corrected contact data."""

    code = "input_missing"


class BadInput(Refused):
    """A value that cannot be read or stored: too long, a NUL byte, a half character, a number out of range."""

    code = "bad_input"


class StaleVersion(Refused):
    """Somebody else came first. ``details``: who, when, from_status, to_status, version, event (its database id)."""

    code = "stale_version"
    status = 409


class NotYours(Refused):
    code = "not_yours"
    status = 403


class TypedTime(Refused):
    code = "typed_time"


class ThresholdNotReached(Refused):
    code = "threshold_not_reached"


class NothingToVoid(Refused):
    code = "nothing_to_void"
    status = 409


class NothingToCorrect(Refused):
    """The fact whose reason is to be corrected counts for nothing any more."""

    code = "nothing_to_correct"
    status = 409


class TooLate(Refused):
    code = "too_late"
    status = 403


class UuidReused(Refused):
    """The idempotency key was used before, by somebody else or for something else."""

    code = "uuid_reused"
    status = 409


class NotUnderstood(Refused):
    """The lead carries a fact from a newer release; this one must not write on top of it."""

    code = "not_understood"
    status = 409


class DataErased(Refused):
    """The personal data of this lead were erased: nothing about the person is written to it any more."""

    code = "data_erased"
    status = 409


class LegalHold(Refused):
    """Somebody may need these data before a court: they cannot be erased until the hold is lifted."""

    code = "legal_hold"
    status = 409


class NoSuchLead(Refused):
    code = "no_such_lead"
    status = 404
