"""The pieces of a mapping's JSON, each read strictly: what is not known is refused with a sentence. Pure.

Every function raises ``BadMapping``.
"""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext

from .dates import FORMATS


class BadMapping(Exception):
    """The mapping cannot be used; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def section(data: dict[str, Any], name: str, known: set[str]) -> dict[str, Any]:
    """The object of that name, ``{}`` where there is none."""
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise BadMapping(gettext("“%(name)s” in the mapping is a JSON object.") % {"name": name})
    refuse_unknown(found, known)
    return found


def refuse_unknown(data: dict[str, Any], known: set[str]) -> None:
    """A typing error must not drop a part silently."""
    strange = sorted(set(map(str, data)) - known)
    if strange:
        raise BadMapping(
            gettext("“%(name)s” is not part of a mapping. Known are %(known)s.")
            % {"name": strange[0], "known": ", ".join(sorted(known))}
        )


def words(data: dict[str, Any], name: str, allowed: Sequence[str] | None = None) -> dict[str, str]:
    """An object of words, each ``allowed`` unless that is None."""
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise BadMapping(gettext("“%(name)s” in the mapping is a JSON object.") % {"name": name})
    for key, value in found.items():
        if not isinstance(value, str) or (allowed is not None and value not in allowed):
            raise BadMapping(
                gettext("“%(key)s” in “%(name)s” of the mapping cannot be “%(value)s”.")
                % {"key": key, "name": name, "value": value}
            )
    return dict(found)


def word(data: dict[str, Any], name: str, allowed: Sequence[str], default: str) -> str:
    """One word of those allowed."""
    value = data.get(name, default)
    if value not in allowed:
        raise BadMapping(
            gettext("“%(name)s” in the mapping cannot be “%(value)s”. It may be %(allowed)s.")
            % {"name": name, "value": value, "allowed": ", ".join(f"“{word}”" for word in allowed)}
        )
    return str(value)


def text(value: Any, name: str) -> str:
    """A short text."""
    if not isinstance(value, str) or len(value) > 40:
        raise BadMapping(gettext("“%(name)s” in the mapping is a short text.") % {"name": name})
    return value


def formats(given: Any) -> tuple[str, ...]:
    """Names of ways to write dates, in the order in which they are tried."""
    if not isinstance(given, list):
        raise BadMapping(gettext("“%(name)s” in the mapping is a list.") % {"name": "formats"})
    for one in given:
        if not isinstance(one, str) or one not in FORMATS:
            raise BadMapping(
                gettext("“%(format)s” is not a way to write dates that is known here. Known are %(known)s.")
                % {"format": one, "known": ", ".join(FORMATS)}
            )
    return tuple(given)


def zone(name: Any) -> str:
    """An IANA name, or ``""``."""
    if name == "":
        return ""
    if not isinstance(name, str) or name not in available_timezones():
        raise BadMapping(
            gettext("“%(name)s” is not a time zone. Use a name such as America/Los_Angeles.") % {"name": name}
        )
    return name
