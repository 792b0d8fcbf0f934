"""Hundreds of leads in a second: they come in as another system's history does, through the one door for that."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from leads.models import Lead, User
from lifecycle.imported import ForeignRow, tell
from lifecycle.service.importing import Someone, Stream, import_streams
from lifecycle.states import State


def many_leads(n: int, holders: Sequence[User | None], states: Sequence[State] = (State.QUALIFIED,)) -> list[Lead]:
    """So many leads, dealt out to these holders (None: the pool) and these stages in turn; each an hour older."""
    now = timezone.now()
    streams = []
    for k in range(n):
        holder, state = holders[k % len(holders)], states[k % len(states)]
        key = uuid4().hex
        lead = Lead(
            name=f"Dana Whitfield {k}", email=f"dana{key}@example.com", external_source="many", external_key=key
        )
        born = now - timedelta(days=2, hours=k)
        rows = [ForeignRow(1, 1, born, "", "lead_created", to_state="NEW")]
        if holder is not None:
            rows.append(ForeignRow(2, 2, born, "", "assigned", to_owner=holder.display_name))
        if state != State.NEW:
            rows.append(
                ForeignRow(3, 3, born + timedelta(hours=1), "", "state_changed", from_state="NEW", to_state=state)
            )
        streams.append(Stream(lead, tell("many", key, rows, {})))
    known = {u.display_name: Someone(u.pk, u.uuid, u.display_name) for u in holders if u is not None}

    def people(names: Collection[str]) -> Mapping[str, Someone]:
        return known

    done = import_streams(streams, people, now=now, batch=uuid4())
    assert done.refused == []
    return list(Lead.objects.filter(external_source="many").order_by("pk"))
