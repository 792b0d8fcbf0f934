"""A workbook is a zip of XML: what is in it is measured before anything is made of it."""

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext

from . import limits
from .shapes import BadFile
from .unpacked import check_size, inflated

_SHEETS = "xl/worksheets/"
_TEXTS = "xl/sharedStrings.xml"
_BOOK = re.compile(r"xl/workbook\d*\.xml")
_ROW = re.compile(rb"[<:]row[\s>/]")
_DOCTYPE = (b"<!DOCTYPE", b"<!ENTITY")
#: Text without any mark-up between, in bytes: what one cell may hold, in the longest encoding of a letter.
_CELL_BYTES = 16 * limits.CELL_MOST
#: What is raised about a workbook that no spreadsheet wrote: openpyxl believes what it reads.
BROKEN = (
    *(DefusedXmlException, ParseError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, IndexError),
    *(OSError, EOFError, AttributeError, NotImplementedError, RuntimeError, OverflowError),
)


def check_parts(path: Path) -> None:
    """Unpacks every part without keeping it: a workbook may call any of them a sheet. Raises ``BadFile``."""
    check_size(path)
    left = limits.SHEET_TIMES * limits.most_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > limits.PARTS_MOST or len({part.filename for part in parts}) < len(parts):
                raise _bomb()
            for part in parts:
                with archive.open(part) as source:
                    left -= _measured(source, part, left)
            _check_kinds(archive)
    except BROKEN as broken:
        raise BadFile(
            gettext("The workbook is damaged or was cut off, or it is protected. Save it once more as .xlsx.")
        ) from broken


def _measured(source: IO[bytes], part: zipfile.ZipInfo, left: int) -> int:
    """The size of a part as it comes out. Sheets are read row by row, the others are held whole."""
    sheet, texts = part.filename.startswith(_SHEETS), part.filename == _TEXTS
    most = left if sheet else min(left, limits.TEXTS_MOST if texts else limits.PART_MOST)
    marks_most = limits.TEXT_MARKS_MOST if texts else limits.MARKS_MOST
    size = since_row = since_mark = marks = 0
    while data := source.read(limits.CHUNK):
        size += len(data)
        row = sheet and _ROW.search(data)
        since_row = 0 if row else since_row + len(data)
        marks = (0 if row else marks) + data.count(b"<")
        mark = data.rfind(b"<")
        since_mark = since_mark + len(data) if mark < 0 else len(data) - mark
        if size > most or inflated(size, part.compress_size) or marks > marks_most:
            raise _bomb()
        if (sheet and since_row > limits.SHEET_ROW_MOST) or ((sheet or texts) and since_mark > _CELL_BYTES):
            raise BadFile(
                gettext("A row or a cell of the workbook is larger than any list of leads would have. It is not read.")
            )
        if any(word in data for word in _DOCTYPE):
            raise BadFile(gettext("The workbook holds declarations (DOCTYPE) that no Excel writes. It is not read."))
    return size


def _check_kinds(archive: zipfile.ZipFile) -> None:
    """What is held whole must not hide among the sheets, which may be much larger."""
    if "[Content_Types].xml" not in archive.namelist():
        raise zipfile.BadZipFile
    if b"purl.oclc.org/ooxml" in b"".join(archive.read(name) for name in archive.namelist() if _BOOK.fullmatch(name)):
        raise BadFile(
            gettext(
                "The workbook is kept as “Strict Open XML”. Save it as “Excel Workbook (.xlsx)” and choose that file."
            )
        )
    for kind in fromstring(archive.read("[Content_Types].xml")):
        name, content = kind.get("PartName", ""), kind.get("ContentType", "")
        if _SHEETS in name and not content.endswith(".worksheet+xml"):
            raise _bomb()


def _bomb() -> BadFile:
    return BadFile(
        gettext(
            "The workbook unpacks to more than a list of leads can be. "
            "Save the sheet with the leads alone as CSV and choose that file."
        )
    )
