"""The page of one bulk action: what came of it, how far it is, and the way back."""

from time import monotonic
from typing import Any, cast
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from lifecycle.authority import words_shown
from lifecycle.errors import BadInput, InputMissing, Refused
from lifecycle.events import Kind
from lifecycle.models import Batch
from lifecycle.service import bulk

from .. import moments
from ..bulk.choice import written_ids
from ..bulk.handback import REASON, read_hand_back
from ..bulk.leaving import emptied
from ..bulk.results import get_batch_or_404, moment_of, moved_words, read_results, reason_words, summary
from ..forms.bulk import ONE, POOL, SHARE
from ..lead_page import Desk, desk_for
from ..models import User

#: So long one request works on a batch, in seconds; then the page tells how far it is and asks for more.
PATIENCE = 4.0


def read_key(request: HttpRequest) -> UUID:
    """The uuid of the form: the key under which it is done once. Raises ``BadInput``."""
    try:
        return UUID(request.POST.get("uuid", ""))
    except ValueError:
        raise BadInput(gettext("This form is damaged. Load it again."), field="uuid") from None


def work_on(batch: Batch, actor: User) -> Batch:
    """Carries a batch on, at least one step, for as long as one request may take."""
    until = monotonic() + PATIENCE
    while batch.finished_at is None:
        batch = bulk.carry_on(uuid=batch.uuid, actor=actor)
        if monotonic() > until:
            break
    return batch


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reassign_batch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What came of it; on POST the next leads of a batch that is not finished, or the whole batch handed back."""
    viewer = cast(User, request.user)
    batch = get_batch_or_404(viewer, uuid)
    if request.method != "POST":
        return _show(request, batch)
    try:
        if request.POST.get("step") == "back":
            return _hand_back(request, batch)
        batch = work_on(batch, viewer)
    except Refused as refused:
        return _show(request, batch, refused)
    if not request.htmx:  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("reassign-batch", args=[uuid]))
    if batch.finished_at is not None:
        return HttpResponseClientRedirect(reverse("reassign-batch", args=[uuid]))
    return render(request, "reassign/progress_partial.html", _progress(batch))


def _hand_back(request: HttpRequest, batch: Batch) -> HttpResponse:
    viewer, key = cast(User, request.user), read_key(request)
    known = Batch.objects.filter(pk=key, actor=viewer, hands_back=batch).first()
    if known is None and batch.finished_at is None:
        raise InputMissing(gettext("This action is not finished. Let it finish first, then hand it back."))
    if known is None:  # Sent twice, it is what it was.
        to_pool = request.POST.get("gone") == POOL
        wishes = read_hand_back(batch, viewer).wishes(to_pool=to_pool)
        if not wishes:
            raise InputMissing(gettext("None of these leads can go back any more."))
        known = bulk.begin(uuid=key, actor=viewer, wishes=wishes, reason=REASON, hands_back=batch)
    work_on(known, viewer)
    return HttpResponseRedirect(reverse("reassign-batch", args=[known.uuid]))


def _progress(batch: Batch) -> dict[str, Any]:
    return {"batch": batch, "title": moved_words(batch)}


def _show(request: HttpRequest, batch: Batch, refused: Refused | None = None) -> HttpResponse:
    desk = desk_for(cast(User, request.user))
    results = read_results(batch, desk)
    moment = moment_of(batch)
    own = batch.actor_id == desk.viewer.pk
    context = {
        **_progress(batch),
        "results": results,
        "summary": summary(batch, batch.outcomes.values()),
        "reason": reason_words(batch, desk),
        "note": bulk.said_with(batch) if _may_read(batch, desk) else "",
        "exact": moments.exact(moment, desk.zone),
        "ago": moments.ago(moment, desk.now),
        "iso": moment.isoformat(),
        "is_mine": own,
        "again": _again(batch, desk, results.again, results.takers),
        "hands_back": _named(batch.hands_back, desk) if batch.hands_back else "",
        "handed_back": list(batch.handed_back.defer("plan", "outcomes", "facts").order_by("started_at")),
        "refusal": refused.sentence if refused else "",
        "to_deactivate": emptied(batch, desk.viewer),
        **_way_back(batch, desk),
    }
    return render(request, "reassign/batch.html", context, status=refused.status if refused else 200)


def _may_read(batch: Batch, desk: Desk) -> bool:
    """Whether reason and note are for this viewer, who may have been a broker when it was done."""
    return words_shown([batch.reason], Kind.AGENT_ASSIGNED, desk.viewer.is_broker)


def _named(batch: Batch, desk: Desk) -> str:
    """A bulk action as a link to it reads: ``Workload balance, 4:48 pm``."""
    moment = moment_of(batch)
    time = moments.time_of_day(moment, desk.zone)
    if moment.astimezone(desk.zone).date() != desk.now.astimezone(desk.zone).date():
        day = moments.day(moment, desk.zone, desk.now)
        time = pgettext("day and time", "%(day)s, %(time)s") % {"day": day, "time": time}
    return ", ".join(part for part in (reason_words(batch, desk), time) if part)


def _way_back(batch: Batch, desk: Desk) -> dict[str, Any]:
    if batch.finished_at is None or not batch.moved:
        return {}
    return {"back": read_hand_back(batch, desk.viewer), "uuid": uuid4()}


def _again(batch: Batch, desk: Desk, leads: list[int], takers: list[int | None]) -> list[tuple[str, str]]:
    """The fields with which the refused leads begin once more; nothing where none of them is this person's."""
    if not leads:
        return []
    people = [str(u.pk) for u in desk.colleagues if u.pk in takers]
    to = POOL if takers == [None] else ONE if len(people) == 1 else SHARE if people else ONE
    fields = [("leads", written_ids(leads)), ("to", to)]
    if _may_read(batch, desk):
        fields.append(("reason", batch.reason))
    if to == ONE:
        fields += [("taker", pk) for pk in people]
    return [*fields, *(("takers", pk) for pk in people if to == SHARE)]
