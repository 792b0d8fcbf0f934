"""How a file is understood, on one look before it comes in: columns, words, people, dates, each with its way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from lifecycle.states import State

from ...imports import mapping as roles
from ...imports.dates import shown
from ...imports.in_words import holder, standing
from ...models import User
from .dates import meaning_of
from .steps import NAMED
from .wizard import Wizard

#: So many pairs of a part are shown; its step shows all.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Part:
    """What one step settled: its name, its address, pairs of (in the file, here), how many ``more`` there are, and a
    sentence beside or instead of them."""

    label: str
    url: str
    pairs: list[tuple[str, str]]
    more: int
    sentence: str


def understood(wizard: Wizard) -> list[Part]:
    """Columns, stages, agents and dates as they are settled."""
    told = (("columns", _columns), ("stages", _stages), ("owners", _owners), ("dates", _dates))
    found = []
    for name, look in told:
        pairs, sentence = look(wizard)
        url = reverse(NAMED[name].url_name, args=[wizard.imp.pk])
        found.append(Part(str(NAMED[name].label), url, pairs[:SHOWN], max(0, len(pairs) - SHOWN), sentence))
    return found


def _columns(wizard: Wizard) -> tuple[list[tuple[str, str]], str]:
    meant = wizard.mapping.columns
    left_out = [label for label in wizard.header if label not in meant]
    sentence = gettext("Left out: %(columns)s") % {"columns": _listed(left_out)} if left_out else ""
    return [(label, meaning_of(meant[label])) for label in wizard.header if label in meant], sentence


def _listed(labels: list[str]) -> str:
    return ", ".join(labels[:SHOWN]) + (", …" if len(labels) > SHOWN else "")


def _stages(wizard: Wizard) -> tuple[list[tuple[str, str]], str]:
    mapping, counted = wizard.mapping, wizard.survey.get("statuses", {})
    if not mapping.labels(roles.STATUS):
        return [(gettext("every row"), _stage(mapping.no_status))], ""
    words = {word.casefold(): stage for word, stage in mapping.statuses.items()} | dict(mapping.statuses)
    return [
        (
            word or gettext("empty cell"),
            _stage((words.get(word) or words.get(word.casefold()) or "") if word else mapping.no_status),
        )
        for word in sorted(counted, key=lambda word: (not word, -counted[word], word))
    ], ""


def _stage(value: str) -> str:
    return State(value).label if value in set(State) else pgettext("rows of a file", "left out")


def _owners(wizard: Wizard) -> tuple[list[tuple[str, str]], str]:
    mapping, counted = wizard.mapping, wizard.survey.get("owners", {})
    words = sorted((word for word in counted if word), key=lambda word: (-counted[word], word))
    if not mapping.labels(roles.OWNER) or not words:
        return [], gettext("No column of this file says who held the leads: all of them go to the pool.")
    names = dict(User.objects.filter(username__in=mapping.owners.values()).values_list("username", "display_name"))
    people = standing([*names.values(), *words])
    return [(word, _person(word, mapping, names, people)) for word in words], ""


def _person(word: str, mapping: Any, names: Mapping[str, str], people: Mapping[str, bool]) -> str:
    chosen = mapping.owners.get(word)
    if chosen is None and word not in people and mapping.unknown_owners == roles.DEACTIVATED:
        return gettext("a new agent, deactivated")
    if chosen == roles.POOL or (chosen is None and mapping.unknown_owners == roles.POOL):
        return holder("", people)
    return holder(names.get(chosen or "", word), people)


def _dates(wizard: Wizard) -> tuple[list[tuple[str, str]], str]:
    mapping = wizard.mapping
    if not any(role in roles.DATES for role in mapping.columns.values()):
        return [], gettext("No column holds a date: the leads begin on the day of the import.")
    zone = gettext("by the clock of %(zone)s") % {"zone": mapping.zone}
    return [(shown(way), zone) for way in mapping.date_formats], ""
