"""The life of an import, from check to undo, as its pages and commands push it on; the work is a task of a worker."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from lifecycle.authority import authorise_import
from lifecycle.errors import BadInput, NotYours

from ..models import Import, ImportedRow, Phase, User
from . import checking, running, undoing

_BEGUN: dict[str, Any] = {"rows_done": 0, "line_done": 0, "counts": {}, "problem": ""}
_UNDONE: dict[str, Any] = {"undo_after": 0, "problem": ""}


def begin_check(made: Import) -> Import:
    """Looks at every row without writing a fact: what would become of it. Only before it has come in."""
    return _begin(made, (Phase.DRAFT, Phase.CHECKED, Phase.CHECKING), Phase.CHECKING, _BEGUN)


def start(made: Import, *, actor: User | None = None) -> Import:
    """Lets the checked file come in. Sent twice it starts once.

    In: who says so, if not the one who chose the file. Raises ``NotYours``, ``BadInput``.
    """
    who = actor or made.actor
    authorise_import(None if who is None else who.as_person)
    begun = {**_BEGUN, "started_at": timezone.now(), **_in_place_of(made.actor, actor)}
    return _begin(made, (Phase.CHECKED,), Phase.WAITING, begun)


def carry_on(made: Import, *, actor: User | None = None) -> Import:
    """Goes on with an import that was stopped or has lost its worker, in the phase in which it was.

    In: who says so; an import of somebody who may not import any more becomes theirs. Raises ``NotYours``.
    """
    if actor is not None:
        authorise_import(actor.as_person)
    with transaction.atomic():
        locked = Import.objects.select_for_update(of=("self",)).select_related("actor", "undone_by").get(pk=made.pk)
        if locked.phase == Phase.FAILED:
            locked.phase, locked.problem = locked.survey.get("stopped_in", Phase.DRAFT.value), ""
        if not locked.unfinished:
            return locked
        if locked.phase == Phase.UNDOING:
            locked.undone_by = _in_place_of(locked.undone_by, actor).get("actor", locked.undone_by)
        else:
            for name, value in _in_place_of(locked.actor, actor).items():
                setattr(locked, name, value)
        return _enqueue(locked)


def stop(made: Import, actor: User) -> Import:
    """Stops it after the step that is being written."""
    authorise_import(actor.as_person)
    return running.stop(made, running.stopped_by(actor.display_name))


def begin_undo(made: Import, *, actor: User | None) -> Import:
    """Takes back what an import brought, where nobody has touched it since. Raises ``NotYours``, ``BadInput``."""
    authorise_import(None if actor is None else actor.as_person)
    return _begin(made, (Phase.DONE, Phase.FAILED), Phase.UNDOING, {**_UNDONE, "undone_by": actor})


def _in_place_of(began: User | None, actor: User | None) -> dict[str, Any]:
    """``actor`` and ``actor_name`` of an import whose importer may not import any more; ``{}`` where they may."""
    if began is None or actor is None or _may_import(began):
        return {}
    return {"actor": actor, "actor_name": actor.display_name}


def _may_import(person: User) -> bool:
    try:
        authorise_import(person.as_person)
    except NotYours:
        return False
    return True


def undo_now(made: Import) -> Import:
    """The same for a command, which waits for it: nobody's worker is needed."""
    made = _begin(made, (Phase.DONE, Phase.FAILED), Phase.UNDOING, {**_UNDONE, "undone_by": None}, hand_over=False)
    return undoing.undo(made)


def _begin(
    made: Import, before: tuple[Phase, ...], phase: Phase, values: dict[str, Any], hand_over: bool = True
) -> Import:
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=made.pk)
        if locked.phase == phase or (phase == Phase.WAITING and locked.phase in (Phase.RUNNING, Phase.DONE)):
            return locked
        if phase == Phase.UNDOING and locked.phase == Phase.UNDONE:
            return locked
        if locked.phase not in before and not (phase == Phase.UNDOING and _abandoned(locked)):
            raise BadInput(gettext("This import is elsewhere by now. Load the page again."))
        check_no_other(locked, phase)
        if phase in (Phase.CHECKING, Phase.WAITING):
            ImportedRow.objects.filter(of=locked).delete()
        for name, value in values.items():
            setattr(locked, name, value)
        locked.phase = phase.value
        return _enqueue(locked, hand_over)


def _abandoned(made: Import) -> bool:
    """Whether a command was at it that ended in the middle: no worker will ever go on with a file of its own."""
    return made.phase == Phase.RUNNING and not made.file and running.is_silent(made, timezone.now())


def check_no_other(made: Import, phase: Phase) -> None:
    """Raises ``BadInput`` while leads of the same system come in and go out at once: half of them would be neither."""
    others = Import.objects.filter(source=made.source).exclude(pk=made.pk)
    others = others.filter(beat_at__gte=timezone.now() - running.LOST_AFTER)
    if phase == Phase.UNDOING and others.filter(phase__in=(Phase.WAITING, Phase.RUNNING)).exists():
        raise BadInput(
            gettext("Another file from “%(source)s” is coming in. Wait until it is done.") % {"source": made.source}
        )
    if phase == Phase.WAITING and others.filter(phase=Phase.UNDOING).exists():
        raise BadInput(
            gettext("An import from “%(source)s” is being taken back. Wait until that is done.")
            % {"source": made.source}
        )


def _enqueue(locked: Import, hand_over: bool = True) -> Import:
    from .tasks import work

    locked.beat_at = timezone.now()
    locked.save()
    if hand_over:
        # After commit, or a quick worker would look for a phase that is not there yet.
        transaction.on_commit(partial(work.enqueue, str(locked.pk)))
    return locked


def revive() -> int:
    """Hands imports whose worker was lost to another one; out: how many."""
    found = running.lost(timezone.now())
    for key in found:
        carry_on(Import(pk=key))
    return len(found)


def work_on(key: UUID) -> Import:
    """What a worker does: the phase in which the import is, to its end."""
    made = Import.objects.select_related("actor", "undone_by").get(pk=key)
    with running.in_language_of(made):
        if made.phase == Phase.CHECKING:
            return checking.check(made)
        if made.phase == Phase.UNDOING:
            return undoing.undo(made)
        if made.phase == Phase.WAITING:
            made = _running(made)
        if made.phase == Phase.RUNNING:
            return running.run(made)
    return made


def give_up(key: UUID) -> None:
    """Stops an import at which a worker broke: it would break there again, every time that it is handed out."""
    made = Import.objects.select_related("actor").filter(pk=key).first()
    if made is not None:
        with running.in_language_of(made):
            sentence = gettext(
                "Something broke on our side, and the fault is written down for whoever runs Hindsight. "
                "What is in stays in; it can be carried on."
            )
            running.stop(made, sentence)


def _running(made: Import) -> Import:
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=made.pk)
        if locked.phase == Phase.WAITING:
            locked.phase, locked.beat_at = Phase.RUNNING.value, timezone.now()
            locked.save()
    return locked
