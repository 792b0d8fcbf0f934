"""The answer to "was I allowed to, on that day?": by both clocks, of an instant or a day, for one lead or more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext

from lifecycle.history import Clock
from lifecycle.history.consent import Answer, Past, Stream, Stretch, Verdict, answer, over, read_past, strongest, united
from lifecycle.reasons import Reason

from .. import moments
from .asked import Question
from .sentences import Voice, answer_sentence, asked_words, besides, verdict_words

LOOKS = {
    Verdict.NOT_YET: "",
    Verdict.ALLOWED: "good",
    Verdict.NOT_MARKETING: "warn",
    Verdict.WITH_REASON: "warn",
    Verdict.FORBIDDEN: "bad",
}
#: Both are a yes; the second to less.
_OPEN = frozenset({Verdict.ALLOWED, Verdict.NOT_MARKETING})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day with its sentence; ``span`` is empty of an instant."""

    span: str
    sentence: str
    more: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """The answer by one clock: in a word, and with the facts that decide it."""

    clock: str
    meaning: str
    words: str
    look: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Reply:
    """The question and its answer. ``told``: one when both clocks say the same, else as it was and as we knew it."""

    asked: str
    when: str
    told: list[Told]
    query: str

    @property
    def differs(self) -> bool:
        return len(self.told) > 1


def reply(question: Question, streams: Sequence[Stream], book: dict[str, Reason], now: datetime) -> Reply:
    """The answer for these leads, read as one person. In: a question that has been answered for its time."""
    found = [_told(question, united(read_past(s, clock) for s in streams), clock, book, now) for clock in Clock]
    told = [t for t, _ in found]
    if found[0][1] == found[1][1]:
        told = told[:1]
    return Reply(asked_words(question.reach, question.how), question.when, told, question.query())


def _told(question: Question, past: Past, clock: Clock, book: dict[str, Reason], now: datetime) -> tuple[Told, object]:
    """The answer by one clock, and what of it both clocks must agree in to be told as one."""
    voice = Voice(question.zone, book, clock)
    if question.moment is not None:
        found = answer(past, question.reach, question.how, question.moment)
        words, look = verdict_words(found.verdict), LOOKS[found.verdict]
        part = _part("", found, question, voice)
        return Told(clock.label, clock.meaning, words, look, [part]), [(found.verdict, _deciding(found))]
    assert question.since is not None and question.until is not None
    stretches = over(past, question.reach, question.how, question.since, question.until)
    words, look = _day_words(stretches, voice)
    parts = [_part(_span(s, question, now, voice), s.answer, question, voice) for s in stretches]
    same = [(s.since, s.answer.verdict, _deciding(s.answer)) for s in stretches]
    return Told(clock.label, clock.meaning, words, look, parts), same


def _part(span: str, found: Answer, question: Question, voice: Voice) -> Part:
    return Part(span, answer_sentence(found, question.how, voice), besides(found, voice))


def _deciding(found: Answer) -> object:
    """The fact that closed the way or narrowed it; None of a plain yes."""
    return found.against[0].set_by.id if found.against else None


def _day_words(stretches: list[Stretch], voice: Voice) -> tuple[str, str]:
    """The day in a word or two: *Allowed all day*, *Allowed until 2:05 pm*, *Not at all*."""
    runs = [(v, next(group).since) for v, group in groupby(stretches, key=lambda s: s.answer.verdict)]
    verdicts = [v for v, _ in runs]
    if len(runs) == 1:
        words = {
            Verdict.NOT_YET: gettext("Did not exist yet"),
            Verdict.ALLOWED: gettext("Allowed all day"),
            Verdict.NOT_MARKETING: gettext("Allowed all day, but no marketing"),
            Verdict.WITH_REASON: gettext("By hand, with a reason, all day"),
            Verdict.FORBIDDEN: gettext("Not at all that day"),
        }
        return words[verdicts[0]], LOOKS[verdicts[0]]
    if set(verdicts) <= _OPEN:
        return verdict_words(Verdict.NOT_MARKETING), "warn"
    if len(runs) == 2 and Verdict.ALLOWED in verdicts:
        said = gettext("Allowed until %(time)s") if verdicts[0] is Verdict.ALLOWED else gettext("Allowed from %(time)s")
        return said % {"time": _time(runs[1][1], voice)}, "warn"
    if Verdict.ALLOWED in verdicts or {Verdict.NOT_MARKETING, Verdict.FORBIDDEN} <= set(verdicts):
        return gettext("Allowed for a part of the day"), "warn"
    return verdict_words(strongest(verdicts)), "warn"


def _span(stretch: Stretch, question: Question, now: datetime, voice: Voice) -> str:
    first, last = stretch.since == question.since, stretch.until == question.until
    if first and last:
        return gettext("All day so far") if stretch.until >= now else gettext("All day")
    parts = {"from": _time(stretch.since, voice), "until": _time(stretch.until, voice)}
    if first:
        return gettext("Until %(until)s") % parts
    return gettext("From %(from)s") % parts if last else gettext("From %(from)s until %(until)s") % parts


def _time(moment: datetime, voice: Voice) -> str:
    return f"{moments.time_of_day(moment, voice.zone)} {moments.zone_name(moment.astimezone(voice.zone))}"
