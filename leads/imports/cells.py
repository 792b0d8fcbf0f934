"""What stands in a cell and what only fills it. Pure.

Systems write ``NULL`` or ``Select`` where nothing is known. In a name such a word may be a name: there are people
called None, Null and Na.
"""

from collections.abc import Sequence
from unicodedata import normalize

#: Never anybody's name.
_FILLERS = frozenset({"n/a", "#n/a", "-", "--", "---", "-none-", "--none--", "select", "undefined", "#ref!", "#value!"})
#: Nothing anywhere but in a name.
_NOTHING = _FILLERS | {"na", "null", "none", "nil", "nan"}


def one_line(cell: str) -> str:
    """The words with single spaces between them, whatever white space the file has."""
    return " ".join(cell.split())


def alike(word: str) -> str:
    """Two words are the same when this is: in any case, and however their accents are put together."""
    return normalize("NFC", word).casefold()


def text(cell: str) -> str:
    """One line, or ``""`` where the cell only says that nothing is known."""
    line = one_line(cell)
    return "" if len(line) < 10 and line.casefold() in _NOTHING else line


def paragraphs(cell: str) -> str:
    """As ``text``, with the line breaks of the file kept."""
    kept = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if len(kept) < 10 and kept.casefold() in _NOTHING else kept


def full_name(parts: Sequence[str]) -> str:
    """The parts of a name as one.

    A doubtful word is dropped when no other part makes it a name and nobody would write a name like that: ``NULL``
    beside ``NULL`` is none, but Min-ji ``Na``, Jo ``NONE`` and a lone ``None`` are people.
    """
    lines = [line for line in map(one_line, parts) if line and line.casefold() not in _FILLERS]
    doubtful = [line.casefold() in _NOTHING for line in lines]
    if lines and all(doubtful) and (len(lines) > 1 or not lines[0].istitle()):
        return ""
    return " ".join(lines)
