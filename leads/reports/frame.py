"""What stands around every report: tabs, the question and how to change it, what is counted, the line on paper."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import pgettext

from lifecycle.reports.scope import Credit

from .. import moments
from ..asked_time import field_value
from ..lead_page.custody_words import on_paper
from ..lead_page.desk import Desk
from .asked import Asked
from .catalog import CATALOG, Report
from .windows import Days, Preset, in_words, place, presets, zone_line

#: What may be switched on, with its words; a report names those that make a difference to it.
_SWITCHES: dict[str, Callable[[], str]] = {
    "voided": lambda: pgettext("switch of a report", "Undone moves counted too"),
    "inferred": lambda: pgettext("switch of a report", "Stays of unknown length counted too"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A way to ask in another way; ``on``: that is how it is asked now."""

    words: str
    query: str
    on: bool = False


def frame(
    report: Report,
    asked: Asked,
    desk: Desk,
    *,
    says: Iterable[str] = (),
    switches: Sequence[str] = (),
    credit: bool = False,
    choose_agent: bool = True,
    form: bool = True,
    window: bool = True,
    chips: Iterable[tuple[str, str]] = (),
    title: str = "",
) -> dict[str, Any]:
    """The context of ``reports/base.html``: ``frame``, ``report`` and ``asked``. No query of its own.

    In: ``says``: what exactly is counted, a sentence each. ``switches``: "voided", "inferred". ``credit``: whether it
    may be asked to whom a collapse is credited. ``choose_agent`` False: the page is about one person. ``form`` False:
    nothing can be asked here; ``window`` False: the report has none, and none is asked for. ``chips``: of the report's
    own filters that are on the parameter and its words. ``title``: where the page is not the report itself.
    """
    offered = asked.agents if choose_agent else []
    around = {
        "title": title or report.title,
        "tabs": [(r, f"{r.url}{asked.elsewhere}", r is report) for r in CATALOG if r.url],
        "form": form,
        "fields": _day_fields(asked),
        "says": list(says),
        "presets": [Link(p.label, asked.for_window(p.days), _is_on(p.days, asked)) for p in _presets(asked)],
        "agents": offered,
        "switches": [(name, _SWITCHES[name](), bool(asked.kept[name])) for name in switches],
        "credits": [(c.value, c.label, c is asked.scope.credit) for c in Credit] if credit else [],
        "chips": _chips(asked, offered, switches, credit, chips) if form else [],
        "window": _window_words(asked) if window else "",
        "whose": dict(offered)[asked.kept["agent"]] if offered else "",
        "own": not desk.viewer.is_broker,
        "zone": zone_line(asked.scope.zone),
        "place": place(asked.scope.zone),
        "known": _known(asked),
        "paper": on_paper(desk),
        "csv_query": asked.query(format="csv") if desk.viewer.is_broker and not asked.refusals else "",
    }
    return {"frame": around, "report": report, "asked": asked}


def known_words(asked: Asked) -> str:
    """The instant as of which the figures are known, by the office's clock; ``""`` where it is now."""
    moment = asked.scope.known_at
    return moments.instant(moment, asked.scope.zone) if moment else ""


def _known(asked: Asked) -> dict[str, str]:
    """The band of a past that never changes again, with the way back; and what the form's field shows."""
    moment = asked.scope.known_at
    return {
        "words": known_words(asked),
        "now_query": asked.query(known_at=""),
        "typed": field_value(moment, asked.scope.zone) if moment else _wall_clock(asked.typed["known_at"]),
    }


def _day_fields(asked: Asked) -> tuple[str, str]:
    """What the two fields of the window show: what was typed as far as a field can hold it, else what holds."""
    first, last = (day.isoformat() if day else "" for day in asked.days)
    return _as_day(asked.typed["from"]) or first, _as_day(asked.typed["through"]) or last


def _as_day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _wall_clock(text: str) -> str:
    """A refused time as a field holds it, which knows no offset."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="minutes")
    except ValueError:
        return ""


def _presets(asked: Asked) -> list[Preset]:
    return presets(asked.scope.end, asked.scope.zone)


def _is_on(days: Days, asked: Asked) -> bool:
    return not asked.refusals and (days or (None, None)) == asked.days


def _window_words(asked: Asked) -> str:
    words = in_words(*asked.days)
    last, end = asked.days[1], asked.scope.end.astimezone(asked.scope.zone).date()
    # A window that ends on the very day is over for everybody who reads it.
    if last is None or last <= end:
        return words
    return pgettext("a window that is not over yet", "%(window)s, so far") % {"window": words}


def _chips(
    asked: Asked, agents: list[tuple[str, str]], switches: Sequence[str], credit: bool, own: Iterable[tuple[str, str]]
) -> list[Link]:
    """What narrows or changes the figures, each with the link that takes it away."""
    on: list[tuple[str, str]] = []
    if agents and asked.kept["agent"]:
        on.append(("agent", dict(agents)[asked.kept["agent"]]))
    if credit and asked.scope.credit is not Credit.HOLDER:
        on.append(("by", asked.scope.credit.label))
    on += [(name, _SWITCHES[name]()) for name in switches if asked.kept[name]]
    on += own
    return [Link(words, asked.query(**{name: ""})) for name, words in on]
