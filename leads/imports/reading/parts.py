"""A workbook is a zip of XML: what is in it is measured before anything is made of it."""

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO

from django.utils.translation import gettext

from . import limits
from .shapes import BadFile
from .unpacked import check_size, inflated

_SHEET = "xl/worksheets/"
_TEXTS = "xl/sharedStrings.xml"
_ROW = re.compile(rb"[<:]row[\s>/]")
_DOCTYPE = (b"<!DOCTYPE", b"<!ENTITY")
#: Text without any mark-up between, in bytes: what one cell may hold, in the longest encoding of a letter.
_CELL_BYTES = 16 * limits.CELL_MOST


def check_parts(path: Path) -> None:
    """Unpacks every part that will be read, without keeping it. Raises ``BadFile``."""
    check_size(path)
    left = limits.SHEET_TIMES * limits.most_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > limits.PARTS_MOST:
                raise _bomb()
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as source:
                        left -= _measured(source, part, left)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as broken:
        raise BadFile(
            gettext("The workbook is damaged or was cut off, or it is protected. Save it once more as .xlsx.")
        ) from broken


def _measured(source: IO[bytes], part: zipfile.ZipInfo, left: int) -> int:
    """The size of a part as it comes out."""
    sheet = part.filename.startswith(_SHEET)
    most = left if sheet else min(left, limits.TEXTS_MOST if part.filename == _TEXTS else limits.PART_MOST)
    size = since_row = since_mark = 0
    while data := source.read(limits.CHUNK):
        size += len(data)
        since_row = 0 if not sheet or _ROW.search(data) else since_row + len(data)
        mark = data.rfind(b"<")
        since_mark = since_mark + len(data) if mark < 0 else len(data) - mark
        if size > most or inflated(size, part.compress_size):
            raise _bomb()
        if since_row > limits.SHEET_ROW_MOST or since_mark > _CELL_BYTES:
            raise BadFile(
                gettext("A row or a cell of the workbook is larger than any list of leads would have. It is not read.")
            )
        if any(word in data for word in _DOCTYPE):
            raise BadFile(gettext("The workbook holds declarations (DOCTYPE) that no Excel writes. It is not read."))
    return size


def _bomb() -> BadFile:
    return BadFile(
        gettext(
            "The workbook unpacks to more than a list of leads can be. Save the sheet with the leads alone as "
            "CSV and choose that file."
        )
    )
