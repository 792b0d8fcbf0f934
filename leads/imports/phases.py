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


def start(made: Import) -> Import:
    """Lets the checked file come in. Sent twice it starts once."""
    return _begin(made, (Phase.CHECKED,), Phase.WAITING, {**_BEGUN, "started_at": timezone.now()})


def carry_on(made: Import, *, actor: User | None = None) -> Import:
    """Goes on with an import that was stopped or has lost its worker, in the phase in which it was.

    In: who says so (None: nobody, it goes by itself). Where the person who began it may not bring leads in any more,
    what is still to come is theirs.
    """
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=made.pk)
        if actor is not None:
            authorise_import(actor.as_person)
        if locked.phase == Phase.FAILED:
            locked.phase, locked.problem = locked.survey.get("stopped_in", Phase.DRAFT.value), ""
        if not locked.unfinished:
            return locked
        if actor is not None and not _may_go_on(locked):
            _hand_to(locked, actor)
        return _enqueue(locked)


def _behind(made: Import) -> User | None:
    """In whose name it writes now."""
    behind: User | None = made.undone_by if made.phase == Phase.UNDOING else made.actor
    return behind


def _may_go_on(made: Import) -> bool:
    behind = _behind(made)
    try:
        authorise_import(None if behind is None else behind.as_person)
    except NotYours:
        return False
    return True


def _hand_to(made: Import, actor: User) -> None:
    if made.phase == Phase.UNDOING:
        made.undone_by = actor
    else:
        made.actor, made.actor_name = actor, actor.display_name


def stop(made: Import, actor: User) -> Import:
    """Stops it after the step that is being written."""
    authorise_import(actor.as_person)
    return running.stop(made, running.stopped_by(actor.display_name))


def begin_undo(made: Import, *, actor: User | None) -> Import:
    """Takes back what an import brought, where nobody has touched it since. Raises ``NotYours``, ``BadInput``."""
    authorise_import(None if actor is None else actor.as_person)
    return _begin(made, (Phase.DONE, Phase.FAILED), Phase.UNDOING, {**_UNDONE, "undone_by": actor})


def undo_now(made: Import) -> Import:
    """The same for a command, which waits for it: nobody's worker is needed."""
    made = _begin(made, (Phase.DONE, Phase.FAILED), Phase.UNDOING, _UNDONE, hand_over=False)
    return undoing.undo(made)


def _begin(
    made: Import, before: tuple[Phase, ...], phase: Phase, values: dict[str, Any], hand_over: bool = True
) -> Import:
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=made.pk)
        if locked.phase == phase or (phase == Phase.WAITING and locked.phase in (Phase.RUNNING, Phase.DONE)):
            return locked
        if locked.phase not in before:
            raise BadInput(gettext("This import is elsewhere by now. Load the page again."))
        if phase in (Phase.CHECKING, Phase.WAITING):
            ImportedRow.objects.filter(of=locked).delete()
        for name, value in values.items():
            setattr(locked, name, value)
        locked.phase = phase.value
        return _enqueue(locked, hand_over)


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
        try:
            return _in_its_phase(made)
        except NotYours:
            # Whoever began it was deactivated or became an agent while it was on its way.
            behind = _behind(Import.objects.select_related("actor", "undone_by").get(pk=key))
            return running.stop(made, running.without_right("" if behind is None else behind.display_name))


def _in_its_phase(made: Import) -> Import:
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
            running.stop(made, running.broke())


def _running(made: Import) -> Import:
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=made.pk)
        if locked.phase == Phase.WAITING:
            locked.phase, locked.beat_at = Phase.RUNNING.value, timezone.now()
            locked.save()
    return locked
