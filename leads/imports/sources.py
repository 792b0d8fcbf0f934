"""Which system a file comes from, told by the columns that only this one writes. Pure."""

import re
from collections.abc import Iterable

_NO_WORD = re.compile(r"[^a-z0-9]+")

#: A system → sets of columns; a header that holds one whole set is likely its own. The first that fits is named.
_TELLTALES: tuple[tuple[str, tuple[frozenset[str], ...]], ...] = (
    (
        "Salesforce",
        (frozenset({"isconverted"}), frozenset({"hasoptedoutofemail"}), frozenset({"leadsource", "ownerid"})),
    ),
    ("HubSpot", (frozenset({"record id", "contact owner"}), frozenset({"lifecycle stage", "contact owner"}))),
    ("Follow Up Boss", (frozenset({"assigned to", "email 1 type"}), frozenset({"date added", "is contacted"}))),
    ("kvCORE", (frozenset({"cell phone 1", "primary address"}), frozenset({"second email", "spouse email"}))),
    ("Lofty", (frozenset({"phone dnc status"}),)),
    ("CINC", (frozenset({"cc email", "cell phone"}),)),
    ("KW Command", (frozenset({"home anniversary", "full legal name"}),)),
    ("MoxiWorks", (frozenset({"e mail 2 address", "categories"}),)),
    ("Propertybase GO", (frozenset({"primary phone", "mobile phone", "zip"}),)),
    ("RealScout", (frozenset({"phone name", "state abbrev"}),)),
    ("DealMachine", (frozenset({"property address line 1", "property id"}),)),
    ("Buying Buddy", (frozenset({"buyer status", "fname"}),)),
    ("Zoho CRM", (frozenset({"potential name", "potential owner"}), frozenset({"lead owner", "created time"}))),
    ("Salesforce", (frozenset({"lead owner", "lead status", "create date"}),)),
)
_PIPEDRIVE = ("deal ", "person ")


def suggest_source(header: Iterable[str]) -> str:
    """The system that writes such a header; ``""`` when it could be anybody's. In: the labels of the columns."""
    labels = {_NO_WORD.sub(" ", label.lower()).strip() for label in header}
    # Its exports say of every column which table it is from.
    if len(labels) > 1 and all(label.startswith(_PIPEDRIVE) for label in labels):
        return "Pipedrive"
    return next((name for name, sets in _TELLTALES if any(telltale <= labels for telltale in sets)), "")
