"""The ways that leads took: which of them are asked for, what the page shows, and its file."""

from collections.abc import Generator
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.reports.funnel import ENOUGH
from lifecycle.reports.paths import Match, Path, Paths, Wanted, read_paths
from lifecycle.reports.pipeline import LETTER, RANK, STATE, in_files
from lifecycle.reports.scope import Scope
from lifecycle.states import FOLDED, WORKING, State

from .. import moments
from ..board.mix import grouped
from .asked import LONGEST, Asked
from .funnel import Number
from .shares import of, share

COLUMNS = ("path", "leads", "share", "stands", "fell_back", "median_hours")
NUMBERS = frozenset({"leads", "share", "fell_back", "median_hours"})

#: What the address says besides the question: the stages as letters, one more to come, how they are compared.
EXTRAS = ("path", "then", "match", "fell", "ends", "show")
#: As many paths are shown at once, and at most so many; the file has them all.
SHOWN, MOST = 50, 500
#: A path of more visits is cut on the screen: so many from its beginning and from its end stay.
_WHOLE, _HEAD, _TAIL = 12, 7, 4


def rows(scope: Scope, wanted: Wanted | None = None) -> Generator[tuple[str, ...]]:
    """Every path, whole; the share is of the leads that are wanted, and empty where these are fewer than five."""
    found = read_paths(scope, wanted or Wanted())
    for path in found.paths:
        whole = in_files(path.word)
        part = f"{path.leads / found.leads:.4f}" if found.leads >= ENOUGH else ""
        hours = "" if path.median is None else f"{path.median.total_seconds() / 3600:.4f}"
        yield whole, str(path.leads), part, whole.rpartition(">")[2], str(path.fell_back), hours


# --- what is asked for --------------------------------------------------------------------------------------


def read_wanted(asked: Asked) -> Wanted:
    """The paths that the address asks for; what means nothing is refused. A stage to come joins the path in links."""
    extra = asked.extra
    word = extra["path"] + extra["then"]
    known = set(STATE)
    if not set(word) <= known or len(extra["then"]) > 1 or len(word) > LONGEST:
        asked.refusals.append(gettext("This path has a stage that does not exist. Choose the stages anew."))
    if extra["match"] not in ("", *Match) or extra["fell"] not in ("", "1") or not set(extra["ends"]) <= known:
        asked.refusals.append(gettext("The address asks for paths in a way that is not known. Choose them anew."))
    if asked.refusals:
        return Wanted()
    asked.kept.update({"path": word, "then": ""})
    return Wanted(word, Match(extra["match"] or Match.BEGINS), bool(extra["fell"]), extra["ends"])


def read_shown(asked: Asked) -> int:
    """How many paths are shown."""
    text = asked.extra["show"]
    if not text:
        return SHOWN
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and SHOWN <= int(text) <= MOST):
        asked.refusals.append(
            gettext("Between %(least)d and %(most)d paths can be shown.") % {"least": SHOWN, "most": MOST}
        )
        return SHOWN
    return int(text)


def wanted_words(wanted: Wanted) -> str:
    """``Begins with New › Contacting``; ``""`` where all paths are wanted."""
    if not wanted.word:
        return ""
    words = {
        Match.BEGINS: gettext("Begins with %(path)s"),
        Match.CONTAINS: gettext("Contains %(path)s"),
        Match.EXACTLY: gettext("Exactly %(path)s"),
    }[wanted.match]
    return words % {"path": in_words(wanted.word)}


def in_words(word: str) -> str:
    """``New › Contacting › … 41 more … › Closed``."""
    return " › ".join(_pieces(word))


def match_choices() -> list[tuple[str, str]]:
    """How a path can be compared, as (value, words)."""
    return [
        (Match.BEGINS, pgettext("how a path is compared", "begins with these stages")),
        (Match.CONTAINS, pgettext("how a path is compared", "contains these stages, one right after the other")),
        (Match.EXACTLY, pgettext("how a path is compared", "is exactly these stages")),
    ]


def stage_choices() -> list[tuple[str, str]]:
    """The stages, as (letter, name)."""
    return [(LETTER[state], state.label) for state in State]


def _pieces(word: str) -> list[str]:
    names = [STATE[letter].label if letter in STATE else letter for letter in word]
    if len(names) <= _WHOLE:
        return names
    hidden = len(names) - _HEAD - _TAIL
    left_out = ngettext("%(n)d more", "%(n)d more", hidden) % {"n": hidden}
    return [*names[:_HEAD], f"… {left_out} …", *names[-_TAIL:]]


# --- the page -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """One stage of a path as it is drawn: ``look`` is ``back`` where the lead came back to it from a later one."""

    label: str
    look: str


@dataclass(frozen=True, slots=True)
class PathRow:
    pieces: list[Piece]
    whole: str
    leads: Number
    fell_back: str
    stands: str
    median: str


@dataclass(frozen=True, slots=True)
class PathsPage:
    """``next``: what came after the stages asked for; ``ends``: where these leads stand; ``more``: the query that
    shows more of them, ``""`` where all are there or no more can be shown."""

    found: Paths
    rows: list[PathRow]
    ends: list[tuple[str, Number]]
    next: list[tuple[str, str, Number]]
    distinct_words: str
    share: str
    left_out: str
    more: str


def read_page(asked: Asked, wanted: Wanted, shown: int, base: str) -> PathsPage:
    """In: the address of the list of leads."""
    found = read_paths(asked.scope, wanted, shown)
    more = min(shown + SHOWN, MOST) if found.distinct > shown and shown < MOST else ""
    return PathsPage(
        found=found,
        rows=[_row(path, found, asked, base) for path in found.paths],
        ends=_ends(found, asked, base),
        next=_next(found, wanted, asked, base),
        distinct_words=ngettext("different path", "different paths", found.distinct),
        share=of(found.leads, found.all_leads),
        left_out=_left_out(found.unmeasured),
        more=asked.query(show=more) if more else "",
    )


def _row(path: Path, found: Paths, asked: Asked, base: str) -> PathRow:
    url = base + asked.query(path=path.word, match=Match.EXACTLY, ends="", show="")
    return PathRow(
        pieces=_drawn(path.word),
        whole=in_files(path.word),
        leads=Number(path.leads, url if len(path.word) <= LONGEST else "", share(path.leads, found.leads)),
        fell_back=_fell_back(path),
        stands=_name(path.word[-1]),
        median="" if path.median is None else moments.span(path.median.total_seconds()),
    )


def _drawn(word: str) -> list[Piece]:
    names = _pieces(word)
    cut = len(names) < len(word)
    # The piece that stands for those left out is at _HEAD; after it the places count from the end.
    places = [n if not cut or n < _HEAD else len(word) - len(names) + n for n in range(len(names))]
    return [
        Piece(name, "cut" if cut and n == _HEAD else _look(word, place))
        for n, (name, place) in enumerate(zip(names, places, strict=True))
    ]


def _look(word: str, place: int) -> str:
    """``back`` for a stage that the lead came back to, ``end`` for those where work rests."""
    state, before = STATE.get(word[place]), STATE.get(word[place - 1]) if place else None
    if RANK.get(state or "", 0) and RANK.get(state or "", 0) < RANK.get(before or "", 0):
        return "back"
    return "end" if state in FOLDED else ""


def _fell_back(path: Path) -> str:
    if path.fell_back in (0, path.leads):
        return pgettext("did the deal fall back", "yes") if path.fell_back else ""
    return of(path.fell_back, path.leads)


def _name(letter: str) -> str:
    return STATE[letter].label if letter in STATE else letter


def _ends(found: Paths, asked: Asked, base: str) -> list[tuple[str, Number]]:
    """Where the leads stand now: closed or set aside, or still being worked."""
    told = []
    for words, letters in ends_choices():
        n = sum(found.ends[letter] for letter in letters)
        if n:
            told.append((words, Number(n, base + asked.query(ends=letters, show=""), share(n, found.leads))))
    return told


def ends_choices() -> list[tuple[str, str]]:
    """(words, the letters of the stages) of each way to end, and of what has not ended."""
    return [
        (pgettext("how a path ended", "closed"), LETTER[State.CLOSED]),
        (pgettext("how a path ended", "archived"), LETTER[State.ARCHIVED]),
        (pgettext("how a path ended", "trashed"), LETTER[State.TRASHED]),
        (pgettext("how a path ended", "still being worked"), "".join(LETTER[s] for s in WORKING)),
    ]


def _next(found: Paths, wanted: Wanted, asked: Asked, base: str) -> list[tuple[str, str, Number]]:
    """(stage, the query that goes on with it, its leads), the most frequent first; those that stand here have none."""
    steps = []
    for letter, n in sorted(found.next.items(), key=lambda item: (-item[1], item[0])):
        word = wanted.word + letter
        match = "" if letter else Match.EXACTLY
        on = asked.query(path=word, match="", show="") if letter and len(word) <= LONGEST else ""
        number = Number(n, base + asked.query(path=word, match=match, show=""), share(n, found.leads))
        steps.append((_name(letter) if letter else gettext("Stand there now"), on, number))
    return steps


def _left_out(n: int) -> str:
    words = ngettext(
        "Of %(n)s lead it is not known when it got where it stands, so it is left out of the lengths.",
        "Of %(n)s leads it is not known when they got where they stand, so they are left out of the lengths.",
        n,
    )
    return words % {"n": grouped(n)} if n else ""


def says(asked: Asked) -> list[str]:
    """What exactly is counted."""
    told = [
        gettext("Leads that came in during the period, each with every stage that it entered, one after the other."),
        gettext("Moves that were undone never happened."),
        gettext("The length runs from the day when the lead came in until it was closed or set aside, or until now."),
        gettext("“Fell back”: a deal or a contract fell through on the way."),
        gettext("A lead counts for whoever holds it today."),
        gettext("Shares are of the leads that match; below five leads there is no percentage."),
    ]
    if asked.kept["voided"]:
        told[1] = gettext("Moves that were undone are counted too, so a stage may stand there twice.")
    if asked.scope.known_at is not None:
        told[2] = gettext(
            "The length runs from the day when the lead came in until it was closed or set aside, or until that time."
        )
        told[4] = gettext("A lead counts for whoever held it at that time.")
    return told
