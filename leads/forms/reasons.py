"""Reasons as a form offers them."""

from collections.abc import Iterable

from lifecycle.reasons import OTHER, Group, Reason


def grouped(reasons: Iterable[Reason]) -> list[tuple[str, list[Reason]]]:
    """Reasons under the names of their groups, "other" last; one group alone goes without a name."""
    order = list(Group)
    listed = sorted(reasons, key=lambda r: (order.index(r.group), r.code == OTHER, r.label))
    groups: dict[str, list[Reason]] = {}
    for reason in listed:
        groups.setdefault(reason.group.label, []).append(reason)
    return list(groups.items()) if len(groups) > 1 else [("", listed)]
