"""Leads that came in by an import of an old system, of which that system knew a status and little else."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from leads.history.people import find_or_make
from leads.models import Import, Lead, User
from lifecycle.backfill import Snapshot, backfill
from lifecycle.flags import Flag
from lifecycle.service.importing import Again, Stream, import_streams, take_up, withdraw
from lifecycle.states import State
from tests.factories import bruna

SOURCE = "Old CRM"
#: When the leads came into the old system, when somebody last touched them there, and when they came to us.
CREATED = datetime(2011, 10, 1, 8, 30, tzinfo=UTC)
MODIFIED = datetime(2011, 10, 13, 9, 15, tzinfo=UTC)
IMPORTED = datetime(2026, 3, 2, 17, tzinfo=UTC)


def row(status: str = "QUALIFIED", **said: Any) -> Snapshot:
    """What an export row knows of a lead: created and modified, unless something else is said."""
    return Snapshot(**{"line": 2, "status": status, "created_at": CREATED, "modified_at": MODIFIED, **said})


def came_in(
    rows: Sequence[Snapshot],
    *,
    now: datetime = IMPORTED,
    batch: UUID | None = None,
    names: Sequence[str] = (),
    source: str = SOURCE,
) -> list[Lead]:
    """The leads that these rows become, in one import; ``names``, or Dana Ortiz and others with a number."""
    batch = batch or uuid4()
    call = uuid4().hex[:6]
    keys = [f"{call}-{n}" for n in range(len(rows))]
    leads = [
        Lead(
            name=names[n] if n < len(names) else f"Dana Ortiz {n}",
            headline="Two rooms with a view",
            external_source=source,
            external_key=key,
        )
        for n, key in enumerate(keys)
    ]
    streams = [
        Stream(lead, backfill(source, key, told, now=now)) for lead, key, told in zip(leads, keys, rows, strict=True)
    ]
    done = import_streams(streams, find_or_make, now=now, batch=batch)
    assert done.refused == [] and done.leads == len(rows)
    return list(Lead.objects.filter(external_source=source, external_key__in=keys).order_by("pk"))


def old_lead(status: str = "QUALIFIED", *, now: datetime = IMPORTED, name: str = "Dana Ortiz", **said: Any) -> Lead:
    """One lead that came in so. In: what its row says, by the names of ``Snapshot``."""
    [lead] = came_in([row(status, **said)], now=now, names=[name])
    return lead


def batch_of(lead: Lead) -> UUID:
    """The import that brought a lead."""
    found = lead.events.get(version=1).batch
    assert found is not None
    return found


def the_import(lead: Lead, actor: User | None = None) -> Import:
    """The row that tells of the import that brought a lead, as the wizard would have written it."""
    who = actor or bruna()
    made: Import = Import.objects.create(
        uuid=batch_of(lead),
        actor=who,
        actor_name=who.display_name,
        source=lead.external_source,
        phase="done",
        made_at=IMPORTED,
        finished_at=IMPORTED,
    )
    return made


def taken_back(leads: Sequence[Lead], *, now: datetime, actor: User | None = None) -> None:
    """The import of these leads is undone."""
    by_batch: dict[UUID, list[int]] = {}
    for lead in leads:
        by_batch.setdefault(batch_of(lead), []).append(lead.pk)
    for batch, ids in by_batch.items():
        withdraw(lead_ids=ids, batch=batch, actor=actor or bruna(), now=now)
    for lead in leads:
        lead.refresh_from_db()


def taken_up(leads: Sequence[Lead], rows: Sequence[Snapshot], *, now: datetime, actor: User | None = None) -> UUID:
    """A later import brings these leads once more. Out: its batch."""
    batch = uuid4()
    wishes = [
        Again(lead, lead.external_source, lead.external_key, said) for lead, said in zip(leads, rows, strict=True)
    ]
    take_up(wishes, find_or_make, batch=batch, actor=actor or bruna(), now=now)
    for lead in leads:
        lead.refresh_from_db()
    return batch


def any_row(chance: Random, people: Sequence[User | None], before: datetime) -> Snapshot:
    """A row by chance: any status, with few dates or many, some of them columns of one stage each.

    Its dates lie in the half year before an instant and are whole minutes, as exports have them.
    """

    def at(soonest: int) -> datetime:
        moment = before - timedelta(days=chance.randrange(soonest), minutes=chance.randrange(1, 1440))
        return moment.replace(second=0, microsecond=0)

    reached = [(s.value, at(90)) for s in chance.sample(list(State), chance.choice([0, 0, 0, 1, 2]))]
    agent = chance.choice(people)
    return Snapshot(
        line=2,
        status=chance.choice(list(State)).value,
        created_at=chance.choice([None, at(180), at(60)]),
        modified_at=chance.choice([None, at(40), at(2)]),
        entered_at=chance.choice([None, None, at(40)]),
        reached=tuple(reached),
        agent=agent.display_name if agent else "",
        flags=tuple(f.value for f in chance.sample(list(Flag), chance.choice([0, 0, 1, 2]))),
        note=chance.choice(["", "", "Likes the garden."]),
        status_words=chance.choice(["", "Agreement Signed"]),
        guessed=chance.random() < 0.2,
    )
