"""What must hold of every lead after everything: the columns are the fold, the versions gapless, the chain whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from leads.models import Lead
from lifecycle import chain
from lifecycle.events import Words
from lifecycle.fold import CACHED, GUARDED, fold
from lifecycle.models import EventNote, LeadEvent


def assert_sound(lead: Lead) -> None:
    """The lead as the database has it now: its stream, its chain, its words and its cached columns."""
    lead = Lead.objects.get(pk=lead.pk)
    events = list(
        LeadEvent.objects.filter(lead=lead)
        .order_by("version")
        .select_related("agent", "to_agent", "actor", "target", "caused_by")
    )
    assert [e.version for e in events] == list(range(1, len(events) + 1))
    previous = chain.GENESIS
    for event in events:
        assert event.hash == rehashed(previous, event, lead), f"The chain breaks at version {event.version}."
        previous = event.hash
    assert [e.recorded_at for e in events] == sorted(e.recorded_at for e in events)
    erased = max((e.version for e in events if e.kind == "personal_data_erased"), default=0)
    notes = {n.event_id: n for n in EventNote.objects.filter(event__lead=lead)}
    for event in events:
        note = notes.pop(event.pk, None)
        if note is None and event.version < erased:
            continue
        said = Words(note.note, note.document, note.source_words) if note else Words()
        assert event.note_digest == (chain.words_digest(note.salt, said) if note else "")
    assert notes == {}
    state = fold(events)
    for name in (*GUARDED, *CACHED):
        cached = lead.agent_id if name == "agent" else getattr(lead, name)
        assert cached == getattr(state, name), f"{name} is {cached!r}, the fold says {getattr(state, name)!r}."


def rehashed(previous: str, event: LeadEvent, lead: Lead) -> str:
    """The hash that this row must carry after that one."""
    named = {name: getattr(event, name) for name in ("agent", "to_agent", "actor", "target", "caused_by")}
    return chain.event_hash(
        previous, event, lead=lead.uuid, **{name: None if x is None else x.uuid for name, x in named.items()}
    )


def everything() -> dict[str, list[Any]]:
    """All rows of leads, log and words, to be compared before and after."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in (Lead, LeadEvent, EventNote)
    }


@contextmanager
def nothing_written() -> Iterator[None]:
    """Whatever happens inside leaves leads, log and words exactly as they were."""
    before = everything()
    yield
    assert everything() == before
