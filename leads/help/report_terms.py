"""The terms of the glossary that the reports bring along; in the form of `terms`."""

from typing import Any

from django.utils.translation import gettext_noop as _
from django.utils.translation import pgettext_lazy

TERMS_OF_REPORTS: dict[str, tuple[Any, str, str]] = {
    "funnel": (
        pgettext_lazy("glossary", "Funnel"),
        _("How many of the leads that came in ever reached each stage: “How far leads get”."),
        "reports#funnel",
    ),
    "known-at": (
        pgettext_lazy("glossary", "Known at"),
        _("Asked of a report: the figures from what had been written down by then. They never change again."),
        "reports#words",
    ),
    "median": (
        pgettext_lazy("glossary", "Median"),
        _("The one in the middle: half are less, half are more. A few very long stays do not move it."),
        "reports#time",
    ),
    "quick-return": (
        pgettext_lazy("glossary", "Quick return"),
        _(
            "A deal that was back in the stage that it fell from within %(quick_return)s: an offer that was only "
            "replaced."
        ),
        "reports#words",
    ),
    "rate": (
        pgettext_lazy("glossary", "Rate"),
        _(
            "How many deals fell back, for those signed or put under contract in the same window. Below five "
            "of these none is given."
        ),
        "reports#words",
    ),
    "recovered": (
        pgettext_lazy("glossary", "Recovered"),
        _("Said of a deal that fell back and came to the same stage again, or further, at any time since."),
        "reports#words",
    ),
    "stay": (
        pgettext_lazy("glossary", "Stay"),
        _("The time from the move into a stage to the next one. A lead that fell back has two in Qualified."),
        "reports#time",
    ),
    "still-inside": (
        pgettext_lazy("glossary", "Still inside"),
        _(
            "Said of leads that have not left a stage yet. Times in a stage keep them in for as long as they have "
            "been there."
        ),
        "reports#time",
    ),
}
