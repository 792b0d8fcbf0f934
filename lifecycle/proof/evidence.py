"""What shows somebody outside that a lead's facts are in the log that a checkpoint speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, F, When, Window
from django.db.models.functions import RowNumber

from .. import chain
from ..models import Checkpoint, LeadEvent
from ..streams import events_of, one_moment, people
from . import merkle
from .against import Held
from .leaves import leaves


@dataclass(frozen=True, slots=True)
class Proven:
    """A fact as it is hashed, with its words, and the way from its leaf to the root.

    ``words`` is None where they were erased or there never were any. ``leaf`` is its place in the tree, None for a
    fact that is newer than the checkpoint; ``path`` is in hex then and from the leaf upwards.
    """

    form: dict[str, Any]
    hash: str
    words: dict[str, str] | None
    leaf: int | None
    path: list[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All facts of a lead; the checkpoints, the oldest first; and the path that shows of each number but the last
    that its log is the beginning of the last one's, in hex."""

    facts: list[Proven]
    checkpoints: list[Checkpoint]
    growth: dict[int, list[str]]

    @property
    def newest(self) -> Checkpoint:
        return self.checkpoints[-1]


class NoEvidence(Exception):
    """There is no checkpoint yet, or the log is not what the newest one says. Says so in a sentence."""


def evidence(lead_id: int, lead_uuid: UUID) -> Evidence:
    """The facts of this lead with the proof that they are in the log of the newest checkpoint. Raises ``NoEvidence``.

    Reads every fact's hash once, in one snapshot: a second for a million.
    """
    with one_moment():
        checkpoints = list(Checkpoint.objects.order_by("number"))
        if not checkpoints:
            raise NoEvidence("There is no checkpoint yet. Make one first: `manage.py checkpoint`.")
        newest = checkpoints[-1]
        places = _places(lead_id, newest.upto)
        paths = {key: merkle.inclusion(place, newest.size) for key, place in places.items()}
        since = {c.number: merkle.consistency(c.size, newest.size) for c in checkpoints[:-1] if c.size}
        tree = _tree(newest, (span for path in (*paths.values(), *since.values()) for span in path))
        facts = list(_facts(lead_id, lead_uuid, places, {key: _hex(tree, path) for key, path in paths.items()}))
    return Evidence(facts, checkpoints, {number: _hex(tree, path) for number, path in since.items()})


def _places(lead_id: int, upto: int) -> dict[int, int]:
    """The place of each of this lead's facts among all, counted from 0, by id."""
    place = Window(RowNumber(), order_by=F("id").asc())
    # As a condition of its own the lead would be chosen before the numbering.
    numbered = LeadEvent.objects.filter(id__lte=upto).annotate(place=Case(When(lead_id=lead_id, then=place)))
    mine = numbered.filter(place__isnull=False).order_by().values_list("id", "place")
    return {key: place - 1 for key, place in mine}


def _tree(newest: Checkpoint, wanted: Iterable[merkle.Span]) -> merkle.Tree:
    tree = merkle.Tree(wanted)
    for _, leaf in leaves(newest.upto):
        tree.add(leaf)
    says = Held.read(str(newest.number), newest.note).says
    if (tree.size, tree.root()) != (says.size, says.root):
        raise NoEvidence("The log is not what its newest checkpoint says; `verify_log` tells more.")
    return tree


def _facts(lead_id: int, lead_uuid: UUID, places: dict[int, int], paths: dict[int, list[str]]) -> Iterable[Proven]:
    uuids, previous = people(), chain.GENESIS
    for event in events_of(lead_id):
        form = chain.form(
            previous,
            event,
            lead=lead_uuid,
            agent=uuids.get(event.agent_id),
            to_agent=uuids.get(event.to_agent_id),
            actor=uuids.get(event.actor_id),
            target=event.target_uuid,
            caused_by=event.cause_uuid,
        )
        yield Proven(form, event.hash, _words(event), places.get(event.id), paths.get(event.id, []))
        previous = event.hash


def _words(event: Any) -> dict[str, str] | None:
    if event.salt is None:
        return None
    return {
        "salt": event.salt, "note": event.note, "document": event.document, "source_words": event.source_words,
    }  # fmt: skip


def _hex(tree: merkle.Tree, path: Iterable[merkle.Span]) -> list[str]:
    return [tree.node(span).hex() for span in path]
