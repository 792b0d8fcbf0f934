"""Which encodings a file can be in: one pass over its bytes, a few kilobytes in memory."""

import codecs
from dataclasses import dataclass, field

import chardet

from . import limits
from .alphabets import likeness
from .letters import ENCODINGS, known_encoding
from .unpacked import Bytes

_ASCII = bytes(range(128))
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("cp932", "euc-jp", "gb18030", "big5", "cp949")
_UTF16 = ("utf-16", "utf-16-le", "utf-16-be", "utf-32")
_NARROW = tuple(name for name in ENCODINGS if name not in (*_WIDE, *_UTF16, "utf-8"))
_DOS = ("cp437", "cp850")
#: Bytes of lines with letters beyond ASCII that the detector sees, and those that are read letter by letter.
_SAMPLE = 65_536
_LETTERS = 16_384
#: Likenesses that differ by less are alike.
_ALIKE = 0.04


@dataclass(slots=True)
class Letters:
    """``head``: the first bytes. ``high``: the bytes beyond ASCII that occur. ``sample``: lines in which they do.

    ``fits``, ``narrow``: the encodings, of several bytes and of one byte to a letter, in which all of it can be read.
    """

    head: bytes = b""
    sample: bytearray = field(default_factory=bytearray)
    high: set[int] = field(default_factory=set)
    fits: list[str] = field(default_factory=list)
    narrow: list[str] = field(default_factory=list)


def letters_of(source: Bytes) -> Letters:
    """Reads everything once. Raises ``BadFile`` for a line without end."""
    found = Letters()
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", *_WIDE)}
    gap, plain_before = 0, True
    while data := source.read(limits.CHUNK):
        found.head = found.head or data
        end = max(data.rfind(b"\n"), data.rfind(b"\r"))
        gap = gap + len(data) if end < 0 else len(data) - end
        if gap > 4 * limits.LINE_MOST:
            break
        # A piece of plain ASCII tells nothing, unless the piece before ended within a letter.
        if not (data.isascii() and plain_before):
            _keep(decoders, data, final=False)
        plain_before = data.isascii()
        if not plain_before:
            found.high.update(data.translate(None, _ASCII))
            if len(found.sample) < _SAMPLE:
                _sample(found.sample, data)
    if gap <= 4 * limits.LINE_MOST:
        _keep(decoders, b"", final=True)
    found.fits, found.narrow = list(decoders), _narrow(found.high)
    return found


def _keep(decoders: dict[str, codecs.IncrementalDecoder], data: bytes, final: bool) -> None:
    """Drops the decoders that stumble."""
    for name, decoder in list(decoders.items()):
        try:
            decoder.decode(data, final)
        except UnicodeDecodeError:
            del decoders[name]


def _sample(sample: bytearray, data: bytes) -> None:
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            sample += line
        if len(sample) >= _SAMPLE:
            return


def encodings(found: Letters) -> list[str]:
    """Those that fit, the likeliest first. Strictly valid UTF-8 is UTF-8, whatever else it could be."""
    for bom, name in _BOMS:
        if found.head.startswith(bom):
            return [name]
    if wide := _without_bom(found.head):
        return [wide]
    if "utf-8" in found.fits:
        return ["utf-8", *(name for name in found.narrow if found.high and name == "cp1252")]
    fitting = [*found.fits, *found.narrow]
    return _ranked(bytes(found.sample), fitting)


def _without_bom(head: bytes) -> str:
    """UTF-16 writes every comma, digit and line end with a zero byte, always on the same side."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    # A stray NUL or two in a short file are damage, and no way to write.
    least = max(len(head) // 40, 3)
    if odd > least and even * 20 < odd:
        return "utf-16-le"
    if even > least and odd * 20 < even:
        return "utf-16-be"
    return ""


def _narrow(high: set[int]) -> list[str]:
    """Encodings of one byte a letter in which every byte of the file means a letter."""
    fitting = []
    for name in _NARROW:
        if name.startswith("iso") and any(byte < 0xA0 for byte in high):
            continue
        try:
            bytes(high).decode(name)
        except UnicodeDecodeError:
            continue
        fitting.append(name)
    return fitting


def _ranked(sample: bytes, fitting: list[str]) -> list[str]:
    """The likeliest first: those whose letters are a language's, then Windows' own, then as the detector says.

    The detector alone is right about few files of names, which are short and hold no sentences; of those whose letters
    are equally likely it mostly knows which.
    """
    # Windows-1252 is what it falls back on, and it wants to be allowed to even where that does not fit.
    asked = {*fitting, "cp1252"}
    guesses = chardet.detect_all(sample, ignore_threshold=True, include_encodings=asked, compat_names=False)
    order = [known_encoding(guess["encoding"] or "") for guess in guesses] + fitting
    like = {name: round(likeness(sample[:_LETTERS].decode(name, "ignore")) / _ALIKE) for name in fitting}
    return sorted(fitting, key=lambda name: (-like[name], name in _DOS, name != "cp1252", order.index(name)))


def is_damaged_utf8(found: Letters) -> bool:
    """Whether the file is UTF-8 but for a few bytes: then it is no other encoding either."""
    if "utf-8" in found.fits or not found.sample:
        return False
    text = found.sample.decode("utf-8", "replace")
    whole = sum(letter > "\x7f" and letter != "\ufffd" for letter in text)
    return whole > 9 * text.count("\ufffd")
