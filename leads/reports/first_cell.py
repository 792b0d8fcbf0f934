"""The clocks behind one number of the page about the first response, and the number in words."""

from collections.abc import Callable, Iterable
from datetime import tzinfo

from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext

from lifecycle.models import LeadEvent
from lifecycle.reports.first_clocks import Clock, Outcome
from lifecycle.reports.first_figures import PARTS, group_of, part_of, weekday_of

from . import first_words
from .asked import Asked
from .facts import facts_with

#: What the address may say of a number, besides window, past and agent.
EXTRAS = ("what", "source", "took", "day", "part")
#: In the place of a source that nobody recorded.
NONE = "none"

_WHAT: dict[str, tuple[Callable[[Clock], bool], Callable[[], str]]] = {
    "owed": (lambda c: c.owed, lambda: pgettext("the first contact", "all that were owed an answer")),
    "logged_late": (lambda c: c.owed and c.logged_late, lambda: pgettext("the first contact", "logged late")),
    **{o.value: (lambda c, o=o: c.outcome is o, lambda o=o: o.label) for o in Outcome},  # type: ignore[misc]
}
_DAYS = tuple(str(day) for day in range(7))
_PARTS = tuple(str(part) for part in range(PARTS))


def refuse(asked: Asked) -> None:
    """Adds a sentence to the refusals for everything of the cell that means nothing."""
    for name, possible in (("what", _WHAT), ("took", first_words.TOOK), ("day", _DAYS), ("part", _PARTS)):
        text = asked.extra[name]
        if text and text not in possible:
            sentence = gettext("“%(text)s” is no possible value of “%(name)s”.")
            asked.refusals.append(sentence % {"text": text, "name": name})


def chosen(clocks: Iterable[Clock], asked: Asked) -> list[Clock]:
    """Those of the clocks that the cell counts."""
    what, source, took, day, part = (asked.extra[name] for name in EXTRAS)
    zone: tzinfo = asked.scope.zone
    counts = _WHAT[what or "owed"][0]
    return [
        c
        for c in clocks
        if counts(c)
        and (not source or c.source == ("" if source == NONE else source))
        and (not took or first_words.TOOK[group_of(c)] == took)
        and (not day or weekday_of(c, zone) == int(day))
        and (not part or part_of(c, zone) == int(part))
    ]


def in_words(asked: Asked) -> str:
    """``First response: in time, 1–5 min, Our website``."""
    what, source, took, day, part = (asked.extra[name] for name in EXTRAS)
    parts = [_WHAT[what or "owed"][1]()]
    parts += [first_words.took(first_words.TOOK.index(took))] if took else []
    parts += [first_words.source("" if source == NONE else source)] if source else []
    parts += [first_words.weekday(int(day))] if day else []
    parts += [first_words.hours(int(part))] if part else []
    return gettext("First response: %(what)s") % {"what": ", ".join(parts)}


def facts_of(clocks: Iterable[Clock]) -> QuerySet[LeadEvent]:
    """The facts that started these clocks: inquiries and hand-overs, one a clock."""
    return facts_with(c.fact for c in clocks)
