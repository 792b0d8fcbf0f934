"""What is no list of leads is refused with a sentence that says what it is, and never fills the memory."""

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from leads.imports.reading import BadFile, Shape, probe, records

ROOT = Path(__file__).resolve().parent.parent
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TEXTS = (
    b'<Override PartName="/xl/%s" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
_LAUGH = "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefghi", "bcdefghij", strict=True)
)
LAUGHS = f'<!DOCTYPE w [<!ENTITY a "ha">{_LAUGH}]>'
#: Reads each file that it is told, then tells the sentences and by how many bytes the process grew.
READER = """
import json, os, resource, sys
from pathlib import Path
from typing import Any
import django
django.setup()
from leads.imports.reading import BadFile, probe, records
import leads.imports.reading.workbook
def grown():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before, told = grown(), {}
for name in sys.argv[1:]:
    rows = 0
    try:
        for _ in records(Path(name), probe(Path(name)).shape):
            rows += 1
        told[Path(name).name] = f"{rows} rows"
    except BadFile as refused:
        told[Path(name).name] = refused.sentence
print(json.dumps([grown() - before, told]))
"""


def put(folder: Path, data: bytes | str, name: str = "leads.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def refusal(path: Path, shape: Shape | None = None) -> str:
    with pytest.raises(BadFile) as refused:
        list(records(path, probe(path, shape).shape))
    return refused.value.sentence


def workbook(folder: Path, name: str = "leads.xlsx", rows: str = "", **parts: bytes) -> Path:
    """A workbook whose sheet holds ``rows`` as XML, and more parts: ``texts__xml`` is ``xl/texts.xml``."""
    book = Workbook()
    assert book.active is not None
    book.active.append(["Name"])
    plain = io.BytesIO()
    book.save(plain)
    parts = {name.replace("___", "/").replace("__", "."): data for name, data in parts.items()}
    with zipfile.ZipFile(plain) as inside, zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as made:
        for part in inside.namelist():
            data = inside.read(part)
            if part.endswith("sheet1.xml") and rows:
                data = f"<worksheet {SHEET}><sheetData>{rows}</sheetData></worksheet>".encode()
            if part.startswith("[Content") and parts:
                data = data.replace(b"</Types>", TEXTS % next(iter(parts)).encode())
            made.writestr(part, data)
        for part, data in parts.items():
            made.writestr(f"xl/{part}", data)
    return folder / name


def cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def zipped(folder: Path, *names: str, file: str = "leads.xlsx") -> Path:
    with zipfile.ZipFile(folder / file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return folder / file


# --- wrong files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "The file is empty."),
        (b"\n \n,,\n", "no rows"),
        (b"\xef\xbb\xbf", "no rows"),
        (b"Name,City\r\n", "no rows below"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "picture"),
        (b"  <!DOCTYPE html><html><table><tr><td>Ana</td></tr></table>", "web page"),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table></table></html>', "web page"),
        ("<table><tr><td>Ana".encode("utf-16"), "web page"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "XML"),
        (b'[{"name": "Ana"}]', "JSON"),
        (b'{\n "leads": []}', "JSON"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel (.xls)"),
        (b"\x09\x08\x10\0\0\x06\x05\0" + bytes(600), "old Excel (.xls)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(40), "archive"),
        (b"BEGIN:VCARD\nVERSION:3.0\n", "contact cards"),
        (b"SQLite format 3\0" + bytes(90), "database"),
        (bytes(5000), "not text"),
        (bytes(range(256)) * 20, "not text"),
        pytest.param(gzip.compress(b"%PDF-1.7"), "gzip", id="gzip"),
    ],
)
@pytest.mark.parametrize("name", ["leads.csv", "upload"])
def test_what_is_no_list_says_what_it_is(tmp_path: Path, data: bytes, word: str, name: str) -> None:
    sentence = refusal(put(tmp_path, data, name))
    assert word in sentence or (data[:2] == b"\x1f\x8b" and "PDF" in sentence)


@pytest.mark.parametrize(
    ("names", "word"),
    [
        (["leads.csv"], "zip archive"),
        (["word/document.xml"], "Word"),
        (["ppt/presentation.xml"], "presentation"),
        (["mimetype", "content.xml"], "OpenDocument"),
        (["xl/workbook.bin"], "xlsb"),
        (["Index/Document.iwa"], "Numbers"),
        (["xl/workbook.xml"], "damaged"),
    ],
)
def test_a_zip_that_is_no_workbook_says_what_it_is(tmp_path: Path, names: list[str], word: str) -> None:
    assert word in refusal(zipped(tmp_path, *names))


def test_a_name_that_promises_something_else_is_told_with_the_right_one(tmp_path: Path) -> None:
    book = workbook(tmp_path, "leads.csv")
    assert "it is an Excel workbook. Rename it to end in .xlsx" in refusal(book)
    assert "not an Excel workbook" in refusal(put(tmp_path, "Name\nAna\n", "leads.xlsx"))
    assert "web page" in refusal(put(tmp_path, "<html><table>", "leads.xlsx"))
    assert ".csv.gz" in refusal(put(tmp_path, gzip.compress(b"Name\nAna\n"), "packed.csv"))


def test_a_damaged_or_cut_file_is_told(tmp_path: Path) -> None:
    packed = gzip.compress(b"Name,City\n" + os.urandom(500).hex().encode() + b",x\n")
    for data in (packed[:-9], packed[:-6] + b"abcdef", packed[:60]):
        assert "damaged or was cut off" in refusal(put(tmp_path, data, "leads.csv.gz"))
    book = workbook(tmp_path).read_bytes()
    assert "damaged" in refusal(put(tmp_path, book[:-30], "leads.xlsx"))


def test_a_workbook_whose_list_of_parts_is_broken_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "leads.xlsx", "w") as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("[Content_Types].xml", "<Types><")
    assert "damaged" in refusal(tmp_path / "leads.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c t="s"><v>999</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        "<row><c><v>abc</v></c></row>",
        '<row r="1"><c r="??"><v>1</v></c></row>',
        f'<row r="1">{cell("Name")}</row><row r="999999999">{cell("Ana")}</row>',
        "<row><c>",
    ],
)
def test_a_workbook_that_no_excel_made_is_refused_and_not_half_read(tmp_path: Path, rows: str) -> None:
    assert "cannot be read" in refusal(workbook(tmp_path, rows=rows))


# --- limits -------------------------------------------------------------------------------------------------


def test_more_than_a_list_of_leads_can_have(tmp_path: Path) -> None:
    header = ",".join(f"c{number}" for number in range(2_001))
    assert "has 2\u202f001 columns" in refusal(put(tmp_path, f"{header}\n1\n"))
    assert "cell on line 2 is longer" in refusal(put(tmp_path, "Name\n" + "x" * 140_000 + "\n"))
    assert "Line 2 is longer" in refusal(put(tmp_path, "Name\n" + "x" * 1_100_000 + "\n"))
    assert "on line 2 is never closed" in refusal(put(tmp_path, 'Name\n"' + "x\n" * 100_000 + '"\n'))
    row = ",".join(['"' + "x\n" * 50_000 + '"'] * 30)
    assert "row that begins on line 2 is longer" in refusal(put(tmp_path, f"Name\n{row}\n"))
    assert "cell on line 2 is longer" in refusal(
        workbook(tmp_path, rows=f"<row>{cell('Name')}</row><row>{cell('x' * 140_000)}</row>")
    )


def test_the_limit_of_the_office_holds_for_what_comes_out_too(tmp_path: Path, settings: Any) -> None:
    settings.IMPORT_MOST_MEGABYTES = 1
    row = "Ana,Springfield," + os.urandom(20).hex() + "\n"
    assert "larger than 1 MB" in refusal(put(tmp_path, "Name,City,X\n" + row * 20_000))
    assert "Unpacked, the file is larger than 1 MB" in refusal(
        put(tmp_path, gzip.compress(f"Name,City,X\n{row * 20_000}".encode()), "leads.csv.gz")
    )
    rows = f"<row>{cell('Ana')}</row>" * 130_000
    assert "unpacks to more" in refusal(workbook(tmp_path, rows=rows))


def test_a_file_that_was_packed_to_burst_is_refused_before_it_reaches_the_limit(tmp_path: Path) -> None:
    packed = gzip.compress(b"Name,City\n" + b"Ana,Springfield\n" * 700_000)
    assert "more than 250 times its size" in refusal(put(tmp_path, packed, "leads.csv.gz"))


def test_a_workbook_with_declarations_is_refused(tmp_path: Path) -> None:
    laughing = f'<?xml version="1.0" encoding="utf-16"?>{LAUGHS}<sst {SHEET}><si><t>&j;</t></si></sst>'
    row = '<row><c t="s"><v>0</v></c></row>'
    assert "cannot be read" in refusal(workbook(tmp_path, rows=row, sharedStrings__xml=laughing.encode("utf-16")))
    plain = laughing.replace(' encoding="utf-16"', "").encode()
    assert "DOCTYPE" in refusal(workbook(tmp_path, rows=row, sharedStrings__xml=plain))


def test_texts_that_hide_among_the_sheets_are_refused(tmp_path: Path) -> None:
    texts = f"<sst {SHEET}><si><t>Ana</t></si></sst>".encode()
    row = '<row><c t="s"><v>0</v></c></row>'
    assert "unpacks to more" in refusal(workbook(tmp_path, rows=row, worksheets___texts__xml=texts))


def test_bombs_are_refused_and_the_memory_stays_flat(tmp_path: Path) -> None:
    """One process reads them one after the other; it grows by less than 150 MB in all."""
    mega = 1024 * 1024
    files = [
        put(tmp_path, b"Name,City\nAna," + b"x" * 60 * mega, "line.csv"),
        put(tmp_path, b"Name\n" + b"x" * 5 * mega + b"\nAna\n", "cell.csv"),
        put(tmp_path, b'Name\n"' + b"x\n" * 20 * mega, "quote.csv"),
        put(tmp_path, b",".join([b"c"] * 500_000) + b"\n1\n", "columns.csv"),
        put(tmp_path, gzip.compress(b"Ana,Springfield\n" * 65536) * 1000, "bomb.csv.gz"),
        put(tmp_path, gzip.compress(bytes(mega)) * 1000, "zeros.csv.gz"),
        workbook(tmp_path, "rows.xlsx", "<row><c><v>1</v></c></row>" * 700_000),
        workbook(tmp_path, "cells.xlsx", f"<row>{'<c/>' * 1_000_000}</row>"),
        workbook(tmp_path, "cell.xlsx", f"<row>{cell('x' * 5 * mega)}</row>"),
        workbook(tmp_path, "laughs.xlsx", f"</sheetData></worksheet>{LAUGHS}"),
    ]
    with (tmp_path / "sparse.csv").open("wb") as huge:
        huge.truncate(1024**3)
    done = subprocess.run(
        [sys.executable, "-c", READER, *map(str, files), str(tmp_path / "sparse.csv")],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    grown, told = json.loads(done.stdout)
    assert grown < 150 * mega
    expected = {
        "line.csv": "Line 2 is longer",
        "cell.csv": "Line 2 is longer",
        "quote.csv": "never closed",
        "columns.csv": "500\u202f000 columns",
        "bomb.csv.gz": "larger than 100 MB",
        "zeros.csv.gz": "not text",
        "rows.xlsx": "unpacks to more",
        "cells.xlsx": "unpacks to more",
        "cell.xlsx": "larger than any list",
        "laughs.xlsx": "DOCTYPE",
        "sparse.csv": "larger than 100 MB",
    }
    assert set(told) == set(expected)
    for name, words in expected.items():
        assert words in told[name], name
