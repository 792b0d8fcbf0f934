"""A row's cells by what they mean. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext

from .mapping import BadMapping

#: A cell with the label of its column.
Labelled = tuple[str, str]


class Cells(Protocol):
    """A row as it was read: the line of the file, a cell for each label of the header, and what is wrong with it."""

    @property
    def line(self) -> int: ...
    @property
    def cells(self) -> Sequence[str]: ...
    @property
    def problem(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each role stands, in the order of the mapping."""

    places: Mapping[str, tuple[tuple[int, str], ...]]

    def first(self, role: str, cells: Sequence[str]) -> str:
        """The cell of a role that one column has; ``""`` when none has it."""
        places = self.places.get(role)
        return cells[places[0][0]] if places else ""

    def label(self, role: str) -> str:
        places = self.places.get(role)
        return places[0][1] if places else role

    def filled(self, role: str, cells: Sequence[str], clean: Callable[[str], str]) -> list[Labelled]:
        """All cells of a role that say something, cleaned."""
        return [(label, said) for n, label in self.places.get(role, ()) if (said := clean(cells[n]))]


def columns(meanings: Mapping[str, str], header: Sequence[str]) -> Columns:
    """In: label → role, and the labels of the file. Raises ``BadMapping`` for a label that the file does not have."""
    places: dict[str, list[tuple[int, str]]] = {}
    where = {label: n for n, label in enumerate(header)}
    for label, role in meanings.items():
        if label not in where:
            raise BadMapping(
                gettext("The file has no column “%(label)s”. Its columns are %(header)s.")
                % {"label": label, "header": ", ".join(f"“{name}”" for name in header[:40])}
            )
        places.setdefault(role, []).append((where[label], label))
    return Columns({role: tuple(those) for role, those in places.items()})
