"""Which character stands between the cells."""

import csv
import io
from collections import Counter

from . import limits
from .columns import taken_apart

DELIMITERS = (",", ";", "\t", "|")
#: The first line that Excel writes and reads: ``sep=;``.
_SEP = "sep="


def told(text: str) -> str:
    """The delimiter that the first line names, ``""`` when it is an ordinary line."""
    line = text[:12].lower().lstrip('"')
    is_told = line.startswith(_SEP) and line[5:6] in ("\r", "\n", '"') and line[4:5] not in ("", "\r", "\n")
    return line[4] if is_told else ""


def delimiter_of(text: str) -> str:
    """The likeliest delimiter of this beginning of a file; a comma when there is but one column."""
    scores = {delimiter: _score(text, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > (0, 0) else crushed_by(_rows(text, ",")) or ","


def crushed_by(rows: list[list[str]]) -> str:
    """The delimiter inside the cells of a table whose rows all stand in its first column, else ``""``."""
    if len(rows) < 2 or any(len(cells) != 1 for cells in rows):
        return ""
    for delimiter in DELIMITERS:
        counts = [len(taken_apart(cells[0], delimiter)) for cells in rows]
        if counts[0] > 1 and counts.count(counts[0]) * 10 >= len(counts) * 9:
            return delimiter
    return ""


def _score(text: str, delimiter: str) -> tuple[float, int]:
    """The share of rows that have as many cells as the header, and how many those are."""
    counts = [len(cells) for cells in _rows(text, delimiter)]
    if not counts or counts[0] < 2:
        return 0, 0
    return Counter(counts)[counts[0]] / len(counts), counts[0]


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """The first rows that are not empty, as far as they can be read."""
    made: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if cells:
                made.append(cells)
            if len(made) == limits.SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return made
