"""What all charts have: captions, rows, meanings, and how they become JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from django.utils.translation import ngettext

from ...board.mix import grouped

#: As many rows as can be looked over; the table has them all.
MOST_ROWS = 40
#: The greatest height that charts.css knows, in rows.
_MOST_HEIGHT = 60


class Meaning(StrEnum):
    """What a series says. It decides colour, pattern and symbol (charts.css, charts.js)."""

    ACCENT = "accent"
    FRESH = "fresh"
    GOOD = "good"
    AGAIN = "again"
    BACK = "back"
    VOIDED = "voided"
    WARN = "warn"
    BAD = "bad"
    PLAIN = "plain"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across at a place of the axis of sizes."""

    at: float
    label: str

    def told(self) -> list[Any]:
        return [self.at, self.label]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What all charts have: an id of its own on the page, and a caption that names what is drawn."""

    id: str
    caption: str
    kind: ClassVar[str] = ""

    @property
    def shape(self) -> str:
        """The kind in the JSON and in the name of the class that gives the height."""
        return self.kind

    @property
    def rows(self) -> int:
        """How many lines of the page the drawing needs; 0 where its kind alone decides."""
        return 0

    @property
    def keys(self) -> list[tuple[str, str]]:
        """(meaning, name) of what the legend explains; one series needs none."""
        return []

    @property
    def left_out(self) -> str:
        """A sentence when not every row is drawn."""
        count = self._count()
        if count <= MOST_ROWS:
            return ""
        words = ngettext("The first %(shown)s of %(n)s are drawn.", "The first %(shown)s of %(n)s are drawn.", count)
        return words % {"shown": MOST_ROWS, "n": grouped(count)}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw; the page then has no figure, only its table or its sentence."""
        return False

    def as_json(self) -> str:
        parts = {"kind": self.shape, **bare(self._drawn())}
        # Averages of PostgreSQL come as decimals.
        return json.dumps(parts, ensure_ascii=False, allow_nan=False, default=float)

    def _count(self) -> int:
        return 0

    def _drawn(self) -> dict[str, Any]:
        raise NotImplementedError


def look_different(meanings: Iterable[Meaning]) -> None:
    looks = [Meaning.ACCENT if meaning == Meaning.FRESH else meaning for meaning in meanings]
    if len(set(looks)) != len(looks):
        raise ValueError("Two series of a chart would look alike.")


def rounded(rows: float) -> int:
    """Up to a height that charts.css knows: each number of rows to 12, then every fourth."""
    whole = max(1, -int(-rows // 1))
    return whole if whole <= 12 else min(-(-whole // 4) * 4, _MOST_HEIGHT)


def told(part: Any) -> dict[str, Any]:
    """What a part of a chart says for itself, the empty parts left out."""
    names = ("key", "name", "lost", "label", "lost_label", "more", "url")
    return bare({name: getattr(part, name, None) for name in names})


def bare(parts: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing; nought and an empty list say something."""
    return {name: part for name, part in parts.items() if part is not None and part is not False and part != ""}
