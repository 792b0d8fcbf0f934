"""How a file of another system is to be read: which column means what, which word means which stage. Pure.

A mapping is kept as JSON: with the import, saved under a name, or in a file for ``import_leads``. ``as_json`` and
``read_mapping`` are each other's inverse.
"""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from lifecycle.flags import Flag
from lifecycle.states import State

from . import strict
from .strict import BadMapping

#: What a column may mean, besides ``reached:<STATE>`` (when that stage was reached) and ``flag:<flag>`` (yes or no).
KEY, NAME, FIRST_NAME, MIDDLE_NAME, LAST_NAME = "key", "name", "first_name", "middle_name", "last_name"
COMPANY, EMAIL, PHONE, HEADLINE = "company", "email", "phone", "headline"
ADDRESS, STREET, CITY, REGION, POSTCODE, COUNTRY = "address", "street", "city", "region", "postcode", "country"
STATUS, OWNER, LEAD_SOURCE, NOTE = "status", "owner", "lead_source", "note"
CREATED, MODIFIED, ENTERED = "created", "modified", "entered"
REACHED = {f"reached:{s.value}": s.value for s in State if s != State.NEW}
FLAGS = {f"flag:{f.value}": f.value for f in Flag}
#: These may be given to one column at most; of the others the first that is not empty counts, or all of them.
SINGLE = frozenset(
    {KEY, NAME, FIRST_NAME, MIDDLE_NAME, LAST_NAME, STATUS, OWNER, CREATED, MODIFIED, ENTERED, LEAD_SOURCE, *REACHED}
)
DATES = (CREATED, MODIFIED, ENTERED, *REACHED)
ROLES = (
    *(KEY, NAME, FIRST_NAME, MIDDLE_NAME, LAST_NAME, COMPANY, EMAIL, PHONE, HEADLINE),
    *(ADDRESS, STREET, CITY, REGION, POSTCODE, COUNTRY),
    *(STATUS, OWNER, LEAD_SOURCE, NOTE, CREATED, MODIFIED, ENTERED, *REACHED, *FLAGS),
)

#: What happens to a row whose lead is here already.
SKIP, UPDATE, BOTH = "skip", "update", "both"
CHOICES = (SKIP, UPDATE, BOTH)
#: Whom a lead gets whose owner nobody here is: a deactivated agent of that name, or the pool.
DEACTIVATED, POOL = "deactivated", "pool"
UNKNOWN_OWNERS = (DEACTIVATED, POOL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """``columns``: label of the column → role. ``statuses``: word → state; ``no_status``: what an empty cell means,
    ``""`` to refuse the row. ``owners``: name in the file → user name here, or ``pool``; the others go by
    ``unknown_owners``. ``date_formats``: names of ``dates.FORMATS`` in the order in which they are tried; ``zone``: an
    IANA name. ``encoding`` and ``delimiter``: ``""`` to find out.
    """

    columns: Map[str, str] = field(default_factory=dict)
    statuses: Map[str, str] = field(default_factory=dict)
    no_status: str = ""
    owners: Map[str, str] = field(default_factory=dict)
    unknown_owners: str = DEACTIVATED
    date_formats: tuple[str, ...] = ()
    zone: str = ""
    duplicates: str = SKIP
    encoding: str = ""
    delimiter: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": dict(self.columns),
            "statuses": dict(self.statuses),
            "no_status": self.no_status,
            "owners": dict(self.owners),
            "unknown_owners": self.unknown_owners,
            "dates": {"formats": list(self.date_formats), "zone": self.zone},
            "duplicates": self.duplicates,
            "file": {"encoding": self.encoding, "delimiter": self.delimiter},
        }

    def labels(self, role: str) -> list[str]:
        """The columns that mean this, in the order of the mapping."""
        return [label for label, meaning in self.columns.items() if meaning == role]

    @property
    def tz(self) -> ZoneInfo | None:
        return ZoneInfo(self.zone) if self.zone else None


def read_mapping(data: Any) -> Mapping:
    """A mapping from its JSON. Unknown names are refused: a typing error must not drop a column silently.

    Raises ``BadMapping``.
    """
    if not isinstance(data, dict):
        raise BadMapping(gettext("A mapping is a JSON object."))
    known = {"columns", "statuses", "no_status", "owners", "unknown_owners", "dates", "duplicates", "file"}
    strict.refuse_unknown(data, known)
    dates = strict.section(data, "dates", {"formats", "zone"})
    file = strict.section(data, "file", {"encoding", "delimiter"})
    made = Mapping(
        columns=strict.words(data, "columns", ROLES),
        statuses=strict.words(data, "statuses", [s.value for s in State]),
        no_status=strict.word(data, "no_status", ("", *(s.value for s in State)), ""),
        owners=strict.words(data, "owners"),
        unknown_owners=strict.word(data, "unknown_owners", UNKNOWN_OWNERS, DEACTIVATED),
        date_formats=strict.formats(dates.get("formats", [])),
        zone=strict.zone(dates.get("zone", "")),
        duplicates=strict.word(data, "duplicates", CHOICES, SKIP),
        encoding=strict.text(file.get("encoding", ""), "encoding"),
        delimiter=strict.text(file.get("delimiter", ""), "delimiter"),
    )
    check_columns(made.columns)
    return made


def readable(data: Any) -> Mapping:
    """A mapping that was kept; one that another release wrote and this one cannot read counts as none."""
    try:
        return read_mapping(data)
    except BadMapping:
        return Mapping()


def check_columns(columns: Map[str, str]) -> None:
    """Raises ``BadMapping`` when two columns are given a meaning that only one can have."""
    taken: dict[str, str] = {}
    for label, role in columns.items():
        if role in SINGLE and role in taken:
            raise BadMapping(
                gettext("“%(first)s” and “%(second)s” cannot both be the column “%(role)s”.")
                % {"first": taken[role], "second": label, "role": role}
            )
        taken[role] = label
