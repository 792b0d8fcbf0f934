"""How a fault is written down: where and what, without the names and numbers of the people it happened to."""

import logging
from typing import Any

# PostgreSQL quotes the row at fault on lines of its own.
QUOTING = ("DETAIL:", "CONTEXT:")


class WithoutRows(logging.Formatter):
    """A plain line, and a traceback that leaves out the lines in which a database quotes a row."""

    def formatException(self, ei: Any) -> str:
        """The traceback of `ei` as Python writes it, less the quoting lines."""
        lines = super().formatException(ei).splitlines()
        return "\n".join(line for line in lines if not line.startswith(QUOTING))
