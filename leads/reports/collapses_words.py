"""The big numbers over the report of collapses, and the sentences that say exactly what is counted."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.history.truth import Reading
from lifecycle.reasons import NOT_RECORDED, OTHER
from lifecycle.reports.collapses import FEW, Tally, tallies
from lifecycle.reports.credit import Part, fine, settled
from lifecycle.reports.fallen import Fallen
from lifecycle.reports.scope import Credit

from .asked import Asked
from .collapses_cell import COLLAPSED, VOIDED, Cell
from .collapses_figures import Figures, count_words, percent, rate_words, stay_words, sum_of


@dataclass(frozen=True, slots=True)
class Tile:
    """One big number, its words and smaller lines; ``query``: the address of its facts, ``""`` where there are none."""

    number: str
    words: str
    more: list[str]
    query: str = ""


def tiles(figures: Figures) -> list[Tile]:
    """The numbers that a broker looks at first."""
    kinds = figures.by_kind()
    both = tallies(figures.found, {}, figures.periods, lambda place: None).get(None, Tally())
    return [
        _fell(figures, kinds[COLLAPSED], COLLAPSED),
        _fell(figures, kinds[VOIDED], VOIDED),
        _quick(figures, both),
        Tile(
            rate_words(both.recovered, both.count) or count_words(0),
            gettext("recovered later"),
            _of_all(both.recovered, both.count),
            figures.query(Cell(recovered=True)) if both.recovered else "",
        ),
        _other(figures, both),
        _stay(figures, kinds),
    ]


def _fell(figures: Figures, tally: Tally, kind: str) -> Tile:
    signed = {"n": count_words(tally.entries)}
    if kind == COLLAPSED:
        words = pgettext("so many deals", "fell back before contract")
        against = ngettext("of %(n)s signed", "of %(n)s signed", _plural(tally.entries)) % signed
        over = ngettext("against %(n)s signed", "against %(n)s signed", _plural(tally.entries)) % signed
    else:
        words = pgettext("so many deals", "fell back from contract")
        against = ngettext("of %(n)s contract", "of %(n)s contracts", _plural(tally.entries)) % signed
        over = ngettext("against %(n)s contract", "against %(n)s contracts", _plural(tally.entries)) % signed
    more = [against if tally.count <= tally.entries else over]
    if tally.rate is not None:
        more = [f"{more[0]} · {percent(tally.rate)}"]
    if figures.before is not None:
        earlier = sum_of(figures.before, kind)
        more.append(gettext("%(n)s in the period before") % {"n": count_words(earlier)})
    query = figures.query(Cell(kind=kind)) if tally.count else ""
    return Tile(count_words(tally.count), words, more, query)


def _quick(figures: Figures, both: Tally) -> Tile:
    within = ngettext(
        "back within %(n)d minute: an offer only replaced",
        "back within %(n)d minutes: an offer only replaced",
        figures.minutes,
    )
    more = within % {"n": figures.minutes} if figures.minutes else gettext("switched off in this office")
    words = ngettext("quick return", "quick returns", _plural(both.quick))
    query = figures.query(Cell(quick=True)) if both.quick else ""
    return Tile(count_words(both.quick), words, [more], query)


def _other(figures: Figures, both: Tally) -> Tile:
    def of(code: str) -> Part:
        return _sum(fell for fell in figures.found if fell.reason == code)

    other, unknown = of(OTHER), of(NOT_RECORDED)
    more = _of_all(other, both.count)
    if unknown:
        more.append(gettext("%(n)s more without a recorded reason") % {"n": count_words(unknown)})
    query = figures.query(Cell(reason=OTHER)) if other else ""
    words = gettext("with the reason “Other”")
    return Tile(rate_words(other, both.count) or count_words(0), words, more, query)


def _stay(figures: Figures, kinds: dict[str, Tally]) -> Tile:
    before, from_contract = (stay_words(kinds[kind]) for kind in (COLLAPSED, VOIDED))
    none = gettext("no figure")
    said = {"before": before or none, "contract": from_contract or none}
    return Tile(
        said["before"],
        gettext("median time in Committed before"),
        [gettext("In contract: %(contract)s") % said],
        figures.query(Cell()) if figures.found else "",
    )


def _of_all(part: Part, whole: Part) -> list[str]:
    """``7 of 13 collapses``; nothing where the big number says as much itself."""
    if whole < FEW:
        return []
    return [gettext("%(n)s of %(all)s deals") % {"n": count_words(part), "all": count_words(whole)}]


def _sum(found: Iterable[Fallen]) -> Part:
    return settled(sum(fine(part) for fell in found for _, part in fell.credit))


def _plural(part: Part) -> int:
    return 1 if part == 1 else 2


# --- what is counted ----------------------------------------------------------------------------------------


def says(asked: Asked, minutes: int, unknown: int) -> list[str]:
    """Exactly what is counted. In: the minutes of a quick return; how many stays have no known beginning."""
    return [
        _what(asked),
        _CREDIT[asked.scope.credit](),
        gettext(
            "The rate is how many fell back in this period for those signed, or put under contract, in the same period"
            " and credited in the same way. These need not be the same deals, so it can pass 100%. Where there were"
            " fewer than five, there is no percentage."
        ),
        _quickly(minutes),
        gettext("Recovered: the deal came back later to the stage that it fell from, or further, at any time since."),
        _stays(unknown),
        gettext("The period before has as many days, and ends where this one begins."),
    ]


def _what(asked: Asked) -> str:
    if asked.scope.reading is Reading.RECORDED:
        return gettext(
            "A deal fell back when it was moved from Committed (before contract) or from In contract to Qualified."
            " Moves that were undone later count too, and reasons as they were first given."
        )
    return gettext(
        "A deal fell back when it was moved from Committed (before contract) or from In contract to Qualified."
        " Moves that were undone do not count, and reasons count as corrected."
    )


_CREDIT = {
    Credit.HOLDER: lambda: gettext(
        "A deal that fell back is credited to who held the lead just before, a signed one to who held it then."
    ),
    Credit.ACTOR: lambda: gettext("Deals are credited to who recorded that they fell back, or were signed."),
    Credit.COMMITTED_HOLDER: lambda: gettext(
        "A deal that fell back, also from contract, is credited to who held the lead when the agreement was signed."
        " Where an older system knows of no signing, to who held it when the contract was executed."
    ),
    Credit.SHARED: lambda: gettext(
        "A deal is shared by the days that each held the lead, from the signing until it left the stage: one that"
        " fell back like one that is still there. Shared counts are rounded to two decimals."
    ),
}


def _quickly(minutes: int) -> str:
    if not minutes:
        return gettext("This office counts no quick returns.")
    sentence = ngettext(
        "A quick return was back in the stage that it fell from within %(n)d minute. It counts and is shown"
        " apart as well.",
        "A quick return was back in the stage that it fell from within %(n)d minutes. It counts and is shown"
        " apart as well.",
        minutes,
    )
    return sentence % {"n": minutes}


def _stays(unknown: int) -> str:
    sentence = gettext("Time before is the median of the last stay in the stage before the fall.")
    if not unknown:
        return sentence
    left_out = ngettext(
        "%(n)d stay whose beginning nobody recorded is left out.",
        "%(n)d stays whose beginning nobody recorded are left out.",
        unknown,
    )
    return f"{sentence} {left_out % {'n': unknown}}"
