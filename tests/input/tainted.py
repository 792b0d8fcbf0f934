"""An office where every text that a person or a file can fill in is a script."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.utils import timezone

from leads.imports import phases
from leads.models import Import, Lead, Phase, SavedMapping, User
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import OfficeSettings, ReasonCode
from lifecycle.reasons import Group
from lifecycle.service import bulk
from lifecycle.states import State
from tests.factories import LeadFactory, UserFactory, ada, advance, ana, ben, bruna
from tests.import_drafts import draft
from tests.import_hands import HEADER, STATUSES, at_step, checked, mapped
from tests.input.payloads import Payload, in_an_address
from tests.input.scene import Scene

_KINDS = [Kind.DEAL_COLLAPSED.value, Kind.ARCHIVED_MANUALLY.value, Kind.AGENT_ASSIGNED.value, Kind.FLAG_SET.value]
#: Stages through which the leads go in turn, so that every column and every page has some.
_STAGES = (State.QUALIFIED, State.NEW, State.CONTACTING, State.COMMITTED, State.IN_CONTRACT, State.ARCHIVED)


def set_up(payloads: Sequence[Payload]) -> Scene:
    """Writes it; each payload is a lead, a person, a reason, a mapping, a row and a heading of a file."""
    office = {"name": payloads[0].text, "time_zone": "America/New_York"}
    OfficeSettings.objects.update_or_create(pk=OfficeSettings.ONLY, defaults=office)
    root = UserFactory.create(username="root", display_name="Rona Root", is_superuser=True, role="admin")
    people: dict[str, User | None] = {"ana": ana(), "bruna": bruna(), "ada": ada(), "root": root, "nobody": None}
    agents = [_person(payload) for payload in payloads]
    for payload in payloads:
        code = f"planted_{payload.number}"
        ReasonCode.objects.create(code=code, label=payload.text, group=Group.OTHER.value, kinds=_KINDS)
        SavedMapping.objects.create(
            name=payload.text,
            mapping=mapped().as_json(),
            header=[payload.text],
            actor=bruna(),
            saved_at=timezone.now(),
        )
    leads = [_lead(n, payload, agents) for n, payload in enumerate(payloads)]
    told = LeadFactory.create(status=State.CONTACTING, agent=ana(), name=payloads[0].text)
    for payload in payloads:
        service.add_note(lead_id=told.pk, note=payload.text, document=payload.text, actor=ana(), source=Source.PAGE)
    leads.append(told)
    events = [lead.events.order_by("-version")[0].uuid for lead in leads[:2]]
    values: dict[str, list[Any]] = {
        "pk": [lead.pk for lead in leads],
        "agent": [ana().pk, agents[0].pk],
        "event": events,
        "uuid": [*(made.pk for made in _imports(payloads)), _batch(payloads)],
        "state": [State.QUALIFIED.value, State.ARCHIVED.value],
        "name": ["board", "reference"],
        "language": ["es"],
        "edition": ["0"],
        "uidb36": ["1"],
        "key": ["set-password"],
        "app_label": ["leads"],
        "id": [agents[0].pk],
    }
    return Scene(people, values)


def _person(payload: Payload) -> User:
    # Every third one has left, and is named among those who did.
    return UserFactory.create(
        username=f"planted{payload.number}",
        display_name=payload.text,
        first_name=payload.text,
        last_name=payload.text,
        is_active=payload.number % 3 != 0,
    )


def _lead(n: int, payload: Payload, agents: list[User]) -> Lead:
    """A lead whose facts are the payload, with a fact of every kind that takes words."""
    said = payload.text
    lead = LeadFactory.create(
        status=_STAGES[n % len(_STAGES)],
        agent=ana(),
        name=said,
        email=in_an_address(payload),
        phone=said,
        headline=said,
        address=said,
    )
    by: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    reason = f"planted_{payload.number}"
    service.log_contact(**by, channel="call", outcome="spoke", note=said)
    service.set_flag(**by, flag="do_not_email", reason=reason, note=said)
    lead.refresh_from_db()
    if lead.status in (State.COMMITTED, State.IN_CONTRACT):
        if lead.status == State.IN_CONTRACT:
            service.add_note(**by, note=said, document=said)
        else:
            advance(lead, State.QUALIFIED, actor=bruna(), reason=reason, note=said)
            advance(lead, State.COMMITTED, actor=bruna(), document=said)
    if agents[n].is_active:
        service.assign_lead(**by, to_agent=agents[n], reason=reason, note=said)
        if n % 2:
            service.assign_lead(**by, to_agent=ana(), reason=reason, note=said)
    lead.refresh_from_db()
    return lead


def _batch(payloads: Sequence[Payload]) -> Any:
    leads = [LeadFactory.create(status=State.QUALIFIED, agent=ana(), name=p.text) for p in payloads[:3]]
    begun = bulk.begin(
        uuid=uuid4(),
        actor=bruna(),
        wishes=[bulk.Wish(lead.pk, lead.version, ben().pk) for lead in leads],
        reason=f"planted_{payloads[0].number}",
        note=payloads[0].text,
    )
    bulk.carry_on(uuid=begun.pk, actor=bruna())
    return begun.pk


def _file(payloads: Sequence[Payload], *, good: bool) -> str:
    """A file whose headings and cells are payloads; good: all that must be understood is."""
    out = io.StringIO()
    writer = csv.writer(out)
    headings = [payload.text for payload in payloads if payload.text.isprintable()]
    writer.writerow([*HEADER.split(","), *headings])
    for n, payload in enumerate(payloads):
        said = payload.text
        when = ("01/10/2011 00:38", "") if good else (said, said)
        row = [f"K{n}{said}", said, in_an_address(payload), said, "Open" if good else said, said, *when]
        writer.writerow([*row, *[said] * len(headings)])
    return out.getvalue()


def _imports(payloads: Sequence[Payload]) -> list[Import]:
    good, bad = _file(payloads, good=True), _file(payloads, good=False)
    named: dict[str, Any] = {"file_name": f"{payloads[0].text}.csv", "source": "Old CRM"}
    words = {payload.text: "NEW" for payload in payloads}
    meaning = replace(mapped(), statuses={**STATUSES, **words})
    made = [draft(bad, **named)]
    made += [at_step(step, bad, mapping=meaning, **named) for step in ("columns", "stages", "owners", "dates")]
    made += [checked("preview", bad, mapping=meaning, **{**named, "source": payloads[1].text})]
    made += [checked("duplicates", good, mapping=meaning, **{**named, "source": payloads[2].text})]
    brought = checked("preview", good, mapping=meaning, **named)
    made.append(phases.work_on(phases.start(brought).pk))
    made.append(draft(phase=Phase.FAILED.value, problem=payloads[3].text, **named))
    return made
