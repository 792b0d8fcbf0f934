"""What changed hands in the window, and what went well: counts with the facts behind them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import ngettext, pgettext

from lifecycle.authority import reason_shown
from lifecycle.events import Kind
from lifecycle.reasons import OTHER
from lifecycle.reports.one_agent import Deeds, Handed, deeds, handed
from lifecycle.timeline.because import label

from ...board.mix import grouped
from ..collapses_cell import COLLAPSED
from .asking import Asking
from .counted import Cell

#: What the page about one person has numbers of: its word in addresses, and what stands over its facts.
WHAT: dict[str, Callable[[], str]] = {
    "closed": lambda: pgettext("heading", "Closed"),
    "won_back": lambda: pgettext("heading", "Won back: re-engaged and qualified again"),
    "got": lambda: pgettext("heading", "Leads received"),
    "gave": lambda: pgettext("heading", "Leads given away"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """A reason of hand-overs, and how many leads came and went for it."""

    name: str
    got: Cell
    gave: Cell


@dataclass(frozen=True, slots=True)
class Hands:
    """``reasons``: the most frequent first."""

    got: Cell
    gave: Cell
    reasons: list[Why]


def read_hands(asking: Asking) -> Hands:
    """The hand-overs of the window. One query."""
    found = handed(asking.scope)
    count = Counter((one.got, reason_read(one, asking)) for one in found)
    codes = {code for _, code in count}
    ordered = sorted(codes, key=lambda code: (-count[True, code] - count[False, code], _words(code, asking)))
    return Hands(
        got=_cell(sum(one.got for one in found), asking, "got"),
        gave=_cell(sum(not one.got for one in found), asking, "gave"),
        reasons=[
            Why(
                _words(code, asking),
                _cell(count[True, code], asking, "got", code),
                _cell(count[False, code], asking, "gave", code),
            )
            for code in ordered
        ],
    )


def reason_read(one: Handed, asking: Asking) -> str:
    """The reason as the viewer may know of it: what is hidden counts as one among the others."""
    return reason_shown(one.reason, Kind.AGENT_ASSIGNED.value, asking.by_broker) or OTHER


def facts_behind(what: str, reason: str, asking: Asking) -> list[int]:
    """The facts behind a number, as the page has counted them. One query."""
    if what in ("got", "gave"):
        found = [one for one in handed(asking.scope) if one.got == (what == "got")]
        return [one.fact for one in found if reason in ("", reason_read(one, asking))]
    found_deeds = deeds(asking.scope)
    return list(found_deeds.closed if what == "closed" else found_deeds.won_back)


def in_words(what: str, reason: str, asking: Asking) -> str:
    """What the number counts, to stand over its facts."""
    parts = [WHAT[what](), _words(reason, asking) if reason else "", asking.person.display_name]
    return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Good:
    """A figure of what went well, and its words."""

    icon: str
    figure: Cell
    words: str


def what_went_well(found: Deeds, signed: int, asking: Asking) -> list[Good]:
    """Closings, signed agreements, leads won back. In: how many were signed, as the figures have it. No query."""
    closed, back = len(found.closed), len(found.won_back)
    signed_url = asking.link("report-collapses-facts", kind=COLLAPSED, entries=1) if signed else ""
    words = (
        ngettext("lead closed", "leads closed", closed),
        ngettext("agreement signed", "agreements signed", signed),
        ngettext("lead won back from the archive", "leads won back from the archive", back),
    )
    return [
        Good("circle-check", _cell(closed, asking, "closed"), words[0]),
        Good("handshake", Cell(grouped(signed), url=signed_url), words[1]),
        Good("rotate-ccw", _cell(back, asking, "won_back"), words[2]),
    ]


def _cell(count: int, asking: Asking, what: str, reason: str = "") -> Cell:
    return Cell(grouped(count), url=asking.own_link(what=what, reason=reason) if count else "")


def _words(code: str, asking: Asking) -> str:
    return label(code, Kind.AGENT_ASSIGNED.value, asking.desk.reasons, asking.by_broker)
