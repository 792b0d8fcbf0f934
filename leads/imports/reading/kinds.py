"""What a file is when it is no list of leads, by its first bytes, and how to come to one."""

import re
import zipfile
from pathlib import Path

from django.utils.translation import gettext, gettext_noop

from .shapes import BadFile
from .unpacked import GZIP

_SAVE = gettext_noop("Save or export the list as CSV or as an Excel workbook (.xlsx) and choose that file.")
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", gettext_noop("This is a PDF document.")),
    (b"\x89PNG", gettext_noop("This is a picture.")),
    (b"\xff\xd8\xff", gettext_noop("This is a picture.")),
    (b"GIF8", gettext_noop("This is a picture.")),
    (b"II*\0", gettext_noop("This is a picture.")),
    (b"\x09\x08", gettext_noop("This is a workbook of an old Excel (.xls).")),
    (b"PK\x05\x06", gettext_noop("This is an empty zip archive.")),
    (b"7z\xbc\xaf", gettext_noop("This is an archive: unpack it first.")),
    (b"Rar!\x1a", gettext_noop("This is an archive: unpack it first.")),
    (b"\xfd7zXZ", gettext_noop("This is an archive: unpack it first.")),
    (b"\x28\xb5\x2f\xfd", gettext_noop("This is an archive: unpack it first.")),
    (b"SQLite format 3\0", gettext_noop("This is a database.")),
    (b"{\\rtf", gettext_noop("This is a text document (RTF).")),
)
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|table|meta|style|div)\b", re.I | re.S)
_BOOK = re.compile(r"xl/workbook\d*\.xml")
_JSON = re.compile(r"\s*(?:\{\s*(?:\"|\}|$)|\[\s*(?:[\[{\"\]\d]|$))")
_WORKBOOK = (".xlsx", ".xlsm")
_TEXT = (".csv", ".tsv", ".txt", ".tab")


def is_workbook(path: Path) -> bool:
    """Whether to read it as a workbook. Raises ``BadFile`` when it is neither that nor text, or is called wrongly."""
    with path.open("rb") as file:
        head = file.read(4096)
    suffix = path.suffix.lower()
    if not head:
        raise BadFile(gettext("The file is empty."))
    if head.startswith(_ZIP):
        _check_zip(path)
        if suffix in (*_TEXT, ".gz"):
            raise BadFile(
                gettext(
                    "The file is called %(suffix)s, but it is an Excel workbook. "
                    "Rename it to end in .xlsx, or save it as CSV in Excel."
                )
                % {"suffix": suffix}
            )
        return True
    if head.startswith(_OLE):
        raise _old_office(path)
    for magic, sentence in _MAGIC:
        if head.startswith(magic):
            raise _no_list(sentence)
    if suffix in _WORKBOOK:
        text = _as_text(head)
        _check_text(text)
        raise BadFile(
            gettext(
                "The file is called %(suffix)s, but it is not an Excel workbook. If it is text with commas or "
                "semicolons, rename it so that it ends in .csv."
            )
            % {"suffix": suffix}
        )
    if head.startswith(GZIP) and suffix in _TEXT:
        raise BadFile(
            gettext(
                "The file is called %(suffix)s, but it is packed (gzip). Rename it so that it ends in .csv.gz, or "
                "unpack it."
            )
            % {"suffix": suffix}
        )
    return False


def check_head(head: bytes, encoding: str) -> None:
    """Raises ``BadFile`` when the first bytes, unpacked, are no table in this encoding."""
    for magic, sentence in _MAGIC:
        if head.startswith(magic):
            raise _no_list(sentence)
    if head.startswith((_ZIP, _OLE, GZIP)):
        raise _no_list(gettext_noop("This is an archive inside an archive: unpack it first."))
    text = head[:8192].decode(encoding, "ignore").removeprefix("\ufeff")
    _check_text(text)
    strange = sum(letter < " " and letter not in "\t\r\n\f\v\x1a" for letter in text)
    if strange > max(len(text) // 50, 3):
        raise _no_list(gettext_noop("This is not text but data of some program."))


def _as_text(head: bytes) -> str:
    return head.decode("utf-8", "ignore").removeprefix("\ufeff")


def _check_text(text: str) -> None:
    start = text.lstrip()[:2048]
    if _HTML.match(start):
        raise _no_list(
            gettext_noop("This is a web page, even if its name says otherwise: some programs save a table in this way.")
        )
    if start.startswith(("<?xml", "<Workbook")):
        raise _no_list(gettext_noop("This is an XML file."))
    if _JSON.match(start):
        raise _no_list(gettext_noop("This is a JSON file."))
    if start.upper().startswith("BEGIN:VC"):
        raise _no_list(gettext_noop("This is a file of contact cards or calendar entries."))


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as broken:
        raise BadFile(
            gettext("The workbook or archive is damaged or was cut off. Save or download it once more.")
        ) from broken
    if any(_BOOK.fullmatch(name) for name in names):
        return
    if "xl/workbook.bin" in names:
        raise _no_list(gettext_noop("This is a binary Excel workbook (.xlsb)."))
    if any(name.startswith("word/") for name in names):
        raise _no_list(gettext_noop("This is a Word document."))
    if any(name.startswith("ppt/") for name in names):
        raise _no_list(gettext_noop("This is a presentation."))
    if "mimetype" in names:
        raise _no_list(gettext_noop("This is an OpenDocument file (.ods)."))
    if any(name.endswith(".iwa") for name in names):
        raise _no_list(gettext_noop("This is a Numbers file."))
    raise BadFile(
        gettext("This is a zip archive. Unpack it and choose the list inside, as CSV or as an Excel workbook (.xlsx).")
    )


def _old_office(path: Path) -> BadFile:
    with path.open("rb") as file:
        data = file.read(1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in data:
        return BadFile(gettext("This workbook is protected by a password. Save it without one and choose that file."))
    return _no_list(gettext_noop("This is a workbook of an old Excel (.xls) or another old Office document."))


def _no_list(sentence: str) -> BadFile:
    return BadFile(f"{gettext(sentence)} {gettext(_SAVE)}")
