"""The office's reason codes as the help lists them: by the kind of fact that they explain, inside it by group."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from lifecycle.events import Kind
from lifecycle.reasons import NOT_RECORDED, OTHER, PERFORMANCE, Group, Reason

from .kinds import name_of


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """``title`` is empty where a kind has reasons of one group only."""

    title: str
    labels: list[str]


@dataclass(frozen=True, slots=True)
class ReasonsOf:
    kind: str
    title: str
    groups: list[ReasonGroup]


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One code for the table of all of them."""

    code: str
    label: str
    group: str
    explains: list[str]
    retired: bool


def reasons_by_kind(book: dict[str, Reason]) -> list[ReasonsOf]:
    """Reasons that can be picked today, for each kind that has any; retired ones are left out."""
    found = []
    for kind in Kind:
        offered = [r for r in book.values() if kind.value in r.kinds and not r.retired]
        if offered:
            found.append(ReasonsOf(kind.value, name_of(kind), _grouped(offered)))
    return found


def _grouped(reasons: list[Reason]) -> list[ReasonGroup]:
    by_group = [(group, _labels(r for r in reasons if r.group == group)) for group in Group]
    some = [(group, labels) for group, labels in by_group if labels]
    return [ReasonGroup(group.label if len(some) > 1 else "", labels) for group, labels in some]


def _labels(reasons: Iterable[Reason]) -> list[str]:
    """By label, "other" last."""
    return [_shown(r) for r in sorted(reasons, key=lambda r: (r.code == OTHER, r.label.casefold()))]


def _shown(reason: Reason) -> str:
    if reason.code == PERFORMANCE:
        return gettext("%(reason)s (brokers only)") % {"reason": reason.label}
    return reason.label


def reason_rows(book: dict[str, Reason]) -> list[ReasonRow]:
    """Every code that the office has, retired ones too, by group and label."""
    order = list(Group)
    rows = sorted(book.values(), key=lambda r: (order.index(r.group), r.code == OTHER, r.label.casefold()))
    return [ReasonRow(r.code, _shown(r), r.group.label, _explains(r), r.retired) for r in rows]


def _explains(reason: Reason) -> list[str]:
    if reason.code == NOT_RECORDED:
        return [gettext("Only facts from other systems")]
    return [name_of(kind) for kind in Kind if kind.value in reason.kinds]
