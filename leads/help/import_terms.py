"""The terms of the glossary that imports bring along; in the form of `terms`."""

from typing import Any

from django.utils.translation import gettext_noop as _
from django.utils.translation import pgettext_lazy

TERMS_OF_IMPORTS: dict[str, tuple[Any, str, str]] = {
    "about": (
        pgettext_lazy("glossary", "About"),
        _("Stands before a time that is a guess: an old system kept only the last change, or a day without an hour."),
        "import#about",
    ),
    "duplicate": (
        pgettext_lazy("glossary", "Duplicate"),
        _(
            "A row of a file whose lead is here already: the same number in the old system, e-mail, phone, or name and "
            "address."
        ),
        "import#steps",
    ),
    "export": (
        pgettext_lazy("glossary", "Export"),
        _("A file that another system writes of its leads, one lead a row. It is what an import begins with."),
        "import",
    ),
    "import": (
        pgettext_lazy("glossary", "Import"),
        _("To bring the leads of another system in from its export: what it knew is on record, nothing is made up."),
        "import",
    ),
    "mapping": (
        pgettext_lazy("glossary", "Mapping"),
        _(
            "What the columns and words of a file mean here: this column is the phone, that word is Qualified. It can "
            "be saved under a name."
        ),
        "import#steps",
    ),
    "refused-row": (
        pgettext_lazy("glossary", "Refused row"),
        _("A row of a file that cannot come in, with the sentence that says why. It can be mended and uploaded again."),
        "import#mend",
    ),
    "taken-back": (
        pgettext_lazy("glossary", "Taken back"),
        _(
            "Said of an import that was undone: its leads are in Trashed unless somebody has worked with them. Nothing "
            "is deleted."
        ),
        "import#back",
    ),
    "taken-up-again": (
        pgettext_lazy("glossary", "Taken up again"),
        _(
            "Said of a lead that was taken back with its import and came again with a later one: it stands where it "
            "stood."
        ),
        "import#back",
    ),
}
