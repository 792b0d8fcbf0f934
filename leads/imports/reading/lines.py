"""Bytes → physical lines of text, a piece at a time."""

import codecs
import io
from collections import deque
from collections.abc import Iterator

from django.utils.translation import gettext

from leads.board.mix import grouped

from . import limits
from .letters import encoding_label, other_encodings
from .shapes import BadFile
from .unpacked import Bytes


class Lines:
    """Iterates over the lines with their ends. CRLF, LF and CR alone end a line, nothing else does.

    ``row_at``: the reader of rows writes here on which line the row began that it is reading; ``count``: lines up to
    the end of the piece at hand. ``careful``: this piece holds a NUL or a line that may hold too long a cell.
    ``hint``: what to do about a byte that means nothing, when more is known than that.
    """

    def __init__(self, source: Bytes, encoding: str, hint: str = "") -> None:
        self._source = source
        self._encoding = encoding
        self._hint = hint
        self._bytes_before = 0
        self.count = 0
        self.row_at = 0
        self.careful = False
        self._pages: deque[tuple[int, list[str]]] = deque(maxlen=2)

    def raw(self, start: int, end: int) -> str:
        """These lines as they stand, as far as they are still at hand."""
        kept = (line for first, page in self._pages for line in page[max(0, start - first) : end - first + 1])
        return "".join(kept).rstrip("\r\n")

    def __iter__(self) -> Iterator[str]:
        carried, row_before = 0, -1
        for text in self._pieces():
            lines = list(io.StringIO(text, newline=""))
            longest = max(map(len, lines))
            if longest > limits.LINE_MOST:
                raise self._too_long([len(line) for line in lines].index(longest))
            carried = carried + len(text) if self.row_at == row_before else 0
            row_before = self.row_at
            if carried > limits.LINE_MOST:
                raise self._endless_row()
            self.careful = longest > limits.CELL_MOST or "\0" in text
            self._pages.append((self.count + 1, lines))
            self.count += len(lines)
            yield from lines

    def _pieces(self) -> Iterator[str]:
        """Whole lines, many at a time; the last may lack its end."""
        decoder = codecs.getincrementaldecoder(self._encoding)()
        rest, first = "", True
        while True:
            data = self._source.read(limits.CHUNK)
            text = self._decoded(decoder, data, rest)
            if first and text:
                text, first = text.removeprefix("\ufeff"), False
            text = rest + text
            if not data:
                if text:
                    yield text
                return
            self._bytes_before += len(data)
            # A CR at the very end may be half of a CRLF.
            end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
            rest = text[end:]
            if len(rest) > limits.LINE_MOST:
                self.count += text.count("\n", 0, end) or text.count("\r", 0, end)
                raise self._too_long(0)
            if end:
                yield text[:end]

    def _decoded(self, decoder: codecs.IncrementalDecoder, data: bytes, rest: str) -> str:
        try:
            return decoder.decode(data, not data)
        except UnicodeDecodeError as wrong:
            raise self._meaningless(wrong, len(wrong.object) - len(data), rest) from wrong
        except UnicodeError as wrong:
            raise BadFile(
                gettext("The file cannot be read as %(encoding)s: it does not begin with the mark of it. %(others)s")
                % {
                    "encoding": encoding_label(self._encoding),
                    "others": self._hint or other_encodings(self._encoding),
                }
            ) from wrong

    def _meaningless(self, wrong: UnicodeDecodeError, pending: int, rest: str) -> BadFile:
        """``pending``: bytes of the piece before that the decoder had kept; ``rest``: its line that had no end yet."""
        before = rest + wrong.object[: wrong.start].decode(self._encoding, "ignore")
        return BadFile(
            gettext(
                "The file cannot be read as %(encoding)s: byte %(byte)s on line %(line)s (byte %(at)s of the file) "
                "means nothing there. %(others)s"
            )
            % {
                "encoding": encoding_label(self._encoding),
                "byte": f"0x{wrong.object[wrong.start]:02X}",
                "line": self.count + len(list(io.StringIO(before + "x", newline=""))),
                "at": self._bytes_before - pending + wrong.start + 1,
                "others": self._hint or other_encodings(self._encoding),
            }
        )

    def _endless_row(self) -> BadFile:
        return BadFile(
            gettext(
                "The row that begins on line %(line)s is longer than %(most)s characters. "
                "A quotation mark may be missing there."
            )
            % {"line": self.row_at, "most": grouped(limits.LINE_MOST)}
        )

    def _too_long(self, index: int) -> BadFile:
        return BadFile(
            gettext(
                "Line %(line)s is longer than %(most)s characters. A list of leads has one lead on a line: export it "
                "again as CSV."
            )
            % {"line": self.count + index + 1, "most": grouped(limits.LINE_MOST)}
        )


def never_closed(line: int) -> BadFile:
    return BadFile(
        gettext(
            "A quotation mark opened on line %(line)s is never closed: everything after it would be one cell. "
            "Correct that line in the file."
        )
        % {"line": line}
    )
