"""The axis of a chart: where its ticks stand, and what they say in the unit of the figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext

from ...board.mix import grouped

_MOST_STEPS = 5
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
#: Steps, the seconds of the unit, and how it is called (moments.py has the words for the translators).
_UNITS = (
    ([n * _MINUTE for n in (1, 2, 5, 10, 15, 30)], _MINUTE, "%d min"),
    ([n * _HOUR for n in (1, 2, 3, 6, 12)], _HOUR, "%d h"),
    ([n * _DAY for n in (1, 2, 4, 7, 14, 30, 60, 90, 180, 360, 720)], _DAY, "%d d"),
)


@dataclass(frozen=True, slots=True)
class Axis:
    """``name`` says the unit. ``ticks`` are (place, words), evenly spaced from 0 on; the last one ends the axis."""

    name: str
    ticks: Sequence[tuple[float, str]]

    @property
    def end(self) -> float:
        return self.ticks[-1][0]

    @classmethod
    def counts(cls, name: str, top: float) -> "Axis":
        """Whole numbers from 0 to at least ``top``."""
        step = max(1, _decimal_step(top))
        return cls(name, _ticks(top, step, lambda at: grouped(round(at))))

    @classmethod
    def shares(cls, name: str, top: float = 1.0) -> "Axis":
        """Percentages; ``top`` and the sizes on it are shares of 1."""
        step = max(1, _decimal_step(top * 100))
        return cls(name, [(at / 100, percent(at / 100)) for at, _ in _ticks(top * 100, step, str)])

    @classmethod
    def spans(cls, name: str, top: float) -> "Axis":
        """Lengths of time; ``top`` and the sizes on it are seconds, the words minutes, hours or days."""
        step, unit, words = _span_step(top)
        told = pgettext("length of time", words)
        return cls(name, _ticks(top, step, lambda at: told % (at // unit)))

    def told(self) -> dict[str, Any]:
        return {"name": self.name, "ticks": [list(tick) for tick in self.ticks]}


def percent(share: float) -> str:
    """A share of 1 as whole percents: ``47%``."""
    return gettext("%(n)d%%") % {"n": round(share * 100)}


def _span_step(top: float) -> tuple[float, int, str]:
    """The step for a length of ``top`` seconds, the seconds of its unit, and the words of the unit."""
    for steps, unit, words in _UNITS:
        for step in steps:
            if top <= step * _MOST_STEPS:
                return step, unit, words
    return _DAY * _decimal_step(top / _DAY), _DAY, "%d d"


def _decimal_step(top: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, … that reaches ``top`` in few steps."""
    step, tens = 1, 1
    while step * _MOST_STEPS < top:
        tens = tens * 10 if step == 5 * tens else tens
        step = {1: 2, 2: 5, 5: 10}[step // tens] * tens if step >= tens else tens
    return step


def _ticks(top: float, step: float, words: Callable[[float], str]) -> list[tuple[float, str]]:
    count = max(1, -int(-top // step))
    return [(step * n, words(step * n)) for n in range(count + 1)]
