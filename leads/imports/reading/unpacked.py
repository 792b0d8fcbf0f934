"""The bytes of a file, unpacked on the way where it is gzip, and never more of them than allowed."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.utils.translation import gettext

from . import limits
from .shapes import BadFile

GZIP = b"\x1f\x8b"


class Bytes(Protocol):
    def read(self, size: int, /) -> bytes: ...


@contextmanager
def unpacked(path: Path) -> Iterator[Bytes]:
    """Opens the file for reading in pieces. Raises ``BadFile``, also while it is read."""
    check_size(path)
    with path.open("rb") as raw:
        packed = raw.read(2) == GZIP
        raw.seek(0)
        yield _Gunzipped(raw, path.stat().st_size) if packed else raw


def check_size(path: Path) -> None:
    if path.stat().st_size > limits.most_bytes():
        raise too_large()


def too_large() -> BadFile:
    return BadFile(
        gettext("The file is larger than %(most)s MB. Split it into several files and import one after the other.")
        % {"most": settings.IMPORT_MOST_MEGABYTES}
    )


def inflated(written: int, packed: int) -> bool:
    """Whether a packed file grows beyond anything that a list of leads could."""
    return written > limits.RATIO_FROM and written > packed * limits.RATIO_MOST


class _Gunzipped:
    """Counts what comes out: the length that the file gives for itself is only a claim."""

    def __init__(self, raw: IO[bytes], packed: int) -> None:
        self._file = gzip.GzipFile(fileobj=raw, mode="rb")
        self._packed = packed
        self._written = 0

    def read(self, size: int, /) -> bytes:
        try:
            data = self._file.read(size)
        except (OSError, EOFError, zlib.error) as broken:
            raise BadFile(
                gettext("The packed file (gzip) is damaged or was cut off. Pack it or download it once more.")
            ) from broken
        self._written += len(data)
        if inflated(self._written, self._packed):
            raise BadFile(
                gettext(
                    "The packed file grows to more than %(times)s times its size. A list of leads does not do that; it "
                    "is not read."
                )
                % {"times": limits.RATIO_MOST}
            )
        if self._written > limits.most_bytes():
            raise BadFile(
                gettext("Unpacked, the file is larger than %(most)s MB. Split it into several files.")
                % {"most": settings.IMPORT_MOST_MEGABYTES}
            )
        return data
