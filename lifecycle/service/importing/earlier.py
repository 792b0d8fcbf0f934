"""What earlier imports recorded of leads that a file speaks of again."""

from collections.abc import Sequence

from ... import chain
from ...events import Kind, Source
from ...imported import Told, Unfit
from ...models import EventNote, LeadEvent


class Earlier:
    """What earlier imports recorded of these leads; two queries for all of them."""

    def __init__(self, lead_ids: list[int]) -> None:
        events = LeadEvent.objects.filter(lead_id__in=lead_ids, source=Source.IMPORT.value).select_related("to_agent")
        self.events = {e.uuid: e for e in events} if lead_ids else {}
        notes = EventNote.objects.filter(event__lead_id__in=lead_ids)
        self.notes = {n.event_id: n for n in notes} if lead_ids else {}

    def unrecorded(self, rows: Sequence[Told]) -> list[Told]:
        """The rows after those that are recorded. Raises ``Unfit`` when a recorded one says something else now."""
        tail: list[Told] = []
        for row in rows:
            event = self.events.get(row.uuid)
            if event is None:
                tail.append(row)
                continue
            if tail:
                raise Unfit(tail[0].line, "This row stands before rows that were imported earlier, and is new.")
            if not _says_the_same(event, row, self.notes.get(event.id)):
                raise Unfit(row.line, "This row was imported before and says something else now.")
        return tail


def _says_the_same(event: LeadEvent, told: Told, note: EventNote | None) -> bool:
    owner = event.to_agent.display_name if event.to_agent else ""
    if (
        (event.kind, event.from_status, event.to_status) != (told.kind.value, told.from_status, told.to_status)
        or event.occurred_at != told.occurred_at
        or event.actor_name != told.actor
        or event.backfilled != told.backfilled
        or (told.kind == Kind.AGENT_ASSIGNED and bool(owner) != bool(told.owner))
    ):
        return False
    if note is None:
        return bool(event.note_digest) or not told.words
    return event.note_digest == chain.words_digest(note.salt, told.words)
