"""Leads of Ben's whose every word is made up, so that one of them on a page of Ana's cannot be a coincidence.

All made-up words begin with the same letters, which no key or token of a page will hold by chance. What Ana asks for
herself she may read again; any other of them she may not.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from leads.models import Import, ImportedRow, Lead, Phase, User
from leads.models.imports import Outcome
from leads.pages.reassign_batch import work_on
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import Batch, LeadEvent
from lifecycle.service import bulk
from lifecycle.service.bulk import Wish
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.import_drafts import draft

MARK = "zyxwvq"

#: From here on leads are numbered, so that their ids are like no other number on a page.
_FIRST = 7_106_300


@dataclass
class Secrets:
    """Who looks, and what must not be seen: ``foreign`` are Ben's leads today, whoever had them before.

    ``own`` and ``working`` are Ana's, the second one in a stage that she can move it from.
    """

    people: dict[str, User]
    own: Lead
    working: Lead
    foreign: list[Lead]
    held_then: datetime
    batch: Batch
    of_bruna: Batch
    to_bruna: Batch
    imported: Import
    phones: list[str] = field(default_factory=list)

    @property
    def facts(self) -> list[LeadEvent]:
        return list(LeadEvent.objects.filter(lead__in=self.foreign))


def lay_out() -> Secrets:
    """Builds all of it."""
    _number_from(_FIRST)
    viewer, other = ana(), ben()
    begun = timezone.now() - timedelta(days=40)
    foreign = [
        _lead(n, other, status=s, begun=begun) for n, s in enumerate((State.NEW, State.QUALIFIED, State.TRASHED))
    ]
    once = [
        _lead(10 + n, viewer, status=status, begun=begun + timedelta(days=n))
        for n, status in enumerate((State.NEW, State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.CLOSED))
    ]
    fell = _lead(20, viewer, status=State.COMMITTED, begun=begun)
    _step(fell, viewer, State.QUALIFIED, begun + timedelta(days=9), note=f"{MARK}collapse20", reason="cold_feet")
    again = _lead(21, viewer, status=State.ARCHIVED, begun=begun)
    _step(again, viewer, State.CONTACTING, begun + timedelta(days=9))
    _step(again, viewer, State.QUALIFIED, begun + timedelta(days=10), note=f"{MARK}again21")
    once += [fell, again]
    for lead in once:
        _note(lead, viewer)
        # For a reason and with words that brokers alone read.
        _hand(lead, other, "performance", f"{MARK}performance{lead.pk}")
    for lead in foreign:
        _note(lead, other)
    batch = _batch(viewer, _lead(30, viewer, begun=begun), other, "pto_or_leave")
    given = Lead.objects.get(pk=batch.plan[0][0])
    own = _own_lead(viewer, foreign[0])
    made = _imported(foreign[1])
    return Secrets(
        people={"Ana": viewer, "Ben": other, "Bruna": bruna()},
        own=own,
        working=LeadFactory.create(agent=viewer, status=State.CONTACTING, name="Otis Own"),
        foreign=[*foreign, *once, given],
        held_then=begun + timedelta(days=20),
        batch=batch,
        of_bruna=_batch(bruna(), _lead(31, other, begun=begun), other, "pto_or_leave", share=True),
        to_bruna=_given_to_a_broker(viewer),
        imported=made,
        phones=[lead.phone for lead in (*foreign, *once)],
    )


def _number_from(first: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'leads_lead'")
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('leads_lead', %s)", [first])
        else:
            cursor.execute("SELECT setval(pg_get_serial_sequence('leads_lead', 'id'), %s)", [first])


def _lead(n: int, agent: User, **more: Any) -> Lead:
    lead: Lead = LeadFactory.create(
        name=f"{MARK}first{n} {MARK}last{n}",
        email=f"{MARK}mail{n}@{MARK}host{n}.example",
        phone=f"+1 415 555 {1700 + n}",
        headline=f"{MARK}headline{n} with a garden",
        address=f"{n} {MARK}street{n}, Oakland",
        agent=agent,
        **more,
    )
    return lead


def _step(lead: Lead, actor: User, to: State, now: datetime, **said: Any) -> None:
    advance(lead, to, actor=actor, now=now, **said)


def _note(lead: Lead, actor: User) -> None:
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": actor, "source": Source.PAGE.value}
    service.add_note(**common, note=f"{MARK}note{lead.pk}", document=f"{MARK}document{lead.pk}.pdf")
    service.set_flag(**common, flag="do_not_call", reason="lead_request_phone", note=f"{MARK}flag{lead.pk}")


def _hand(lead: Lead, to: User | None, reason: str, note: str) -> None:
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE.value}
    service.assign_lead(**common, to_agent=to, reason=reason, note=note)
    lead.refresh_from_db()


def _batch(actor: User, lead: Lead, to: User, reason: str, share: bool = False) -> Batch:
    """A bulk action with this lead; with ``share`` it goes to its taker by way of the actor."""
    if share:
        to = actor
    lead.refresh_from_db()
    wishes = [Wish(lead.pk, lead.version, to.pk)]
    begun = bulk.begin(
        uuid=uuid4(), actor=actor, wishes=wishes, reason=reason, note=f"said with it by {actor.username}"
    )
    done = work_on(begun, actor)
    if share:
        _hand(lead, ben(), "workload_balance", f"{MARK}back{lead.pk}")
    return done


def _given_to_a_broker(viewer: User) -> Batch:
    """Ana gave a lead of hers to Bruna, who put it into the pool for a reason that brokers alone read."""
    lead: Lead = LeadFactory.create(name="Pat Pool", agent=viewer)
    batch = _batch(viewer, lead, bruna(), "pto_or_leave")
    _hand(lead, None, "performance", f"{MARK}performancepool")
    return batch


def _own_lead(viewer: User, twin: Lead) -> Lead:
    """Ana's own, with two secrets in its story: it repeats a lead of Ben's, and why she has it is for brokers."""
    lead: Lead = LeadFactory.create(name="Olive Own", agent=ben(), begun=timezone.now() - timedelta(days=30))
    _hand(lead, viewer, "performance", f"{MARK}performanceown")
    advance(lead, State.TRASHED, actor=bruna(), reason="duplicate_of", duplicate_of=twin, note="Filled the form twice.")
    return lead


def _imported(lead: Lead) -> Import:
    made = draft(
        f"Name,E-mail\n{MARK}cell,x@example.com\n",
        phase=Phase.DONE,
        source=f"{MARK}system",
        file_name=f"{MARK}file.csv",
        counts={"created": 1, "refused": 1},
    )
    ImportedRow.objects.create(of=made, line=2, outcome=Outcome.CREATED, lead=lead)
    ImportedRow.objects.create(of=made, line=3, outcome=Outcome.REFUSED, sentence="No.", cells=[f"{MARK}refused", ""])
    return made


# ---- is anything of it in an answer?

_WORD = re.compile(rf"{MARK}\w+", re.I)


def leaks(text: str, asked: str, secrets: Secrets) -> set[str]:
    """The made-up words and the addresses of Ben's leads in an answer that are not in what was asked."""
    known = set(map(str.lower, _WORD.findall(asked)))
    found = {word for word in map(str.lower, _WORD.findall(text)) if word not in known}
    for phone in secrets.phones:
        tail = phone[-4:]
        if tail not in asked and re.search(rf"555[ -]?{tail}", text):
            found.add(phone)
    for lead in secrets.foreign:
        if re.search(rf"(?:/leads/|\bL-){lead.pk}\b(?!\d)", text) and str(lead.pk) not in asked:
            found.add(f"the address of lead {lead.pk}")
        if str(lead.uuid) in text and str(lead.uuid) not in asked:
            found.add(f"the uuid of lead {lead.pk}")
    return found


def newest_fact(lead: Lead, kind: Kind | None = None) -> LeadEvent:
    return newest(lead, kind)
