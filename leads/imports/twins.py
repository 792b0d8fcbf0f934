"""The rows of a checked file whose lead is here already: side by side with that lead, and what is chosen for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from lifecycle.imported import Unfit

from ..models import Import, ImportedRow, Lead
from ..models.imports import Outcome
from .checked import rows_fit
from .mapping import BOTH, CHOICES, SKIP, UPDATE, read_mapping
from .reading import Record
from .row import Plan

#: What is compared, in the order in which it is shown.
COMPARED = ("name", "email", "phone", "address")
_NORMALISED = {"email": "email_normalised", "phone": "phone_e164", "address": "address_normalised"}
#: How many rows are here already, by what they have in common with the lead; keys of ``Import.counts``.
BY = ("key", "both", "email", "phone", "address")


@dataclass(frozen=True, slots=True)
class Fact:
    """One contact fact: of the row, and of the lead; ``same`` however each is written."""

    name: str
    row: str
    lead: str
    same: bool


@dataclass(frozen=True, slots=True)
class Twin:
    """A row and the lead that it seems to be. ``lead`` is None where another line of the same file is it.

    ``by_key``: it bears the lead's own key of the old system, so it can never be a second lead.
    """

    line: int
    sentence: str
    lead: Lead | None
    by_key: bool
    facts: list[Fact]
    chosen: str

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be chosen: a lead that has not come in yet has no contact facts to update."""
        return choices_of(self.by_key, self.lead is not None)


def choices_of(by_key: bool, has_lead: bool) -> tuple[str, ...]:
    """What can be chosen for a row."""
    without = {BOTH} if by_key else set() if has_lead else {UPDATE}
    return tuple(choice for choice in CHOICES if choice not in without)


def rows_here_already(imp: Import) -> QuerySet[ImportedRow]:
    """The rows of a checked file that are here already, in the order of the file."""
    here = Q(lead__isnull=False) | ~Q(sentence="")
    rows = ImportedRow.objects.filter(here, of=imp).exclude(outcome=Outcome.REFUSED.value)
    return rows.select_related("lead", "lead__agent").order_by("line")


def counted(imp: Import) -> dict[str, int]:
    """How many rows of the file are here already, by what, those that there are."""
    return {by: n for by in BY if (n := int(imp.counts.get(f"by_{by}", 0)))}


def twins(imp: Import, rows: Iterable[ImportedRow], plan: Plan) -> list[Twin]:
    """These rows as the page shows them."""
    return [_twin(imp, row, plan) for row in rows]


def _twin(imp: Import, row: ImportedRow, plan: Plan) -> Twin:
    contact = _contact(row, plan)
    facts = [_fact(name, contact, row.lead) for name in COMPARED]
    return Twin(
        row.line,
        row.sentence,
        row.lead,
        not row.sentence,
        [fact for fact in facts if fact.row or fact.lead],
        imp.decisions.get(str(row.line), ""),
    )


def _fact(name: str, contact: Mapping[str, Any], lead: Lead | None) -> Fact:
    compared = _NORMALISED.get(name, name)
    one, other = str(contact.get(compared, "")), str(getattr(lead, compared, ""))
    same = bool(one) and one.casefold() == other.casefold()
    return Fact(name, contact.get(name, ""), getattr(lead, name, ""), same)


def _contact(row: ImportedRow, plan: Plan) -> Mapping[str, Any]:
    try:
        return plan.read(Record(row.line, row.cells or [])).contact
    except Unfit:  # A row that could be read when it was checked and cannot now shows nothing of itself.
        return {}


class Elsewhere(Exception):
    """The import is not what it was when the page was shown."""


def choose(imp: Import, everywhere: str, single: Mapping[int, str], step: str, basis: str) -> Import:
    """Keeps what is chosen for the whole file and for single rows (line → choice, ``""``: as everywhere).

    ``step`` is thereby answered on that ``basis``; nothing else of the import changes, its rows stay. Raises
    ``Elsewhere`` when they were checked anew meanwhile, or it was started.
    """
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=imp.pk)
        if not rows_fit(locked):
            raise Elsewhere
        mapping = replace(read_mapping(locked.mapping), duplicates=everywhere)
        decisions = {**locked.decisions, **{str(line): choice for line, choice in single.items()}}
        locked.mapping = mapping.as_json()
        locked.decisions = {line: choice for line, choice in decisions.items() if choice}
        locked.survey = {**locked.survey, "steps": {**locked.survey.get("steps", {}), step: basis}}
        locked.save(update_fields=["mapping", "decisions", "survey"])
    return locked


def standing_choice(imp: Import) -> str:
    return str(imp.mapping.get("duplicates") or SKIP)
