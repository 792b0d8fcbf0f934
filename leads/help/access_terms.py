"""The terms of who gets in, what is handed out, and what is erased: as in ``terms``."""

from typing import Any

from django.utils.translation import gettext_noop as _
from django.utils.translation import pgettext_lazy

TERMS_OF_ACCESS: dict[str, tuple[Any, str, str]] = {
    "checkpoint": (
        pgettext_lazy("glossary", "Checkpoint"),
        _("A signed seal over the whole log, made every night. Kept elsewhere, it shows whether anything was changed."),
        "admin#checking",
    ),
    "erase": (
        pgettext_lazy("glossary", "Erase"),
        _("To take a person's name, contact data and every word about them away for good. The facts stay."),
        "broker#erasing",
    ),
    "passkey": (
        pgettext_lazy("glossary", "Passkey"),
        _("A device that says that it is you, after a finger, a face or a PIN."),
        "login#second-step",
    ),
    "recovery-code": (
        pgettext_lazy("glossary", "Recovery code"),
        _("Lets you in once when the phone is lost, in place of the second step."),
        "login#lost-phone",
    ),
    "second-step": (
        pgettext_lazy("glossary", "Second step"),
        _("What the login asks for besides the password: a code from the phone, or a passkey."),
        "login#second-step",
    ),
    "trace": (
        pgettext_lazy("glossary", "Trace"),
        _("A note of who saved a file or opened a long list of leads: when, what, how many, from where."),
        "login#traces",
    ),
}
