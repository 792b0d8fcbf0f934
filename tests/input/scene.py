"""An office in which every address has something to show: a lead in every stage, an import at every step, a batch."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.utils import timezone

from leads.models import Import, Lead, Phase, SavedMapping, User
from lifecycle.models import LeadEvent, OfficeSettings
from lifecycle.service import bulk
from lifecycle.states import State
from tests.factories import LeadFactory, UserFactory, ada, advance, ana, ben, bruna, otto
from tests.import_drafts import draft
from tests.import_hands import at_step, checked, mapped


@dataclass
class Scene:
    """Who is there, and the values with which an address is filled in, by the name of its parameter."""

    people: dict[str, User | None]
    values: dict[str, list[Any]] = field(default_factory=dict)


def set_up() -> Scene:
    """Writes the office into the database of the test."""
    OfficeSettings.objects.update_or_create(pk=OfficeSettings.ONLY, defaults={"time_zone": "America/New_York"})
    root = UserFactory.create(username="root", display_name="Rona Root", is_superuser=True, role="admin")
    people: dict[str, User | None] = {"ana": ana(), "bruna": bruna(), "ada": ada(), "root": root, "nobody": None}
    otto()
    leads = [LeadFactory.create(status=state, agent=ana()) for state in State]
    fallen = LeadFactory.create(status=State.COMMITTED, agent=ana())
    advance(fallen, State.QUALIFIED, actor=ana())
    leads += [fallen, LeadFactory.create(agent=None)]
    batch = _batch()
    imports = _imports()
    SavedMapping.objects.create(
        name="Old CRM", mapping=mapped().as_json(), header=["Lead ID"], actor=bruna(), saved_at=timezone.now()
    )
    events = [fallen.events.order_by("-version")[0].uuid, leads[-3].events.order_by("-version")[0].uuid]
    events.append(leads[1].events.order_by("version")[0].uuid)
    values: dict[str, list[Any]] = {
        "pk": [lead.pk for lead in leads],
        "agent": [ana().pk, bruna().pk],
        "event": events,
        "uuid": [*imports, batch],
        "state": [State.QUALIFIED.value],
        "name": ["board", "reference"],
        "language": ["es"],
        "edition": ["0"],
        "uidb36": ["1"],
        "key": ["set-password"],
        "app_label": ["leads", "lifecycle"],
        "content_type_id": ["1"],
        "url": ["nothing"],
        "id": [ana().pk],
    }
    return Scene(people, values)


def _batch() -> Any:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    lead.refresh_from_db()
    begun = bulk.begin(
        uuid=uuid4(),
        actor=bruna(),
        wishes=[bulk.Wish(lead.pk, lead.version, ben().pk)],
        reason="territory",
        note="Ben knows the street.",
    )
    bulk.carry_on(uuid=begun.pk, actor=bruna())
    assert LeadEvent.objects.filter(lead=Lead.objects.get(pk=lead.pk)).count() > 1
    return begun.pk


def _imports() -> list[Any]:
    made: list[Import] = [draft(), *(at_step(name) for name in ("columns", "stages", "owners", "dates"))]
    made += [checked("duplicates"), checked("preview")]
    for phase in (Phase.DONE, Phase.FAILED, Phase.UNDONE):
        made.append(draft(phase=phase.value, source="Old CRM", problem="It stopped." if phase == Phase.FAILED else ""))
    return [one.pk for one in made]
