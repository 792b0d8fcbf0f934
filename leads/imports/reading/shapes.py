"""What reading gives: the shape of a file, its rows, and the sentence when it cannot be read."""

from dataclasses import dataclass, field
from typing import NamedTuple


class BadFile(Exception):
    """The file as a whole cannot be read; the sentence says why and what to do about it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Shape:
    """How the bytes become cells. ``encoding``: a key of ``letters.ENCODINGS``. ``delimiter``: one character.

    Of a workbook (``sheet``) both are ``""``; a delimiter there says that whole rows are crushed into its first column.
    """

    encoding: str
    delimiter: str
    sheet: bool = False


class Record(NamedTuple):
    """One row. ``line``: the physical line, or the row of the sheet, on which it begins, counted from 1.

    ``problem``: the sentence why the row cannot be used, ``""`` when it can: then it has exactly as many cells as the
    header. With a problem the cells are what could be read, for the file of errors.
    """

    line: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """``header``: labels, no two alike, none empty. ``records``: the first twenty. ``warnings``: sentences.

    ``encodings``: those in which the whole file can be read, the likeliest first; none for a workbook.
    """

    shape: Shape
    header: list[str]
    records: list[Record]
    warnings: list[str] = field(default_factory=list)
    encodings: list[str] = field(default_factory=list)
