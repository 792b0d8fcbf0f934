"""How much a file may hold. Beyond these it is no list of leads, and reading on would only fill the memory."""

from django.conf import settings

#: Characters in one cell. A spreadsheet cell holds 32,767.
CELL_MOST = 131_072
#: Characters in one physical line, and in one row with quoted line breaks.
LINE_MOST = 1_048_576
COLUMNS_MOST = 2_000
#: Rows of a sheet: what the format itself allows.
SHEET_ROWS_MOST = 1_048_576
#: Bytes read at a time.
CHUNK = 262_144
#: A packed file that grows more than this many times, once it is larger than ``RATIO_FROM`` bytes, was made to.
RATIO_MOST = 250
RATIO_FROM = 8 * 1024 * 1024
#: Parts of a workbook, in bytes of XML: the texts of all cells, anything else that is not a sheet, one row of a sheet.
TEXTS_MOST = 64 * 1024 * 1024
PART_MOST = 16 * 1024 * 1024
SHEET_ROW_MOST = 8 * 1024 * 1024
#: Tags in a part or in a row, and in the texts: each becomes an object of some 100 to 300 bytes.
MARKS_MOST = 400_000
TEXT_MARKS_MOST = 4_000_000
PARTS_MOST = 2_000
#: XML says much the same many times over: a workbook unpacks to several times what the same rows are as CSV.
SHEET_TIMES = 5
#: Rows that are looked at to find the delimiter and the columns that have no name but something in them.
SAMPLE_ROWS = 200
FIRST_ROWS = 20


def most_bytes() -> int:
    """What a file may have, as it is uploaded and unpacked."""
    return int(settings.IMPORT_MOST_MEGABYTES) * 1024 * 1024
