"""A part of a whole in words: a percentage only where the whole is large enough to carry one."""

from django.utils.translation import gettext

from lifecycle.reports.funnel import ENOUGH

from ..board.mix import grouped


def share(part: int, whole: int) -> str:
    """``32%``; ``3 of 4`` below five; ``""`` of nothing."""
    if whole < ENOUGH:
        return gettext("%(part)d of %(whole)d") % {"part": part, "whole": whole} if whole else ""
    if 0 < part < whole and not 1 <= round(part * 100 / whole) <= 99:
        return gettext("%(n)s%%") % {"n": f"{part * 100 / whole:.1f}"}
    return gettext("%(n)s%%") % {"n": round(part * 100 / whole)}


def of(part: int, whole: int) -> str:
    """``133 of 412``."""
    return gettext("%(part)s of %(whole)s") % {"part": grouped(part), "whole": grouped(whole)}
