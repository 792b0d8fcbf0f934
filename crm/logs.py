"""How a fault is written down: where and what, without the names, numbers and words of the people it happened to.

The lines of the code say where; of what an error says only that part stays that no person could have typed.
"""

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType

# PostgreSQL quotes the row at fault, and the statement with its values, on lines of their own. A value may go over
# several lines, so nothing after the first of these is kept.
QUOTING = ("DETAIL:", "CONTEXT:", "LINE ", "HINT:", "QUERY:", "STATEMENT:")

_HIDDEN = "…"
#: A name of ours between quotation marks: of a table, a column, a module. People have no underscores and full stops.
_OURS = re.compile(r"[a-z][a-z0-9]*(?:[_.][a-z0-9]+)+")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|“[^”]*”|«[^»]*»")
_ADDRESS = re.compile(r"[^\s<>()'\"]+@[^\s<>()'\",]+")
_NUMBER = re.compile(r"\+?\d[\d ().-]{5,}\d")
#: The key with which somebody sets a new password stands in an address; so may what is searched for.
_KEY = re.compile(r"(/password/reset/key/)[^/\s]+")
_QUERY = re.compile(r"\?\S+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")

_Error = tuple[type[BaseException], BaseException, TracebackType | None]


class WithoutRows(logging.Formatter):
    """One line for what happened, whatever is in it; then where, without what the error quotes."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line. A line break in it, which somebody may have typed, begins no second one."""
        record.message = one_line(hide_keys(record.message))
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:
        """The errors of `ei` with the lines of code on their way, as Python writes them, less what they quote."""
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(_chain(error)) if isinstance(error, BaseException) else ""


def hide_keys(text: str) -> str:
    """The text without the keys that stand in addresses, and without what was asked after a question mark."""
    return _QUERY.sub(f"?{_HIDDEN}", _KEY.sub(rf"\1{_HIDDEN}", text))


def one_line(text: str) -> str:
    """The text with every character that would break the line, or steer a terminal, written out."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def said_by(error: BaseException) -> str:
    """What an error says, in one line: the beginning of it, without what it quotes of others."""
    kept = []
    for line in str(error).splitlines():
        if line.strip().startswith(QUOTING):
            break
        kept.append(line)
    text = hide_keys(" ".join(kept))
    text = _QUOTED.sub(lambda found: found[0] if _OURS.fullmatch(found[0][1:-1]) else f"“{_HIDDEN}”", text)
    return one_line(_NUMBER.sub(_HIDDEN, _ADDRESS.sub(_HIDDEN, text)))[:300]


def _chain(error: BaseException) -> Iterator[str]:
    """The error and those that it came from, the first of them first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _chain(before)
        yield ""
        yield "This led to:" if error.__cause__ else "Meanwhile there was:"
    yield "Traceback (most recent call last):"
    for step in traceback.extract_tb(error.__traceback__):
        yield f'  File "{step.filename}", line {step.lineno}, in {step.name}'
        if step.line:
            yield f"    {step.line}"
    kind = type(error)
    yield f"{kind.__module__}.{kind.__qualname__}: {said_by(error)}".removeprefix("builtins.")
