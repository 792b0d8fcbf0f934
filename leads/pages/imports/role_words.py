"""What a column may mean, in people's words and in groups."""

from collections.abc import Callable

from django.utils.translation import gettext, pgettext

from lifecycle.flags import Flag
from lifecycle.states import State

from ...imports import mapping as roles

_WORDS: dict[str, Callable[[], str]] = {
    roles.KEY: lambda: gettext("Number of the lead there"),
    roles.NAME: lambda: gettext("Full name"),
    roles.FIRST_NAME: lambda: gettext("First name"),
    roles.MIDDLE_NAME: lambda: gettext("Middle name"),
    roles.LAST_NAME: lambda: gettext("Last name"),
    roles.COMPANY: lambda: gettext("Company"),
    roles.EMAIL: lambda: gettext("E-mail"),
    roles.PHONE: lambda: gettext("Phone"),
    roles.HEADLINE: lambda: gettext("What they want"),
    roles.ADDRESS: lambda: gettext("Address, whole"),
    roles.STREET: lambda: gettext("Street and number"),
    roles.CITY: lambda: gettext("City"),
    roles.REGION: lambda: pgettext("part of an address", "State or region"),
    roles.POSTCODE: lambda: gettext("Postcode"),
    roles.COUNTRY: lambda: gettext("Country"),
    roles.STATUS: lambda: gettext("Stage or status"),
    roles.OWNER: lambda: gettext("Agent who holds it"),
    roles.LEAD_SOURCE: lambda: gettext("How the lead was found"),
    roles.NOTE: lambda: gettext("Notes"),
    roles.CREATED: lambda: gettext("When it was created"),
    roles.MODIFIED: lambda: gettext("When it was last changed"),
    roles.ENTERED: lambda: gettext("When its stage last changed"),
}
_GROUPS: tuple[tuple[Callable[[], str], tuple[str, ...]], ...] = (
    (
        lambda: pgettext("columns of a file", "Who it is"),
        (roles.NAME, roles.FIRST_NAME, roles.MIDDLE_NAME, roles.LAST_NAME, roles.COMPANY, roles.KEY),
    ),
    (lambda: pgettext("columns of a file", "How to reach them"), (roles.EMAIL, roles.PHONE)),
    (
        lambda: pgettext("columns of a file", "Where it stands"),
        (roles.STATUS, roles.OWNER, roles.HEADLINE, roles.LEAD_SOURCE, roles.NOTE),
    ),
    (
        lambda: pgettext("columns of a file", "Address"),
        (roles.ADDRESS, roles.STREET, roles.CITY, roles.REGION, roles.POSTCODE, roles.COUNTRY),
    ),
    (lambda: pgettext("columns of a file", "Dates"), (roles.CREATED, roles.MODIFIED, roles.ENTERED)),
    (lambda: pgettext("columns of a file", "Date on which it became…"), tuple(roles.REACHED)),
    (lambda: pgettext("columns of a file", "Yes or no: closed ways"), tuple(roles.FLAGS)),
)


def role_words(role: str) -> str:
    """What a person calls this meaning of a column."""
    if role in roles.REACHED:
        return State(roles.REACHED[role]).label
    if role in roles.FLAGS:
        return Flag(roles.FLAGS[role]).label
    return _WORDS[role]()


def role_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """All meanings in groups: (name of the group, [(role, words)])."""
    return [(name(), [(role, role_words(role)) for role in group]) for name, group in _GROUPS]
