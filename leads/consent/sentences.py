"""Answers about consent in one sentence each, with the fact that decides it."""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.backfill import FLAG_IMPORTED
from lifecycle.events import Source
from lifecycle.history import Clock
from lifecycle.history.consent import Answer, Closure, How, Reach, Verdict
from lifecycle.imported import undated
from lifecycle.reasons import Reason
from lifecycle.timeline.because import label, lowered
from lifecycle.timeline.entries import LATE_AFTER, SCRIBE

from .. import moments
from .asked import moment_words


def in_old_system(event: Any) -> bool:
    """Whether a flag came with an import of what an old system had: nobody here set it."""
    return bool(event.source == Source.IMPORT and event.actor_id is None and event.reason == FLAG_IMPORTED)


class Voice:
    """How facts are told here: in which zone, by which clock, with the office's words for its reasons."""

    def __init__(self, zone: tzinfo, book: dict[str, Reason], clock: Clock = Clock.HAPPENED) -> None:
        self.zone, self.book, self.clock = zone, book, clock

    def when(self, event: Any, clock: Clock | None = None) -> str:
        """When a fact happened (or was recorded); "about" where the time was worked out afterwards."""
        if (clock or self.clock) is Clock.KNOWN:
            return moment_words(event.recorded_at, self.zone)
        words = moment_words(event.occurred_at, self.zone)
        if undated(event):
            return pgettext("a time that is not known", "%(time)s or earlier") % {"time": words}
        return gettext("about %(time)s") % {"time": words} if event.backfilled else words

    def who(self, event: Any) -> str:
        if in_old_system(event):
            return pgettext("who set a flag", "not known who")
        return event.actor_name if event.actor_id is not None else SCRIBE

    def why(self, event: Any) -> str:
        """Who and for which reason: ``by Scribe (replied STOP to a text)``."""
        if in_old_system(event):
            return pgettext("who set a flag", "in an old system, by whom is not known")
        reason = lowered(label(event.reason, event.kind, self.book, True))
        parts = {"who": self.who(event), "why": reason}
        return gettext("by %(who)s (%(why)s)") % parts if reason else gettext("by %(who)s") % parts

    def set_clause(self, closure: Closure) -> str:
        """``“Do not text” was set on … by …``"""
        event = closure.set_by
        parts = {"flag": closure.flag.label, "when": self.when(event), "by": self.why(event)}
        if self.clock is Clock.KNOWN:
            return gettext("“%(flag)s” was recorded on %(when)s %(by)s") % parts
        return gettext("“%(flag)s” was set on %(when)s %(by)s") % parts

    def cleared_clause(self, closure: Closure) -> str:
        """``“Do not text” was cleared on … by …``"""
        event = closure.cleared_by
        if event is None:
            return gettext("“%(flag)s” stood only until a merge was undone") % {"flag": closure.flag.label}
        parts = {"flag": closure.flag.label, "when": self.when(event), "by": self.why(event)}
        if self.clock is Clock.KNOWN:
            return gettext("“%(flag)s” was recorded as cleared on %(when)s %(by)s") % parts
        return gettext("“%(flag)s” was cleared on %(when)s %(by)s") % parts


def answer_sentence(answer: Answer, how: How, voice: Voice) -> str:
    """The answer for an instant, as one sentence."""
    match answer.verdict:
        case Verdict.NOT_YET:
            return _not_yet(answer, voice)
        case Verdict.FORBIDDEN:
            return _standing(answer.against[0], voice, gettext("No: %(fact)s and %(end)s."))
        case Verdict.WITH_REASON:
            said = gettext("Yes, by hand with a recorded reason: %(fact)s and %(end)s.")
            return _standing(answer.against[0], voice, said)
        case Verdict.NOT_MARKETING:
            said = gettext("Yes, but only what is no marketing, such as a receipt: %(fact)s and %(end)s.")
            if how is How.BY_HAND:
                said = gettext("Yes, a personal e-mail, but no marketing: %(fact)s and %(end)s.")
            return _standing(answer.against[0], voice, said)
    return _allowed(answer, voice)


def _not_yet(answer: Answer, voice: Voice) -> str:
    if answer.begun is None:
        return gettext("This lead did not exist yet.")
    parts = {"when": moment_words(answer.begun, voice.zone)}
    if voice.clock is Clock.KNOWN:
        return gettext("This lead was not recorded yet; its first fact was written down on %(when)s.") % parts
    return gettext("This lead did not exist yet; it came in on %(when)s.") % parts


def _standing(closure: Closure, voice: Voice, said: str) -> str:
    if closure.until is None:
        end = gettext("not cleared since")
    else:
        end = gettext("not cleared until %(when)s") % {"when": moment_words(closure.until, voice.zone)}
    return said % {"fact": voice.set_clause(closure), "end": end}


def _allowed(answer: Answer, voice: Voice) -> str:
    lifted, coming = answer.lifted, answer.coming
    if lifted is None and coming is None:
        return gettext("Yes: nothing was ever recorded against it.")
    if lifted is None and coming is not None:
        later = {"fact": voice.set_clause(coming)}
        if voice.clock is Clock.KNOWN:
            return gettext("Yes: nothing against it was recorded by then; only later %(fact)s.") % later
        return gettext("Yes: nothing stood against it then; only later %(fact)s.") % later
    assert lifted is not None
    said = {"cleared": voice.cleared_clause(lifted)}
    if coming is None:
        return gettext("Yes: %(cleared)s, and nothing stood against it then.") % said
    return gettext("Yes: %(cleared)s; only later %(fact)s.") % {**said, "fact": voice.set_clause(coming)}


def besides(answer: Answer, voice: Voice) -> list[str]:
    """What else a reader of the answer has to know: the further flags that stood."""
    said = gettext("This stood as well: %(fact)s.")
    return [said % {"fact": voice.set_clause(closure)} for closure in answer.against[1:]]


def verdict_words(verdict: Verdict) -> str:
    """The answer in a word or two, for a chip."""
    match verdict:
        case Verdict.NOT_YET:
            return gettext("Did not exist yet")
        case Verdict.ALLOWED:
            return pgettext("answer", "Yes")
        case Verdict.NOT_MARKETING:
            return pgettext("answer", "Yes, but no marketing")
        case Verdict.WITH_REASON:
            return gettext("By hand, with a reason")
    return pgettext("answer", "No")


def open_words(verdict: Verdict) -> str:
    """Whether a channel is open now, for a chip."""
    match verdict:
        case Verdict.ALLOWED | Verdict.NOT_YET:
            return pgettext("channel", "Open")
        case Verdict.NOT_MARKETING:
            return pgettext("channel", "Open, no marketing")
        case Verdict.WITH_REASON:
            return gettext("Only by hand, with a reason")
    return pgettext("channel", "Closed")


def asked_words(reach: Reach, how: How) -> str:
    """The question as it was asked: *Was a personal text allowed?* Of marketing it is the same question either way."""
    if reach is Reach.MARKETING:
        return gettext("Was marketing e-mail allowed?")
    return {
        (Reach.EMAIL, How.BY_HAND): gettext("Was a personal e-mail allowed?"),
        (Reach.EMAIL, How.AUTOMATED): gettext("Was an automated e-mail allowed?"),
        (Reach.TEXT, How.BY_HAND): gettext("Was a personal text allowed?"),
        (Reach.TEXT, How.AUTOMATED): gettext("Was an automated text allowed?"),
        (Reach.CALL, How.BY_HAND): gettext("Was a personal call allowed?"),
        (Reach.CALL, How.AUTOMATED): gettext("Was an automated call allowed?"),
    }[reach, how]


def late_words(event: Any) -> str:
    """``recorded 2 days later`` where a fact was written down noticeably after it happened; not for an import."""
    late = event.recorded_at - event.occurred_at
    if event.source == Source.IMPORT or late <= LATE_AFTER:
        return ""
    minutes, hours, days = int(late / timedelta(minutes=1)), int(late / timedelta(hours=1)), late.days
    if days:
        return ngettext("recorded %(n)d day later", "recorded %(n)d days later", days) % {"n": days}
    if hours:
        return ngettext("recorded %(n)d hour later", "recorded %(n)d hours later", hours) % {"n": hours}
    return ngettext("recorded %(n)d minute later", "recorded %(n)d minutes later", minutes) % {"n": minutes}


def import_words(event: Any, zone: tzinfo, now: datetime) -> str:
    """``from the import of 12 May`` for a fact that another system kept."""
    if event.source != Source.IMPORT:
        return ""
    return gettext("from the import of %(day)s") % {"day": moments.day(event.recorded_at, zone, now)}
