"""Is the lead of a row here already? By its key in the old system, by e-mail and phone, by name and address.

A chunk of a file at a time, in a number of queries that does not grow with it. Whoever imports sees every lead.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Case, F, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext, ngettext

from leads.addresses import normalised_name
from leads.models import Lead
from lifecycle.service.importing import withdrawn_among
from lifecycle.states import State

from .seen import Facts, Row, Seen, facts_of

#: Leads looked at for one e-mail, phone or address; a placeholder may stand with thousands.
_LOOKED_AT = 20
_ASIDE = (State.ARCHIVED.value, State.TRASHED.value)
_COLUMN = {"email": "email_normalised", "phone": "phone_e164", "address": "address_normalised"}

#: The key of a row that has none (``Plan``) says that all of its cells are the same.
_MADE_UP = re.compile(r"row-[0-9a-f]{16}")
_READ = (
    *("uuid", "status", "agent", "created_at", "external_source", "external_key"),
    *("name", "email", "phone", "headline", "address", "email_normalised", "phone_e164", "address_normalised"),
)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another lead with the same contact facts: the best one, and how many ``more``.

    ``by`` is ``both`` (e-mail and phone), ``email``, ``phone`` or ``address`` (with the name). ``lead`` is None when
    only an earlier ``line`` of the same file is it, which has not come in yet.
    """

    lead: Lead | None
    by: str
    more: int = 0
    line: int = 0

    @property
    def sentence(self) -> str:
        """Who it is, why, where that lead stands and with whom; in the language that is active now."""
        if self.lead is None:
            return gettext("%(same)s as line %(line)s of this file.") % {"same": _same(self.by), "line": self.line}
        sentence = _named(self.lead, self.by)
        if self.more:
            others = ngettext("%(n)s more lead fits.", "%(n)s more leads fit.", self.more) % {"n": self.more}
            return f"{sentence} {others}"
        return sentence


@dataclass(slots=True)
class Found:
    """By line of the file: the lead with this key, the same withdrawn, another lead that is the same person, and why
    a row cannot come in. A line stands in ``refused`` alone; one in ``known`` in no other.

    The leads have contact facts, status, agent and beginning; any other column costs a question when it is asked for.
    """

    known: dict[int, Lead] = field(default_factory=dict)
    withdrawn: dict[int, Lead] = field(default_factory=dict)
    duplicates: dict[int, Duplicate] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


class _Candidate(NamedTuple):
    pk: int
    status: str
    external_key: str
    name: str
    email: str
    phone: str
    address: str

    def shares(self, facts: Facts) -> str:
        """What this lead has in common with a row; ``""``: nothing that tells a person."""
        email, phone = self.email == facts.get("email"), self.phone == facts.get("phone")
        if email or phone:
            return "both" if email and phone else "email" if email else "phone"
        name, _, address = facts.get("address", "").partition("\n")
        return "address" if address and address == self.address and normalised_name(self.name) == name else ""


def find(incoming: Sequence[Row], source: str, seen: Seen | None = None) -> Found:
    """What is known of a chunk of rows, in the order of the file.

    ``source`` names the old system, ``seen`` the rows of the same file that came before; these rows are remembered.
    """
    found = Found()
    keyed = _keyed(source, incoming)
    facts = {row.line: facts_of(row) for row in incoming}
    # Only a trashed lead may be a withdrawn one; any other is known, and nothing more is asked about its row.
    unsure = [row for row in incoming if row.key not in keyed or keyed[row.key].status == State.TRASHED]
    candidates = _candidates(facts[row.line] for row in unsure)
    gone = withdrawn_among([pk for pk, status, key in _standing(keyed, candidates) if status == State.TRASHED and key])
    for row in incoming:
        if lead := keyed.get(row.key):
            (found.withdrawn if lead.pk in gone else found.known)[row.line] = lead
    _compare(found, {row.line: facts[row.line] for row in unsure if row.line not in found.known}, candidates, gone)
    if seen is not None:
        _look_back(found, incoming, facts, seen)
    return found


def _keyed(source: str, incoming: Sequence[Row]) -> dict[str, Lead]:
    keys = {row.key for row in incoming if row.key}
    # The condition of the unique index has to stand in the question, or SQLite reads every lead.
    leads = Lead.objects.filter(external_source=source, external_key__in=keys).exclude(external_key="")
    return {lead.external_key: lead for lead in _light(leads)}


def _light(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """What an import reads of a lead that is here. Few people hold many leads: each of them is read once."""
    return leads.only(*_READ).prefetch_related("agent")


def _standing(keyed: Mapping[str, Lead], candidates: "_Candidates") -> Iterable[tuple[int, str, str]]:
    yield from ((lead.pk, lead.status, lead.external_key) for lead in keyed.values())
    yield from ((c.pk, c.status, c.external_key) for c in candidates.everybody.values())


# --- the same person ------------------------------------------------------------------------------------------------


class _Candidates:
    """Leads that share an e-mail, a phone or an address with some row of the chunk."""

    def __init__(self) -> None:
        self.everybody: dict[int, _Candidate] = {}
        self.by: dict[tuple[str, str], list[int]] = {}

    def add(self, what: str, rows: Iterable[Any]) -> None:
        for row in rows:
            one = _Candidate(*row)
            self.everybody[one.pk] = one
            self.by.setdefault((what, getattr(one, what)), []).append(one.pk)

    def of(self, facts: Facts) -> list[_Candidate]:
        """Those that a row may mean, each once."""
        return [self.everybody[pk] for pk in {pk for fact in _asked(facts) for pk in self.by.get(fact, ())}]


def _asked(facts: Facts) -> Iterable[tuple[str, str]]:
    """What the database is asked for; an address comes with the name of the row, and is asked without it."""
    for what, value in facts.items():
        if what != "key":
            yield what, value.partition("\n")[2] if what == "address" else value


def _candidates(rows: Iterable[Facts]) -> _Candidates:
    values: dict[str, set[str]] = {what: set() for what in _COLUMN}
    for facts in rows:
        for what, value in _asked(facts):
            values[what].add(value)
    found = _Candidates()
    for what, asked in values.items():
        found.add(what, _bearing(_COLUMN[what], asked) if asked else ())
    return found


def _bearing(column: str, values: set[str]) -> QuerySet[Any, Any]:
    """The leads with one of these values, of each the first few in the order in which they are preferred."""
    aside = Case(When(status__in=_ASIDE, then=Value(1)), default=Value(0))
    # The condition of the partial index has to stand in the question.
    leads = Lead.objects.filter(**{f"{column}__in": values}).exclude(**{column: ""}).exclude(status="")
    place = Window(RowNumber(), partition_by=F(column), order_by=[aside, F("pk").desc()])
    few = leads.annotate(place=place).filter(place__lte=_LOOKED_AT)
    return few.values_list("pk", "status", "external_key", "name", *_COLUMN.values())


def _compare(found: Found, rows: Mapping[int, Facts], candidates: _Candidates, gone: set[int]) -> None:
    best: dict[int, tuple[str, int, int]] = {}
    for line, facts in rows.items():
        itself = found.withdrawn[line].pk if line in found.withdrawn else 0
        same = [(c.shares(facts), c) for c in candidates.of(facts) if c.pk not in gone and c.pk != itself]
        same = [(by, c) for by, c in same if by]
        if same:
            by, one = min(same, key=_preference)
            best[line] = by, one.pk, len(same) - 1
    leads = _light(Lead.objects.all()).in_bulk({pk for _, pk, _ in best.values()})
    for line, (by, pk, more) in best.items():
        # Nobody deletes a lead with events; one that is gone is none.
        if pk in leads:
            found.duplicates[line] = Duplicate(leads[pk], by, more)


def _preference(same: tuple[str, _Candidate]) -> tuple[bool, bool, bool, int]:
    by, one = same
    return by != "both", by == "address", one.status in _ASIDE, -one.pk


def _named(lead: Lead, by: str) -> str:
    said = {"same": _same(by), "name": lead.name, "stage": lead.state.label}
    if lead.agent is None:
        return gettext("%(same)s as %(name)s (%(stage)s, in the pool).") % said
    said["agent"] = lead.agent.display_name
    return gettext("%(same)s as %(name)s (%(stage)s, with %(agent)s).") % said


def _same(by: str) -> str:
    return {
        "both": gettext("Same e-mail and phone"),
        "email": gettext("Same e-mail"),
        "phone": gettext("Same phone"),
        "address": gettext("Same name and address"),
    }[by]


# --- the same file --------------------------------------------------------------------------------------------------


def _look_back(found: Found, incoming: Sequence[Row], facts: Mapping[int, Facts], seen: Seen) -> None:
    """Keys that came twice are refused; a person who came before is a duplicate unless a lead says so already."""
    came = seen.lines_of_leads([lead.pk for lead in found.known.values()])
    for row in incoming:
        lead = found.known.get(row.line)
        first = seen.line_of_key(row.line, facts[row.line]) or (came.get(lead.pk, 0) if lead is not None else 0)
        if first and first < row.line:
            found.known.pop(row.line, None)
            found.withdrawn.pop(row.line, None)
            found.duplicates.pop(row.line, None)
            found.refused[row.line] = _twice(row.key, first)
            continue
        line, by = seen.line_of_person(row.line, facts[row.line])
        if line and lead is None and row.line not in found.duplicates:
            found.duplicates[row.line] = Duplicate(None, by, line=line)
        seen.remember(row.line, facts[row.line])


def _twice(key: str, line: int) -> str:
    if _MADE_UP.fullmatch(key):
        return gettext("The very same row stands on line %(line)s already.") % {"line": line}
    return gettext("The key “%(key)s” stands on line %(line)s already.") % {"key": key, "line": line}
