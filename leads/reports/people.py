"""Names for the ids in figures: people as they are called today, however they were called then."""

from collections.abc import Iterable

from lifecycle.history.custody import SCRIBE

from ..models import User


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Display names by id; one query."""
    return dict(User.objects.filter(pk__in={i for i in ids if i is not None}).values_list("pk", "display_name"))


def in_files(person: int | None, names: dict[int, str], *, actor: bool = False) -> str:
    """The cell of a file: a name, ``""`` for the pool, and for an actor who is nobody ``Scribe``."""
    if person is None:
        return SCRIBE if actor else ""
    return names[person]
