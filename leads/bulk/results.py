"""What came of a bulk action: who got what, which leads were refused and why. Leads are named to those who see them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.events import Kind
from lifecycle.models import Batch, LeadEvent
from lifecycle.service.bulk import GONE, MOVED, UNCHANGED, fact_uuid
from lifecycle.service.stale import meanwhile
from lifecycle.timeline.because import label

from ..access import visible_leads
from ..board.picture import grouped
from ..lead_page import Desk
from ..models import Lead, User
from .preview import LISTED, Line, line

#: To an agent a lead that a colleague holds and one that does not exist are the same.
_FOREIGN = {"not_yours", "no_such_lead"}
_STALE = "stale_version"
RECENT = 20


@dataclass(slots=True)
class Given:
    """What one agent (``""``: the pool) got: by whom it was held before, and the leads that may be named."""

    to: str
    total: int = 0
    before: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)

    @property
    def holders(self) -> list[tuple[str, int]]:
        return sorted(self.before.items(), key=lambda pair: (-pair[1], pair[0]))

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One lead that was refused. ``line`` is None where the viewer may not know the lead."""

    line: Line | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Results:
    """A bulk action as its page shows it; ``again`` are the refused leads that may be tried once more."""

    given: list[Given]
    refused: list[Refusal]
    more_refused: int
    again: list[int]
    takers: list[int | None]


def batches(viewer: User) -> QuerySet[Batch]:
    """The bulk actions that this person may look at: a broker all of them, an agent their own."""
    found = Batch.objects.all()
    return found if viewer.is_broker else found.filter(actor=viewer)


def get_batch_or_404(viewer: User, uuid: UUID) -> Batch:
    """The batch, or the same 404 for one that does not exist and one that is not this person's to see."""
    batch = batches(viewer).select_related("hands_back").filter(pk=uuid).first()
    if batch is None:
        raise Http404("No such bulk action.")
    return batch


def recent(viewer: User) -> list[Batch]:
    """The newest bulk actions, newest first. One query."""
    return list(batches(viewer).defer("plan", "outcomes", "facts").order_by("-started_at")[:RECENT])


def read_results(batch: Batch, desk: Desk) -> Results:
    """Who got what, and what was refused. At most five queries, however many leads."""
    seen = visible_leads(desk.viewer).filter(pk__in=[row[0] for row in batch.plan]).select_related("agent")
    leads = {lead.pk: lead for lead in seen.only("name", "status", "agent__display_name", "agent__is_active")}
    codes = {int(lead): code for lead, code in batch.outcomes.items()}
    bad = [pk for pk, code in codes.items() if code not in (MOVED, UNCHANGED)]
    known, others = [pk for pk in bad if pk in leads], [pk for pk in bad if pk not in leads]
    sentences = _Sentences(batch, desk, bad)
    refused = [Refusal(line(leads[pk]), sentences.of(pk, codes[pk])) for pk in known[:LISTED]]
    refused += [Refusal(None, sentences.of(pk, "not_yours")) for pk in others[: LISTED - len(refused)]]
    wanted = {pk for pk, code in codes.items() if code not in (MOVED, UNCHANGED)}
    takers = sorted({row[2] for row in batch.plan if row[0] in wanted}, key=lambda pk: pk or 0)
    return Results(_given(batch, leads), refused, len(bad) - len(refused), known, takers)


def facts_of(batch: Batch) -> QuerySet[LeadEvent]:
    """The assignments that a batch wrote, with the people they name, in the order of the leads' ids."""
    wrote = [fact_uuid(batch.uuid, int(lead)) for lead, outcome in batch.outcomes.items() if outcome == MOVED]
    facts = LeadEvent.objects.filter(uuid__in=wrote).select_related("agent", "to_agent").order_by("lead_id")
    return facts.only("lead_id", "version", "agent__display_name", "agent__is_active", "to_agent__display_name")


def _given(batch: Batch, leads: dict[int, Lead]) -> list[Given]:
    by_taker: dict[str, Given] = {}
    for event in facts_of(batch):
        to = event.to_agent.display_name if event.to_agent else ""
        given = by_taker.setdefault(to, Given(to))
        given.total += 1
        given.before[event.agent.display_name if event.agent else ""] += 1
        if event.lead_id in leads and len(given.lines) < LISTED:
            given.lines.append(line(leads[event.lead_id]))
    return [by_taker[name] for name in sorted(by_taker)]


# ---- words


def summary(batch: Batch, codes: Iterable[str] = ()) -> str:
    """What came of it in a line: ``37 moved, 2 refused: changed meanwhile``. In: the outcomes, where they are known."""
    said = [pgettext("leads in bulk", "%(n)s moved") % {"n": grouped(batch.moved)}]
    if batch.unchanged:
        said.append(pgettext("leads in bulk", "%(n)s there already") % {"n": grouped(batch.unchanged)})
    if batch.refused:
        why = Counter(_short(code) for code in codes if code not in (MOVED, UNCHANGED))
        words = pgettext("leads in bulk", "%(n)s refused") % {"n": grouped(batch.refused)}
        if len(why) == 1:
            words = f"{words}: {next(iter(why))}"
        elif why:
            words = f"{words} ({', '.join(f'{n} {short}' for short, n in why.most_common())})"
        said.append(words)
    return ", ".join(said)


def _short(code: str) -> str:
    if code == _STALE:
        return pgettext("leads in bulk, why refused", "changed meanwhile")
    if code == GONE:
        return pgettext("leads in bulk, why refused", "agent deactivated")
    if code in _FOREIGN:
        return pgettext("leads in bulk, why refused", "not theirs to give")
    return pgettext("leads in bulk, why refused", "not allowed")


def moved_words(batch: Batch) -> str:
    """The title of the page: what was done, or how far it is."""
    if batch.finished_at is None:
        said = gettext("%(done)s of %(size)s leads done")
        return said % {"done": grouped(batch.done), "size": grouped(batch.size)}
    if batch.hands_back_id:
        said = ngettext("%(n)s lead handed back", "%(n)s leads handed back", batch.moved)
    else:
        said = ngettext("%(n)s lead reassigned", "%(n)s leads reassigned", batch.moved)
    return said % {"n": grouped(batch.moved)}


def reason_words(batch: Batch, desk: Desk) -> str:
    """The reason as this viewer may read it."""
    return label(batch.reason, Kind.AGENT_ASSIGNED, desk.reasons, desk.viewer.is_broker)


class _Sentences:
    """Why each lead was refused; two queries for all of them."""

    def __init__(self, batch: Batch, desk: Desk, refused: list[int]) -> None:
        self.desk, self.now = desk, desk.now
        self.came_first = {int(lead): fact for lead, fact in batch.facts.items()}
        facts = set(self.came_first.values())
        self.facts = {e.pk: e for e in LeadEvent.objects.filter(pk__in=facts)} if facts else {}
        gone = {row[0]: row[2] for row in batch.plan if batch.outcomes.get(str(row[0])) == GONE}
        names = dict(User.objects.filter(pk__in=set(gone.values())).values_list("pk", "display_name")) if gone else {}
        self.gone = {lead: names.get(agent, "") for lead, agent in gone.items()}

    def of(self, lead: int, code: str) -> str:
        """The sentence for one lead."""
        fact = self.facts.get(self.came_first.get(lead, 0))
        if code == _STALE and fact is not None:
            return meanwhile(fact, self.now)
        if code == GONE and self.gone.get(lead):
            return gettext("%(name)s is deactivated and cannot take leads.") % {"name": self.gone[lead]}
        if code == GONE:
            return gettext("Nobody here has this account.")
        if code in _FOREIGN:
            return gettext("This lead is not with you, or not there any more.")
        if code in ("reason_not_valid", "reason_missing"):
            return gettext("The reason is no longer in use.")
        return gettext("This lead has changed, or the form was damaged. Look at it and try again.")


def moment_of(batch: Batch) -> datetime:
    """When it was done; when it began, as long as it is not."""
    return batch.finished_at or batch.started_at
