"""Which column means what, guessed from the labels and from the first rows. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leads.imports import mapping as roles
from leads.imports.cells import text
from leads.imports.columns import Cells

from .contents import denies, looks_like
from .labels import CLOSING, LABELS, NOBODYS_ADDRESS
from .stages import OVER, guess_statuses
from .words import again, spellings, without_numbers

#: label as spelled → its role and how good it is among the labels of that role (0 is best).
_KNOWN = {label: (role, rank) for role, labels in LABELS.items() for rank, label in enumerate(labels)}
_NUMBERED = (roles.EMAIL, roles.PHONE, roles.NOTE)
_NAME_PARTS = {roles.FIRST_NAME, roles.LAST_NAME}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column with the role that its label speaks for, ``""`` for none, and its filled cells."""

    label: str
    role: str
    rank: int
    cells: list[str]


def guess_columns(header: Sequence[str], records: Iterable[Cells]) -> dict[str, str]:
    """In: the labels and the first rows. Out: label → role, in the order of the file; unclear columns are left out.

    A role that one column may have goes to the best label; a second word about the stage is kept as a note.
    """
    rows = [record.cells for record in records if not record.problem and len(record.cells) == len(header)]
    columns = [_column(label, [text(row[n]) for row in rows]) for n, label in enumerate(header)]
    guessed = _by_label(columns)
    _by_cells(columns, guessed)
    _closing(header, rows, guessed)
    if roles.CITY in guessed.values():
        guessed = {label: roles.STREET if role == roles.ADDRESS else role for label, role in guessed.items()}
    return {label: guessed[label] for label in header if label in guessed}


def _column(label: str, cells: list[str]) -> _Column:
    filled = [cell for cell in cells if cell]
    for spelling in spellings(label):
        role, rank = _KNOWN.get(spelling, ("", 0))
        if not role:
            role, rank = _KNOWN.get(without_numbers(spelling), ("", 0))
            role = role if role in _NUMBERED else ""
        if role and not (again(label) and role not in _NUMBERED) and not denies(role, filled):
            return _Column(label, role, rank, filled)
    return _Column(label, "", 0, filled)


def _by_label(columns: Sequence[_Column]) -> dict[str, str]:
    guessed = {}
    best: dict[str, _Column] = {}
    for column in columns:
        if column.role not in roles.SINGLE:
            if column.role:
                guessed[column.label] = column.role
        elif column.role not in best or column.rank < best[column.role].rank:
            best[column.role] = column
    guessed |= {column.label: role for role, column in best.items()}
    name = best.get(roles.NAME)
    if name and best.keys() >= _NAME_PARTS and name.rank > 1:
        # A legal or a deal's name beside first and last name is not what people call somebody.
        del guessed[name.label]
    for column in columns:
        if column.role == roles.STATUS and column.label not in guessed:
            guessed[column.label] = roles.NOTE
    return guessed


def _by_cells(columns: Sequence[_Column], guessed: dict[str, str]) -> None:
    """An e-mail and a phone column without a telling label, where no label told."""
    missing = {roles.EMAIL, roles.PHONE} - set(guessed.values())
    for column in columns:
        if not missing:
            return
        spelling = spellings(column.label)[0]
        if column.label in guessed or any(word in f"{spelling} " for word in NOBODYS_ADDRESS):
            continue
        role = looks_like(column.cells)
        if role in missing:
            guessed[column.label] = role
            missing.discard(role)


def _closing(header: Sequence[str], rows: Sequence[Sequence[str]], guessed: dict[str, str]) -> None:
    """A closing date is when the last stage was entered if only deals that are over have one, and not all are over."""
    label = next((one for one in header if CLOSING & set(spellings(one))), None)
    status = next((one for one, role in guessed.items() if role == roles.STATUS), None)
    if label is None or status is None or roles.ENTERED in guessed.values():
        return
    dated, stage = header.index(label), header.index(status)
    stages = guess_statuses({row[stage] for row in rows})
    with_date = {stages[row[stage]] for row in rows if text(row[dated])}
    without = {stages[row[stage]] for row in rows if not text(row[dated])}
    filled = [said for row in rows if (said := text(row[dated]))]
    if filled and with_date <= OVER and without and not without & OVER and not denies(roles.ENTERED, filled):
        guessed[label] = roles.ENTERED
