"""The step about owners: who here is meant by each name of the old system."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from ...board.mix import grouped
from ...imports import mapping as roles
from ...imports.guess import guess_owners
from ...imports.mapping import DEACTIVATED, POOL, UNKNOWN_OWNERS
from ...imports.mapping import Mapping as FileMapping
from ...models import User
from .wizard import Wizard, step_page

#: So many names are listed, those with the most leads first; the others go by the rule.
LISTED = 200
#: So many choices in all stand on the page: a big office and many names would make it slow.
CHOICES_AT_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Name:
    """One name of the file: how many leads, what it means as the page has it (``""``: by the rule), a guess or not."""

    word: str
    leads: int
    field: str
    chosen: str
    guessed: bool


def field_of(word: str) -> str:
    """The name of its field in the form; the same word has the same one however the file changes."""
    return f"owner-{sha256(word.encode('utf-8', 'replace')).hexdigest()[:16]}"


@step_page("owners")
def owners(request: HttpRequest, wizard: Wizard) -> HttpResponse:
    """Every owner of the file with a person to choose; on POST the choice is kept."""
    people = list(User.objects.order_by("-is_active", "display_name"))
    if request.method != "POST":
        return _show(wizard, people, *_standing(wizard, people))
    if not wizard.still_fits:
        refused = [(wizard.moved_on(), "")]
        return _show(wizard, people, *_standing(wizard, people), refused=refused, status=409)
    chosen, rule, refused = _posted(request, wizard, people)
    if refused:
        return _show(wizard, people, chosen, rule, refused=refused, status=422)
    wizard.keep(lambda mapping: replace(mapping, owners=chosen, unknown_owners=rule))
    return wizard.go_on()


def settle(wizard: Wizard) -> str:
    """Keeps who each name seems to be; out: that there are names of nobody here, ``""`` when it is kept.

    Who took up a mapping has chosen before what becomes of such names.
    """
    chosen, rule = _standing(wizard, list(User.objects.order_by("-is_active", "display_name")))
    unknown = [word for word, _ in _words(wizard) if word not in chosen]
    if unknown and not wizard.survey.get("saved") and not wizard.survey.get("mended"):
        sentence = ngettext(
            "%(n)s name of the file is nobody here, such as “%(name)s”. Say who it is, or go on by the rule.",
            "%(n)s names of the file are nobody here, such as “%(name)s”. Say who they are, or go on by the rule.",
            len(unknown),
        )
        return sentence % {"n": grouped(len(unknown)), "name": unknown[0]}
    wizard.keep(lambda mapping: replace(mapping, owners=chosen, unknown_owners=rule))
    return ""


def _words(wizard: Wizard) -> list[tuple[str, int]]:
    """The names of the file with how many leads each has, the most first."""
    counted: Mapping[str, int] = wizard.survey.get("owners", {})
    return sorted(((word, n) for word, n in counted.items() if word), key=lambda pair: (-pair[1], pair[0]))


def _listed(wizard: Wizard, people: list[User]) -> list[tuple[str, int]]:
    return _words(wizard)[: max(10, min(LISTED, CHOICES_AT_MOST // (len(people) + 2)))]


def _standing(wizard: Wizard, people: list[User]) -> tuple[dict[str, str], str]:
    """What is chosen already, or guessed as long as nobody has chosen; and the rule for the others."""
    mapping = wizard.mapping
    known = {POOL, *(person.username for person in people)}
    kept = {word: to for word, to in mapping.owners.items() if to in known}
    if wizard.is_confirmed:
        return kept, mapping.unknown_owners
    return {**_guessed([word for word, _ in _words(wizard)], people), **kept}, mapping.unknown_owners


def _guessed(words: list[str], people: list[User]) -> dict[str, str]:
    """By name, by user name, and by the address that somebody here has."""
    by_address = {person.email.casefold(): person.username for person in people if person.email}
    found = {word: by_address[word.casefold()] for word in words if word.casefold() in by_address}
    return guess_owners(words, {person.username: person.display_name for person in people}) | found


def _posted(
    request: HttpRequest, wizard: Wizard, people: list[User]
) -> tuple[dict[str, str], str, list[tuple[str, str]]]:
    """The choice in the form, the rule, and what is not accepted of them."""
    known = {POOL, *(person.username for person in people)}
    refused: list[tuple[str, str]] = []
    # Names that were not listed keep what was guessed or mapped before.
    chosen = _standing(wizard, people)[0]
    for word, _ in _listed(wizard, people):
        to = request.POST.get(field_of(word), "")
        chosen.pop(word, None)
        if to in known:
            chosen[word] = to
        elif to:
            sentence = gettext("“%(word)s”: nobody here has this account any more. Choose somebody else.")
            refused.append((sentence % {"word": word}, field_of(word)))
    rule = request.POST.get("others", "")
    if rule not in UNKNOWN_OWNERS:
        refused.append((gettext("Choose what happens to the leads of people who are not in this office."), "others-0"))
        rule = DEACTIVATED
    return chosen, rule, refused


def _show(
    wizard: Wizard,
    people: list[User],
    chosen: Mapping[str, str],
    rule: str,
    *,
    refused: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    listed = _listed(wizard, people)
    every = _words(wizard)
    sure = wizard.is_confirmed or wizard.request.method == "POST"
    rows = [
        Name(word, n, field_of(word), chosen.get(word, ""), not sure and word in chosen and not _kept(wizard, word))
        for word, n in listed
    ]
    context = {
        "rows": rows,
        "more": len(every) - len(listed),
        "more_leads": sum(n for _, n in every[len(listed) :]),
        "nobody": wizard.survey.get("owners", {}).get("", 0),
        "unmapped": not wizard.mapping.labels(roles.OWNER),
        "active": [person for person in people if person.is_active],
        "left": [person for person in people if not person.is_active],
        "pool": POOL,
        "rule": rule,
        "refused": refused or [],
    }
    return wizard.show("imports/owners.html", context, status=status)


def _kept(wizard: Wizard, word: str) -> bool:
    mapping: FileMapping = wizard.mapping
    return word in mapping.owners
