"""What fell back, as a file and as a page show it: people by name, reasons by label, every number with its facts."""

from collections.abc import Generator
from decimal import Decimal
from fractions import Fraction

from lifecycle.models import OfficeSettings
from lifecycle.reports.collapses import Place, entries_of, quarters_of, tallies
from lifecycle.reports.credit import in_words
from lifecycle.reports.fallen import fallen
from lifecycle.reports.scope import Credit, Scope

from .people import in_files, names_of

COLUMNS = ("by", "quarter", "kind", "reason", "count", "quick_returns", "entries", "rate")
NUMBERS = frozenset({"count", "quick_returns", "entries", "rate"})


def printed(scope: Scope) -> Generator[tuple[str, ...]]:
    """A row for each person, quarter, kind and reason that fell back at all, sorted by name.

    ``entries`` are those of the person, quarter and kind, whatever the reason; ``rate`` is empty below five of them.
    Shared counts are rounded to two decimals, rates come from the exact ones.
    """
    periods = quarters_of(scope)
    found = fallen(scope, OfficeSettings.load().quick_return_minutes) if periods else []
    entries = entries_of(scope, periods)
    counted = tallies(found, {}, periods, lambda place: place)
    names = names_of(place.person for place in counted)
    actor = scope.credit is Credit.ACTOR

    def order(place: Place) -> tuple[str, int, str, str, str]:
        name = in_files(place.person, names, actor=actor)
        return name, place.person or 0, place.quarter, place.kind, place.reason

    for place in sorted(counted, key=order):
        tally = counted[place]
        tally.entered(entries.get(Place(place.person, place.quarter, place.kind), 0))
        yield (
            in_files(place.person, names, actor=actor),
            place.quarter,
            place.kind,
            place.reason,
            *(in_words(part) for part in (tally.count, tally.quick, tally.entries)),
            rate_in_files(tally.rate),
        )


def rate_in_files(rate: Fraction | None) -> str:
    """With four decimals; empty where there is none."""
    return "" if rate is None else f"{Decimal(rate.numerator) / Decimal(rate.denominator):.4f}"
