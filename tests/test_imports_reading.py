"""A file becomes rows: whatever it is encoded in, whatever stands between its cells, each row with its line."""

import csv
import gzip
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from leads.imports.reading import BadFile, Probe, Record, Shape, probe, records

SPANISH = [("María", "Muñoz"), ("José", "García"), ("Lucía", "Peña"), ("Iñaki", "Martínez")]
POLISH = [("Łukasz", "Wiśniewski"), ("Małgorzata", "Dąbrowska"), ("Paweł", "Zieliński")]
CZECH = [("Jiří", "Dvořák"), ("Božena", "Němcová"), ("Zdeněk", "Růžička"), ("Tomáš", "Černý")]
RUSSIAN = [("Анна", "Иванова"), ("Сергей", "Кузнецов"), ("Ольга", "Соколова")]
GREEK = [("Γιώργος", "Παπαδόπουλος"), ("Ελένη", "Νικολάου")]
TURKISH = [("Ayşe", "Yıldız"), ("Gökhan", "Çağlar"), ("İbrahim", "Şahin")]
HEBREW = [("דוד", "כהן"), ("שרה", "לוי")]
JAPANESE = [("太郎", "田中"), ("花子", "山本"), ("さくら", "佐藤"), ("ケン", "鈴木")]
CHINESE = [("伟", "王"), ("芳", "李"), ("秀英", "张"), ("敏", "刘")]
KOREAN = [("민준", "김"), ("서연", "이"), ("지훈", "박")]
LANGUAGES = [
    *((SPANISH, encoding) for encoding in ("utf-8", "utf-8-sig", "cp1252", "iso8859-1", "mac-roman")),
    *((SPANISH, encoding) for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32")),
    *((POLISH, encoding) for encoding in ("utf-8", "cp1250", "iso8859-2")),
    *((CZECH, encoding) for encoding in ("utf-8", "cp1250")),
    *((RUSSIAN, encoding) for encoding in ("utf-8", "cp1251", "koi8-r", "utf-16-le")),
    *((JAPANESE, encoding) for encoding in ("utf-8", "cp932", "euc-jp", "utf-16-be")),
    *((CHINESE, encoding) for encoding in ("utf-8", "gb18030", "utf-16")),
    *((GREEK, "cp1253"), (TURKISH, "cp1254"), (HEBREW, "cp1255"), (KOREAN, "cp949")),
]


def put(folder: Path, text: str | bytes, name: str = "leads.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def read(path: Path, shape: Shape | None = None) -> tuple[Probe, list[Record]]:
    """What the page shows, and all rows in that shape."""
    seen = probe(path, shape)
    return seen, list(records(path, seen.shape))


def cells(path: Path) -> list[list[str]]:
    return [record.cells for record in read(path)[1]]


def refusal(path: Path, shape: Shape | None = None) -> str:
    with pytest.raises(BadFile) as refused:
        read(path, shape)
    return refused.value.sentence


def workbook(folder: Path, rows: list[list[Any]], name: str = "leads.xlsx") -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


# --- encodings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "encoding"), LANGUAGES)
def test_names_are_read_in_the_encoding_that_they_were_written_in(
    tmp_path: Path, people: list[tuple[str, str]], encoding: str
) -> None:
    rows = [[f"{number}", *person, "Qualified"] for number, person in enumerate(people * 3)]
    text = "".join(",".join(row) + "\r\n" for row in [["Lead ID", "First Name", "Last Name", "Status"], *rows])
    seen, found = read(put(tmp_path, text, encoding=encoding))
    assert [record.cells for record in found] == rows
    assert seen.encodings[0] == seen.shape.encoding


def test_curly_quotes_and_the_euro_sign_are_windows(tmp_path: Path) -> None:
    text = "Name;Note\r\nAna;“call back” – it’s urgent\r\nBen;450 000 €\r\n"
    seen, found = read(put(tmp_path, text, encoding="cp1252"))
    assert seen.shape == Shape("cp1252", ";")
    assert found[0].cells == ["Ana", "“call back” – it’s urgent"] and found[1].cells[1] == "450 000 €"
    assert "Windows-1252" in seen.warnings[0]


@pytest.mark.parametrize(
    "text", ["Name,City\nAna,Springfield\n", "Name,City\nAna,Âge Ã© Düsseldorf\n", "Name,X\nAna,🏡\n"]
)
def test_valid_utf8_is_never_read_as_anything_else(tmp_path: Path, text: str) -> None:
    seen, found = read(put(tmp_path, text))
    assert seen.shape.encoding == "utf-8" and not seen.warnings
    assert found[0].cells == text.split("\n")[1].split(",")


def test_the_only_letter_beyond_ascii_may_stand_at_the_end_of_a_long_file(tmp_path: Path) -> None:
    text = "Name,City\n" + "Ana,Springfield\n" * 20_000 + "Ben,Málaga\n"
    assert cells(put(tmp_path, text, encoding="cp1252"))[-1] == ["Ben", "Málaga"]
    assert cells(put(tmp_path, text, encoding="utf-8"))[-1] == ["Ben", "Málaga"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "cp932", "gb18030"])
def test_a_file_is_the_same_however_it_is_cut_into_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, encoding: str
) -> None:
    text = 'Name,Note\r\n太郎,"田\r\n中"\r\rBo,"x""y"\n\r\n花子,\r\n'
    path = put(tmp_path, text, encoding=encoding)
    monkeypatch.setattr("leads.imports.reading.limits.CHUNK", size)
    assert list(records(path, Shape(encoding, ","))) == [
        Record(2, ["太郎", "田\r\n中"]),
        Record(5, ["Bo", 'x"y']),
        Record(7, ["花子", ""]),
    ]


def test_a_chosen_encoding_that_cannot_be_is_refused_with_byte_and_line(tmp_path: Path) -> None:
    path = put(tmp_path, "Name,City\r\nAna,Springfield\r\nBen,Málaga\r\n", encoding="cp1252")
    sentence = refusal(path, Shape("utf-8", ","))
    assert "byte 0xE1 on line 3 (byte 34 of the file)" in sentence and "Windows-1252" in sentence
    assert "line 3" in refusal(path, Shape("utf-8", ""))
    assert "Try UTF-8." in refusal(put(tmp_path, "Name\nÁ\n" * 9), Shape("cp1252", ","))
    assert "does not begin with the mark" in refusal(path, Shape("utf-16", ","))
    assert "not an encoding" in refusal(path, Shape("rot13", ","))
    assert "not an encoding" in refusal(path, Shape("ut\0f", ","))


def test_a_chosen_encoding_that_can_be_is_obeyed_and_the_others_are_offered(tmp_path: Path) -> None:
    path = put(tmp_path, "Name,City\nBen,Málaga\n", encoding="cp1252")
    seen, found = read(path, Shape("mac-roman", ""))
    assert seen.shape == Shape("mac-roman", ",") and found[0].cells == ["Ben", "M·laga"]
    assert seen.encodings[0] == "cp1252" and "mac-roman" in seen.encodings and "utf-8" not in seen.encodings


def test_utf8_with_one_damaged_byte_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    text = "Name,City\n" + "Ana,Málaga\n" * 30
    path = put(tmp_path, text.encode() + b"Ben,M\xe1laga\n")
    assert "0xE1 on line 32" in refusal(path) and "Everything else is UTF-8" in refusal(path)
    assert read(path, Shape("cp1252", ","))[1][-1].cells == ["Ben", "Málaga"]


# --- delimiters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_stands_between_cells_is_found_out(tmp_path: Path, delimiter: str) -> None:
    out = io.StringIO()
    rows = [["1", "Ana, Ben; both | one", "450.000,00", "12 Main St, Unit 4"], ["2", "", "", "a\tb"]] * 3
    csv.writer(out, delimiter=delimiter).writerows([["Lead ID", "Owner", "Price", "Address"], *rows])
    seen, found = read(put(tmp_path, out.getvalue(), "leads.txt"))
    assert seen.shape.delimiter == delimiter and [record.cells for record in found] == rows


def test_a_chosen_delimiter_is_obeyed(tmp_path: Path) -> None:
    path = put(tmp_path, "Name;City\nAna;Springfield\n")
    seen = probe(path, Shape("", ","))
    assert seen.header == ["Name;City"] and seen.shape == Shape("utf-8", ",")
    for wrong in ("ab", '"', "\n", "x"):
        assert "cannot stand between cells" in refusal(path, Shape("utf-8", wrong))


@pytest.mark.parametrize("first", ["sep=;\r\n", "SEP=;\n", '"sep=;"\r\n', "\ufeffsep=;\r\n"])
def test_the_first_line_of_excel_names_the_delimiter_and_is_no_header(tmp_path: Path, first: str) -> None:
    seen, found = read(put(tmp_path, first + "Name;A,B,C\r\nAna;1,2,3\r\n"))
    assert (seen.header, seen.shape.delimiter) == (["Name", "A,B,C"], ";")
    assert found == [Record(3, ["Ana", "1,2,3"])]


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    seen, found = read(put(tmp_path, "E-mail\nana@example.com\n\nben@example.com\n"))
    assert seen.header == ["E-mail"]
    assert found == [Record(2, ["ana@example.com"]), Record(4, ["ben@example.com"])]


# --- lines and cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_stands_on_the_line_on_which_it_begins(tmp_path: Path, end: str) -> None:
    lines = ["Name,Note", 'Ana,"first', "", 'third"', "", ",", "Ben,x", '"C\u2028D\x0b","a""b"']
    found = read(put(tmp_path, end.join(lines)))[1]
    assert [(record.line, record.cells) for record in found] == [
        (2, ["Ana", f"first{end}{end}third"]),
        (7, ["Ben", "x"]),
        (8, ["C\u2028D\x0b", 'a"b']),
    ]


def test_names_of_columns_are_stripped_numbered_and_counted(tmp_path: Path) -> None:
    seen, _ = read(put(tmp_path, ' Name ,,Name,Name (2),"E\nmail",Name\n1,2,3,4,5,6\n'))
    assert seen.header == ["Name", "Column 2", "Name (3)", "Name (2)", "E mail", "Name (4)"]
    assert any("1 column has no name" in warning for warning in seen.warnings)
    assert any("3 columns are called “Name”" in warning for warning in seen.warnings)


def test_columns_at_the_end_without_name_count_only_with_something_in_them(tmp_path: Path) -> None:
    seen, found = read(put(tmp_path, "Name,City,,\nAna,Springfield,,\nBen,Shelbyville\nBo,X,,,,\n"))
    assert seen.header == ["Name", "City"] and not any(record.problem for record in found)
    seen, found = read(put(tmp_path, "Name,City,,\nAna,Springfield,nice,\nBo,X,,\n"))
    assert seen.header == ["Name", "City", "Column 3"]
    assert [record.cells for record in found] == [["Ana", "Springfield", "nice"], ["Bo", "X", ""]]


def test_a_row_with_too_few_or_too_many_cells_says_both_numbers(tmp_path: Path) -> None:
    found = read(put(tmp_path, "Name,City,Status\nAna,Springfield\nBen,a,b,c\nBo,x,New\n"))[1]
    assert [record.problem for record in found] == [
        "The row has 2 cells, the header has 3.",
        "The row has 4 cells, the header has 3.",
        "",
    ]
    assert found[0].cells == ["Ana", "Springfield"]


def test_a_whole_row_crushed_into_one_cell_is_taken_apart(tmp_path: Path) -> None:
    text = 'Name,City,Note\nAna,Springfield,x\n"Ben,Shelbyville,""a, b"""\n"Bo, X"\n'
    found = read(put(tmp_path, text))[1]
    assert found[1] == Record(3, ["Ben", "Shelbyville", "a, b"])
    assert found[2].cells == ["Bo, X"] and "1 cell," in found[2].problem


def test_a_file_of_crushed_rows_is_taken_apart_with_its_header(tmp_path: Path) -> None:
    seen, found = read(put(tmp_path, '"Name;City;Note"\n"Ana;Springfield;""a;b"""\n"Ben;X;"\n'))
    assert seen.header == ["Name", "City", "Note"]
    assert [record.cells for record in found] == [["Ana", "Springfield", "a;b"], ["Ben", "X", ""]]


def test_a_stray_quotation_mark_spoils_its_own_row_and_not_the_next_hundred(tmp_path: Path) -> None:
    text = 'Name,Note\n"Ana "Banana" Diaz",x\nBen,y\n"Bo,z\n"Cy","w"\nDee,v\n'
    found = read(put(tmp_path, text))[1]
    assert [(record.line, bool(record.problem)) for record in found] == [(2, True), (3, False), (4, True), (6, False)]
    assert "line 4" in found[2].problem and "line 5" in found[2].problem
    assert found[2].cells == ['"Bo,z\n"Cy","w"'], "The file of errors shows what stood there."


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_line(tmp_path: Path) -> None:
    for rest in (3, 60_000):
        text = "Name,Note\nAna,x\n" + 'Ben,"y\n' + "Bo,z\n" * rest
        assert "quotation mark opened on line 3 is never closed" in refusal(put(tmp_path, text))


def test_nul_and_placeholders(tmp_path: Path) -> None:
    found = read(put(tmp_path, "Name,Note\nAna,\0\nNA,NULL\n-None-,=cmd|' /C calc'!A0\n"))[1]
    assert "NUL" in found[0].problem
    assert found[1:] == [Record(3, ["NA", "NULL"]), Record(4, ["-None-", "=cmd|' /C calc'!A0"])]


def test_a_packed_file_is_read_like_its_inside(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress("Name;City\nAna;Málaga\n".encode("cp1252")), "leads.csv.gz")
    assert cells(path) == [["Ana", "Málaga"]]


def test_a_header_that_looks_like_a_lead_and_lost_letters_are_told(tmp_path: Path) -> None:
    seen, _ = read(put(tmp_path, "Ana,ana@example.com\nBen M\ufffdller,ben@example.com\n"))
    assert len(seen.warnings) == 2
    assert "looks like a lead" in seen.warnings[0] and "lost letters" in seen.warnings[1]


def test_the_probe_shows_twenty_rows_and_the_rows_come_one_at_a_time(tmp_path: Path) -> None:
    path = put(tmp_path, "Name\n" + "Ana\n" * 300 + '"Ben\n')
    seen = probe(path)
    assert len(seen.records) == 20
    rows = records(path, seen.shape)
    assert next(rows) == Record(2, ["Ana"])
    with pytest.raises(BadFile):
        list(rows)


# --- workbooks ----------------------------------------------------------------------------------------------


def test_a_workbook_is_read_as_it_is_seen(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Name", "Created", "Day", "Phone", "Price", "DNC", None],
        ["Ana", datetime.fromisoformat("2021-04-15 00:03"), date(2021, 4, 15), 14155550100.0, 450000.5, True],
        [],
        ["Ben"],
        ["a\nb", None, None, 7, "=1+1", "#N/A", None],
    ]
    seen, found = read(workbook(tmp_path, rows))
    assert seen.shape == Shape("", "", sheet=True) and seen.encodings == []
    assert seen.header == ["Name", "Created", "Day", "Phone", "Price", "DNC"]
    assert found == [
        Record(2, ["Ana", "2021-04-15 00:03:00", "2021-04-15", "14155550100", "450000.5", "TRUE"]),
        Record(4, ["Ben", "", "", "", "", ""]),
        Record(5, ["a\nb", "", "", "7", "", "#N/A"]),
    ]


def test_the_first_sheet_with_rows_that_can_be_seen_is_read(tmp_path: Path) -> None:
    book = Workbook()
    hidden, leads, more = book.create_sheet("Lists"), book.create_sheet("Leads"), book.create_sheet("More")
    hidden.sheet_state = "hidden"
    for sheet in (hidden, leads, more):
        sheet.append(["Name"])
        sheet.append([sheet.title])
    book.save(tmp_path / "leads.xlsx")
    seen, found = read(tmp_path / "leads.xlsx")
    assert found[0].cells == ["Leads"]
    assert "Only the sheet “Leads” is read" in seen.warnings[0] and "“More”" in seen.warnings[0]


def test_rows_crushed_into_the_first_column_of_a_workbook_are_taken_apart(tmp_path: Path) -> None:
    rows = [["Name,City,Note"], ['Ana,Springfield,"a, b"'], ["Ben,X,"], ["Bo,X"]]
    seen, found = read(workbook(tmp_path, [*rows, *[["Cy,Y,z"]] * 20]))
    assert seen.header == ["Name", "City", "Note"] and seen.shape == Shape("", ",", sheet=True)
    assert found[0].cells == ["Ana", "Springfield", "a, b"] and found[1].cells == ["Ben", "X", ""]


def test_a_stray_nul_in_a_short_file_is_one_bad_row_and_no_encoding(tmp_path: Path) -> None:
    seen, found = read(put(tmp_path, b"ID,Name\n1,a\x00b\n2,Bo\n"))
    assert seen.shape == Shape("utf-8", ",")
    assert ["NUL" in record.problem for record in found] == [True, False]
    seen, found = read(put(tmp_path, "ID,Name\n1,Bo\n", encoding="utf-16-le"))
    assert seen.shape == Shape("utf-16-le", ",") and found[0].cells == ["1", "Bo"]


# --- real files ---------------------------------------------------------------------------------------------


def test_the_same_names_in_three_encodings(test_data: Path) -> None:
    for name, encoding in (("cp1252", "cp1252"), ("utf-16", "utf-16"), ("utf-8-sig", "utf-8")):
        path = test_data / "strings" / f"names_{name}.csv"
        seen, found = read(path)
        assert seen.shape == Shape(encoding, ",")
        with path.open(encoding=name, newline="") as file:
            assert [seen.header, *(record.cells for record in found)] == [row for row in csv.reader(file) if row]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("bpic12_dev_legacy_export.csv", 7455),
        ("zoho_Leads.csv", 3900),
        ("zoho_Potentials.csv", 3632),
        ("maven_sales_pipeline.csv", 8800),
    ],
)
def test_exports_of_old_systems_have_all_their_rows(test_data: Path, name: str, rows: int) -> None:
    seen, found = read(test_data / "legacy" / name)
    assert seen.shape == Shape("utf-8", ",") and not seen.warnings
    assert len(found) == rows and not any(record.problem for record in found)
