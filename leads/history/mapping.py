"""How a history of another system is to be read: one row a change, “this lead, then, this, from, to”. Pure.

Such a file names a lead, a moment and what changed to which value: HubSpot's property history, its stage history,
Salesforce's field history. A mapping is JSON; docs/samples holds one for each. Merged leads are not put together: the
rows of either key stay with that key.
"""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from leads.imports import strict
from leads.imports.strict import BadMapping
from lifecycle.states import State

#: What a column may mean. ``what`` says of what the row speaks; without such a column every row is one of a stage.
LEAD, WHEN, WHAT, FROM, TO, WHO, REASON, NOTE, SEQ = (
    *("lead", "when", "what", "from", "to"),
    *("who", "reason", "note", "seq"),
)
ROLES = (LEAD, WHEN, WHAT, FROM, TO, WHO, REASON, NOTE, SEQ)
NEEDED = (LEAD, WHEN, TO)

#: What a row may speak of: the stage, who has the lead, words about it, that it came in; or nothing that matters here.
ABOUT_STATUS, ABOUT_OWNER, ABOUT_NOTE, ABOUT_CREATION, IGNORED = "status", "owner", "note", "created", "ignore"
ABOUT = (ABOUT_STATUS, ABOUT_OWNER, ABOUT_NOTE, ABOUT_CREATION, IGNORED)

#: Who a word stands for that ``people`` does not name: a deactivated agent of that name, or nobody.
DEACTIVATED, NOBODY = "deactivated", "nobody"
#: Rows of something that ``what`` does not name: counted and left out, or a reason to refuse their lead.
COUNT, REFUSE = "count", "refuse"

_PARTS = {"columns", "what", "unlisted", "statuses", "no_status", "people", "unknown_people", "dates", "file"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryMapping:
    """``columns``: label of the column → role. ``what``: word of that column → what the row speaks of.

    ``statuses``: word → state; ``no_status``: what an empty cell means, ``""`` to refuse the lead. ``people``: word of
    an owner or an actor → name here, ``""`` for nobody (the pool, or the system). ``date_formats``: names of
    ``leads.imports.dates.FORMATS``; ``zone``: an IANA name, ``""`` for the office's. ``encoding`` and ``delimiter``:
    ``""`` to find out.
    """

    columns: Map[str, str]
    what: Map[str, str] = field(default_factory=dict)
    unlisted: str = COUNT
    statuses: Map[str, str] = field(default_factory=dict)
    no_status: str = ""
    people: Map[str, str] = field(default_factory=dict)
    unknown_people: str = DEACTIVATED
    date_formats: tuple[str, ...] = ("iso",)
    zone: str = ""
    encoding: str = ""
    delimiter: str = ""

    def label(self, role: str) -> str | None:
        """The column that means this."""
        return next((label for label, meaning in self.columns.items() if meaning == role), None)

    @property
    def tz(self) -> ZoneInfo | None:
        return ZoneInfo(self.zone) if self.zone else None

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": dict(self.columns),
            "what": dict(self.what),
            "unlisted": self.unlisted,
            "statuses": dict(self.statuses),
            "no_status": self.no_status,
            "people": dict(self.people),
            "unknown_people": self.unknown_people,
            "dates": {"formats": list(self.date_formats), "zone": self.zone},
            "file": {"encoding": self.encoding, "delimiter": self.delimiter},
        }


def read_history_mapping(data: Any) -> HistoryMapping:
    """A mapping from its JSON; ``as_json`` is the inverse. Raises ``BadMapping``."""
    if not isinstance(data, dict):
        raise BadMapping("A mapping is a JSON object.")
    strict.refuse_unknown(data, _PARTS)
    dates = strict.section(data, "dates", {"formats", "zone"})
    file = strict.section(data, "file", {"encoding", "delimiter"})
    states = [s.value for s in State]
    made = HistoryMapping(
        columns=strict.words(data, "columns", ROLES),
        what=strict.words(data, "what", ABOUT),
        unlisted=strict.word(data, "unlisted", (COUNT, REFUSE), COUNT),
        statuses=strict.words(data, "statuses", states),
        no_status=strict.word(data, "no_status", ("", *states), ""),
        people=strict.words(data, "people"),
        unknown_people=strict.word(data, "unknown_people", (DEACTIVATED, NOBODY), DEACTIVATED),
        date_formats=strict.formats(dates.get("formats", [])) or ("iso",),
        zone=strict.zone(dates.get("zone", "")),
        encoding=strict.text(file.get("encoding", ""), "encoding"),
        delimiter=strict.text(file.get("delimiter", ""), "delimiter"),
    )
    _check_columns(made)
    return made


def _check_columns(made: HistoryMapping) -> None:
    """Every meaning is one column's, and what makes a row a fact is there."""
    taken: dict[str, str] = {}
    for label, role in made.columns.items():
        if role in taken:
            raise BadMapping(f"“{taken[role]}” and “{label}” cannot both be the column “{role}”.")
        taken[role] = label
    missing = [role for role in NEEDED if role not in taken]
    if missing:
        raise BadMapping(f"No column is given as “{missing[0]}”. A history needs {', '.join(NEEDED)}.")
    if made.what and WHAT not in taken:
        raise BadMapping("“what” says what rows speak of, but no column is given as “what”.")
    if WHAT in taken and not set(made.what.values()) - {IGNORED}:
        raise BadMapping("A column is given as “what”, but “what” lists no word of it that matters.")
