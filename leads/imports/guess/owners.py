"""Who of the people here an owner of the other system is. Pure."""

from collections.abc import Iterable, Mapping

from leads.imports import mapping as roles

from .words import spelled

_NOBODY = frozenset({"unassigned", "nobody", "no owner", "no one", "pool", "lead pool", "system", "not assigned"})


def guess_owners(words: Iterable[str], users: Mapping[str, str]) -> dict[str, str]:
    """In: the names in the file; user name → display name of the people here.

    Out: name → user name, or ``pool`` for words that say nobody; who is not known, or may be two people, is left out.
    """
    people: dict[str, set[str]] = {}
    for user_name, display_name in users.items():
        for known in {spelled(display_name), _turned(display_name), user_name.casefold()}:
            people.setdefault(known, set()).add(user_name)
    found = {}
    for word in words:
        name = spelled(word)
        if name in _NOBODY:
            found[word] = roles.POOL
            continue
        if not name:
            continue
        who = people.get(name) or people.get(_turned(word)) or people.get(_mailbox(word), set())
        if len(who) == 1:
            found[word] = next(iter(who))
    return found


def _turned(name: str) -> str:
    """``Brooks, Ben`` → ``ben brooks``."""
    last, comma, first = name.partition(",")
    return spelled(f"{first} {last}") if comma else spelled(name)


def _mailbox(word: str) -> str:
    """The user name in ``ana@office.example``, and any user name as it stands."""
    return word.strip().casefold().partition("@")[0]
