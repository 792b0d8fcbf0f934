"""Which character stands between the cells."""

import csv
import io
from collections import Counter

DELIMITERS = (",", ";", "\t", "|")
#: The first line that Excel writes and reads: ``sep=;``.
_SEP = "sep="


def told(first_line: str) -> str:
    """The delimiter that the first line names, ``""`` when it is an ordinary line."""
    line = first_line.removeprefix("\ufeff").rstrip("\r\n").strip('"')
    return line[4:] if len(line) == 5 and line.lower().startswith(_SEP) else ""


def delimiter_of(text: str) -> str:
    """The likeliest delimiter of this beginning of a file; a comma when there is but one column."""
    scores = {delimiter: _score(text, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > (0, 0) else ","


def _score(text: str, delimiter: str) -> tuple[float, int]:
    """The share of rows that have as many cells as the header, and how many those are."""
    counts = _counts(text, delimiter)
    if not counts or counts[0] < 2:
        return 0, 0
    same = Counter(counts)[counts[0]] / len(counts)
    return same, counts[0]


def _counts(text: str, delimiter: str) -> list[int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    counts: list[int] = []
    try:
        for cells in reader:
            if cells:
                counts.append(len(cells))
    except csv.Error:
        pass
    return counts[:200]
