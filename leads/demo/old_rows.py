"""What an agent of long ago kept in a CRM of her own: the export that the demo office brings in. Pure.

Twenty-two rows: twenty become leads, one is Dana Ortiz, who is here already, and one has a date that no calendar knows.
"""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .office import Calendar

#: The system it comes from, and the agent who left before anybody here had heard of Hindsight.
SOURCE, FILE_NAME, KEEPER = "Shoebox CRM", "shoebox-leads.csv", "Gwen Harlan"

COLUMNS: Mapping[str, str] = {
    "Lead No": "key",
    "First Name": "first_name",
    "Last Name": "last_name",
    "Email": "email",
    "Mobile": "phone",
    "Street": "street",
    "City": "city",
    "Looking For": "headline",
    "Lead Source": "lead_source",
    "Status": "status",
    "Agent": "owner",
    "Date Added": "created",
    "Last Changed": "modified",
    "Contract Date": "reached:IN_CONTRACT",
    "Closing Date": "reached:CLOSED",
    "Unsubscribed": "flag:unsubscribed",
    "Do Not Call": "flag:do_not_call",
    "Notes": "note",
}
MAPPING: Mapping[str, Any] = {
    "columns": COLUMNS,
    "statuses": {
        "New": "NEW",
        "Working": "CONTACTING",
        "Hot buyer": "QUALIFIED",
        "Signed": "COMMITTED",
        "Pending": "IN_CONTRACT",
        "Sold": "CLOSED",
        "Cold": "ARCHIVED",
        "Bad number": "TRASHED",
    },
    "unknown_owners": "deactivated",
    "dates": {"formats": ["mm/dd/yyyy hh:mm", "mm/dd/yyyy"], "zone": "America/Los_Angeles"},
    "duplicates": "skip",
}
#: How many leads it brings into each stage, how many rows are somebody known, and how many are refused.
BROUGHT: Mapping[str, int] = {
    "NEW": 2, "CONTACTING": 4, "QUALIFIED": 4, "COMMITTED": 1, "IN_CONTRACT": 2, "CLOSED": 3, "ARCHIVED": 3, "TRASHED": 1,
}  # fmt: skip
SKIPPED, REFUSED = 1, 1

#: (name, where, looking for, source, status, agent, days ago added and changed, contract and closing, opt-outs, note).
#: A day 0 is an empty cell. ``e`` is unsubscribed, ``p`` do not call.
_Row = tuple[str, str, str, str, str, str, int, int, int, int, str, str]
_G, _A, _R = KEEPER, "Ana Morales", "Ryan Castellano"
_ROWS: tuple[_Row, ...] = (
    ("Beatrix Amundsen", "14 Quarry Rd, Benicia", "2-bed with a view of the strait", "Website", "New", _G, 41, 41, 0, 0, "", "Asked twice through the form."),
    ("Gideon Strand", "", "Anything with a barn", "Referral", "New", "", 47, 45, 0, 0, "", ""),
    ("Perpetua Lonsdale", "", "Condo near the ferry in Vallejo", "Open house", "Working", _G, 66, 58, 0, 0, "", "Two messages left. Prefers mornings."),
    ("Cormac Tiernay", "", "3-bed in Martinez", "Zillow", "Working", _G, 73, 61, 0, 0, "e", "Wants calls, no newsletters."),
    ("Wilhelmina Oduya", "", "", "Sign call", "Working", _R, 88, 52, 0, 0, "", "Saw the sign on Alhambra Ave."),
    ("Florian Mazzetti", "", "Duplex, lives in one half", "Facebook", "Working", "", 92, 80, 0, 0, "", ""),
    ("Ottoline Brandt", "9 Mill Ct, Pinole", "3-bed in Pinole or Hercules", "Past client", "Hot buyer", _G, 121, 49, 0, 0, "", "Lender: First Tule. Pre-approval runs out in spring."),
    ("Thaddeus Greenlaw", "", "4-bed in Alamo", "Zillow", "Hot buyer", _A, 133, 55, 0, 0, "", "Toured five, liked none of the kitchens."),
    ("Marguerite Oyelaran", "", "Single-story near her sister", "Referral", "Hot buyer", _G, 140, 64, 0, 0, "p", "Hard of hearing: write, never call."),
    ("Casimir Holloway", "", "Live-work loft", "Website", "Hot buyer", _R, 158, 71, 0, 0, "", ""),
    ("Rosalind Achterberg", "31 Pear St, Benicia", "Victorian, any condition", "Open house", "Signed", _G, 171, 44, 0, 0, "", "Agreement is in the blue folder."),
    ("Ignatius Farrow", "", "2-bed condo in Concord", "Zillow", "Pending", _A, 188, 40, 48, 0, "", "Inspection done, two credits asked."),
    ("Delphine Yamada", "", "Townhouse in Pleasant Hill", "Past client", "Pending", _G, 196, 43, 46, 0, "e", ""),
    ("Leopold Anning", "77 Carquinez Way, Crockett", "Bungalow with a shop", "Referral", "Sold", _G, 251, 102, 139, 102, "", "Moved in. Sends a card at New Year."),
    ("Henrike Castellane", "5 Tannery Row, Benicia", "First house", "Website", "Sold", _G, 243, 118, 160, 119, "", ""),
    ("Barnaby Ncube", "", "2-bed near BART", "Walk-in", "Sold", _A, 230, 87, 0, 88, "", "Old system kept the closing only."),
    ("Philippa Rask", "", "3-bed, no hurry", "Zillow", "Cold", _G, 222, 170, 0, 0, "e", "Renting on for a year."),
    ("Augustin Pell", "", "", "Website", "Cold", _G, 214, 149, 0, 0, "", "Bought with a cousin."),
    ("Seraphina Doyle-Novak", "", "Horse property", "Facebook", "Cold", "", 209, 183, 0, 0, "ep", "Asked to be left alone. So be it."),
    ("Quentin Fairweather", "", "", "Website", "Bad number", _G, 104, 103, 0, 0, "", "A dentist answers."),
)  # fmt: skip
#: Here already, by her e-mail; and a thirteenth month. Both have to be looked at by somebody.
_KNOWN = ("Dana Ortiz", "", "3-bed in Alameda", "Website", "Hot buyer", _G, 260, 190, 0, 0, "", "Old friend of Gwen's.")
_BROKEN = ("Tobias Merriweather", "", "2-bed in Rodeo", "Phone", "Working", _G, 99, 75, 0, 0, "", "Call his office.")
_BROKEN_DATE = "13/31/2025 09:15"


def export(end: datetime, known_email: str) -> str:
    """The file as that system would write it now. In: where the demo ends; the e-mail of Dana Ortiz."""
    calendar = Calendar(end)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for n, row in enumerate((*_ROWS, _KNOWN, _BROKEN), 1):
        cells = _cells(n, row, calendar)
        if row is _KNOWN:
            cells[3] = known_email
        if row is _BROKEN:
            cells[11] = _BROKEN_DATE
        writer.writerow(cells)
    return out.getvalue()


def _cells(n: int, row: _Row, calendar: Calendar) -> list[str]:
    name, where, wish, source, status, agent, added, changed, contract, closing, shut, note = row
    first, last = name.split(" ", 1)
    street, _, city = where.partition(", ")
    plain = last.lower().replace("-", "").replace(" ", "")
    return [
        f"GH-{100 + n}",
        first,
        last,
        f"{first.lower()}@{plain}.example",
        f"(530) 555-{100 + n:04d}",
        street,
        city,
        wish,
        source,
        status,
        agent,
        _when(calendar, added, 9 + n % 8, 7 * n % 60),
        _when(calendar, changed, 10 + n % 7, 11 * n % 60),
        _day(calendar, contract),
        _day(calendar, closing),
        "Yes" if "e" in shut else "No",
        "Yes" if "p" in shut else "No",
        note,
    ]


def _when(calendar: Calendar, days_ago: int, hour: int, minute: int) -> str:
    local = calendar.clock(days_ago, hour, minute).astimezone(calendar.zone)
    return f"{local:%m/%d/%Y %H:%M}"


def _day(calendar: Calendar, days_ago: int) -> str:
    return f"{calendar.day(days_ago):%m/%d/%Y}" if days_ago else ""
