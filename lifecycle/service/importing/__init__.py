"""What other systems knew comes in: whole streams, many leads in one transaction; and goes out again when it was wrong.

Imported facts are judged by what the source says alone; chain, guards and cached columns are those of any other fact.
"""

from ..many import insert_rows
from .beginnings import begin_streams
from .streams import Imported, People, Someone, Stream, import_streams
from .withdrawing import Again, Withdrawn, take_up, withdraw, withdrawn_among

__all__ = [
    "Again",
    "Imported",
    "People",
    "Someone",
    "Stream",
    "Withdrawn",
    "begin_streams",
    "import_streams",
    "insert_rows",
    "take_up",
    "withdraw",
    "withdrawn_among",
]
