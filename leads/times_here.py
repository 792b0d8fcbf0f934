"""How often a lead has been in the stage where it stands. Languages count in their own ways: each phrase is whole."""

from collections.abc import Callable

from django.utils.translation import gettext, ngettext, pgettext

#: For each number the sentence of the lead's page, and the few words that a card has room for.
_TIMES: dict[int, tuple[Callable[[], str], Callable[[], str]]] = {
    2: (lambda: gettext("Second time here."), lambda: pgettext("on a card", "2nd time here")),
    3: (lambda: gettext("Third time here."), lambda: pgettext("on a card", "3rd time here")),
    4: (lambda: gettext("Fourth time here."), lambda: pgettext("on a card", "4th time here")),
    5: (lambda: gettext("Fifth time here."), lambda: pgettext("on a card", "5th time here")),
}


def sentence(times: int) -> str:
    """*Second time here.* Nothing for a first time."""
    if times in _TIMES:
        return _TIMES[times][0]()
    if times < 2:
        return ""
    return ngettext("%(n)d time here so far.", "%(n)d times here so far.", times) % {"n": times}


def in_short(times: int) -> str:
    """*2nd time here*, for a chip. Nothing for a first time."""
    if times in _TIMES:
        return _TIMES[times][1]()
    return "" if times < 2 else ngettext("%(n)d time here", "%(n)d times here", times) % {"n": times}
