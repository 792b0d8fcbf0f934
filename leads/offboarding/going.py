"""The way out, step by step: plan the hand-over, do it in steps that can be carried on, then close the account.

What was planned goes by a bulk action, a few hundred leads a transaction. The last step is one transaction in which
nobody else writes: whatever came to the person meanwhile goes the same way, and the account is closed. So it ends
closed without an open lead, however many give leads to the person at the same moment; and wherever it breaks off, it
is carried on from there.
"""

from collections.abc import Sequence
from datetime import datetime
from time import monotonic
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from lifecycle.errors import BadInput, NotYours, UuidReused
from lifecycle.service import bulk
from lifecycle.service.accounts import hold_writers_off
from lifecycle.service.bulk import Wish

from ..bulk.leaving import DEPARTED
from ..bulk.preview import preview
from ..models import Departure, User
from .closing import close_account
from .holdings import open_leads
from .rights import hindrance


def begin(
    *,
    uuid: UUID,
    person: User,
    actor: User,
    takers: Sequence[User | None],
    note: str = "",
    now: datetime | None = None,
) -> Departure:
    """The departure of this uuid, with nothing done yet; sent again, the one that was begun.

    In: who goes, who says so, who takes the open leads in turn (None: the pool). Raises a ``Refused``.
    """
    known = Departure.objects.filter(pk=uuid).first()
    if known is None:
        _check(actor, person, takers)
        try:
            with transaction.atomic():
                return _begun(uuid, person, actor, takers, note, now)
        except IntegrityError:
            # The same form committed between our look and our insert.
            known = Departure.objects.get(pk=uuid)
    if (known.person_id, known.actor_id) != (person.pk, actor.pk):
        raise UuidReused(gettext("This form was already used for something else. Reload the page and try again."))
    return known


def _check(actor: User, person: User, takers: Sequence[User | None]) -> None:
    if not (actor.is_active and actor.is_broker):
        raise NotYours(gettext("Letting somebody go is for brokers and admins."))
    if why := hindrance(actor, person):
        raise NotYours(why)
    if not person.is_active:
        raise BadInput(gettext("%(name)s has left the office already.") % {"name": person.display_name})
    if not takers or any(t is not None and (t.pk == person.pk or not t.is_active) for t in takers):
        raise BadInput(gettext("Choose who takes these leads."), field="to")


def _begun(
    uuid: UUID, person: User, actor: User, takers: Sequence[User | None], note: str, now: datetime | None
) -> Departure:
    plan = _plan(person, takers)
    batch = bulk.begin(uuid=uuid, actor=actor, wishes=plan, reason=DEPARTED, note=note, now=now) if plan else None
    return Departure.objects.create(
        uuid=uuid,
        person=person,
        actor=actor,
        actor_name=actor.display_name,
        takers=[None if t is None else t.pk for t in takers],
        batch=batch,
        began_at=now or timezone.now(),
    )


def _plan(person: User, takers: Sequence[User | None]) -> list[Wish]:
    # One more than fit: then the bulk action says so.
    return preview(list(open_leads(person)[: bulk.MOST + 1]), takers).plan


def carry_on(departure: Departure, actor: User, *, patience: float = 4.0, now: datetime | None = None) -> Departure:
    """Goes on for about so many seconds, at least one step; with the last lead the account is closed.

    Nobody but its author carries a departure on. Raises a ``Refused``; what is done stays done.
    """
    if departure.actor_id != actor.pk:
        raise NotYours(gettext("Only its author can carry this action on."))
    until = monotonic() + patience
    while departure.batch is not None and departure.batch.finished_at is None:
        departure.batch = bulk.carry_on(uuid=departure.batch.pk, actor=actor, now=now)
        if departure.batch.finished_at is None and monotonic() > until:
            return departure
    return _finish(departure, actor, now)


def _finish(departure: Departure, actor: User, now: datetime | None) -> Departure:
    with transaction.atomic():
        hold_writers_off()
        locked = Departure.objects.select_for_update(of=("self",)).select_related("batch").get(pk=departure.pk)
        if locked.done_at is not None:
            return locked
        person = User.objects.select_for_update().get(pk=locked.person_id)
        # Rights are those of this moment: a broker may have become an agent since it was begun.
        actor.refresh_from_db(fields=["role", "is_active", "is_superuser"])
        if not actor.is_active or not actor.is_broker or hindrance(actor, person):
            raise NotYours(hindrance(actor, person) or gettext("Letting somebody go is for brokers and admins."))
        late = _plan(person, _takers(locked))
        if late:
            _take_along(locked, actor, late, now)
        locked.came_late += len(late)
        locked.sessions = close_account(person)
        locked.done_at = now or timezone.now()
        locked.save()
    return locked


def _take_along(locked: Departure, actor: User, late: list[Wish], now: datetime | None) -> None:
    """What came after the plan was made goes with it; where nothing was planned, it is the plan."""
    if locked.batch is not None:
        bulk.take_along(uuid=locked.batch.pk, actor=actor, wishes=late, now=now)
        return
    locked.batch = bulk.begin(uuid=locked.pk, actor=actor, wishes=late, reason=DEPARTED, now=now)
    while locked.batch.finished_at is None:
        locked.batch = bulk.carry_on(uuid=locked.pk, actor=actor, now=now)


def _takers(departure: Departure) -> list[User | None]:
    """Those who can still take leads, in the order of their turn; the pool takes what nobody else can."""
    people = User.objects.filter(is_active=True).in_bulk([pk for pk in departure.takers if pk is not None])
    found = [people[pk] for pk in departure.takers if pk in people and pk != departure.person_id]
    return [*found] or [None]
