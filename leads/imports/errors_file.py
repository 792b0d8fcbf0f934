"""The rows that were refused, as a file to mend and bring in again."""

from collections.abc import Iterable, Sequence
from typing import Any

#: The column that says what to do; a file that has it last is one of ours, and the column means nothing.
TO_DO = "What to do"


def write_errors(writer: Any, header: Sequence[str], rows: Iterable[tuple[Sequence[str], str]]) -> None:
    """Header and rows of cells with their sentence last. In: a ``csv.writer``."""
    writer.writerow([*header, TO_DO])
    for cells, sentence in rows:
        writer.writerow([*cells, sentence])
