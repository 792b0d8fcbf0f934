"""Which channels are open. Flags compose; the effect is the union; they outlive every change of state."""

from enum import StrEnum

from .speech import gettext, gettext_noop


class Flag(StrEnum):
    """One consent fact. The value is the name of the cached column as well."""

    UNSUBSCRIBED = "unsubscribed"
    DNC = "dnc"
    DO_NOT_EMAIL = "do_not_email"
    DO_NOT_TEXT = "do_not_text"
    DO_NOT_CALL = "do_not_call"

    @property
    def label(self) -> str:
        return gettext(_LABEL[self])

    @property
    def meaning(self) -> str:
        return gettext(_MEANING[self])


_LABEL = {
    Flag.UNSUBSCRIBED: gettext_noop("Unsubscribed"),
    Flag.DNC: gettext_noop("Do not contact"),
    Flag.DO_NOT_EMAIL: gettext_noop("Do not e-mail"),
    Flag.DO_NOT_TEXT: gettext_noop("Do not text"),
    Flag.DO_NOT_CALL: gettext_noop("Do not call"),
}
_MEANING = {
    Flag.UNSUBSCRIBED: gettext_noop("No automated marketing e-mail."),
    Flag.DNC: gettext_noop("No automated outreach on any channel; a contact by hand needs a recorded reason."),
    Flag.DO_NOT_EMAIL: gettext_noop("No e-mail."),
    Flag.DO_NOT_TEXT: gettext_noop("No text messages."),
    Flag.DO_NOT_CALL: gettext_noop("No phone calls."),
}

#: Clearing one of these is for a broker, or for an agent with the lead's own words.
HARD_FLAGS = frozenset({Flag.DNC, Flag.UNSUBSCRIBED})
