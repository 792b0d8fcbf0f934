"""Sentences for those who came second: what somebody else did meanwhile, and which fact stands in the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import dateformat, timezone

from ..errors import BadInput, NothingToCorrect, NothingToVoid, Refused, StaleVersion, TypedTime
from ..events import Kind
from ..intents import Person
from ..models import LeadEvent
from ..speech import gettext, gettext_noop, ngettext, pgettext
from ..states import State

if TYPE_CHECKING:
    from .record import Call, Locked

_MOVED = "moved"
#: What somebody else did meanwhile, to whoever came second.
_MEANWHILE = {
    _MOVED: gettext_noop("%(who)s moved this lead to %(stage)s %(ago)s. Your change was not saved."),
    Kind.MOVE_VOIDED: gettext_noop("%(who)s undid a move, back to %(stage)s, %(ago)s. Your change was not saved."),
    Kind.AGENT_ASSIGNED: gettext_noop("%(who)s handed this lead on %(ago)s. Your change was not saved."),
    Kind.CONTACT_LOGGED: gettext_noop("%(who)s logged a contact %(ago)s. Your change was not saved."),
    Kind.NOTE_ADDED: gettext_noop("%(who)s added a note %(ago)s. Your change was not saved."),
    Kind.FLAG_SET: gettext_noop("%(who)s set a flag %(ago)s. Your change was not saved."),
    Kind.FLAG_CLEARED: gettext_noop("%(who)s cleared a flag %(ago)s. Your change was not saved."),
    Kind.CONTACT_DETAILS_CHANGED: gettext_noop("%(who)s changed the contact data %(ago)s. Your change was not saved."),
    Kind.REASON_CORRECTED: gettext_noop("%(who)s corrected a reason %(ago)s. Your change was not saved."),
    Kind.SLA_BREACHED: gettext_noop("%(who)s noted that the first contact is late %(ago)s. Your change was not saved."),
}
_MEANWHILE_OTHERWISE = gettext_noop("%(who)s changed this lead %(ago)s. Your change was not saved.")

#: Which fact stands in the way of a typed time: those that are tracked.
_IN_THE_WAY = {
    _MOVED: gettext_noop(
        "%(who)s moved this lead to %(stage)s at %(time)s, and this cannot have come before it. Choose a later time."
    ),
    Kind.MOVE_VOIDED: gettext_noop(
        "%(who)s undid a move, back to %(stage)s, at %(time)s, and this cannot have come before it."
        " Choose a later time."
    ),
    Kind.AGENT_ASSIGNED: gettext_noop(
        "%(who)s handed this lead on at %(time)s, and this cannot have come before it. Choose a later time."
    ),
    Kind.FLAG_SET: gettext_noop(
        "%(who)s set a flag at %(time)s, and this cannot have come before it. Choose a later time."
    ),
    Kind.FLAG_CLEARED: gettext_noop(
        "%(who)s cleared a flag at %(time)s, and this cannot have come before it. Choose a later time."
    ),
}


def check(locked: "Locked", call: "Call") -> None:
    """Raises ``StaleVersion`` when the lead has moved on since the caller looked, ``BadInput`` for no real version."""
    expected = call.expected_version
    if expected is None or expected == locked.state.version:
        return
    if expected < 0 or expected > locked.state.version:
        raise BadInput(gettext("This page does not fit the lead. Reload it and try again."), field="version")
    since = LeadEvent.objects.filter(lead_id=locked.lead_id, version__gt=expected).order_by("-version")
    newest = since.exclude(to_status="").first() or since.first()
    assert newest is not None
    raise StaleVersion(
        meanwhile(newest, call.now or timezone.now()),
        event=newest.pk,
        who=_who(newest),
        when=newest.recorded_at,
        from_status=newest.from_status,
        to_status=newest.to_status,
        kind=newest.kind,
        version=locked.state.version,
    )


def meanwhile(event: LeadEvent, now: datetime) -> str:
    """The sentence for those who came second: who did what, and how long ago. In: the fact that came first."""
    said = {"who": _who(event), "stage": _stage(event), "ago": _ago(event.recorded_at, now)}
    return gettext(_MEANWHILE.get(_deed(event), _MEANWHILE_OTHERWISE)) % said


def _who(event: LeadEvent) -> str:
    return event.actor_name if event.actor_id is not None else "Scribe"


def _deed(event: LeadEvent) -> str:
    return _MOVED if event.to_status and event.kind != Kind.MOVE_VOIDED else event.kind


def _stage(event: LeadEvent) -> str:
    return State(event.to_status).label if event.to_status else ""


def _ago(then: datetime, now: datetime) -> str:
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < 2:
        return gettext("just now")
    if seconds < 60:
        return ngettext("%(n)d second ago", "%(n)d seconds ago", seconds) % {"n": seconds}
    if seconds < 3600:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", seconds // 60) % {"n": seconds // 60}
    if seconds < 86400:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", seconds // 3600) % {"n": seconds // 3600}
    return ngettext("%(n)d day ago", "%(n)d days ago", seconds // 86400) % {"n": seconds // 86400}


@contextmanager
def naming_the_blocker(lead_id: int, person: Person | None) -> Iterator[None]:
    """Lets a refused time, void or correction say which fact stands in its way, in the zone of whoever asked."""
    try:
        yield
    except (NothingToVoid, NothingToCorrect, StaleVersion) as refusal:
        raise _named(refusal, person) from None
    except TypedTime as refusal:
        if refusal.details.get("blocked_by_tracked"):
            raise TypedTime(_blocked(lead_id), field="occurred_at") from None
        if born := refusal.details.get("created_at"):
            sentence = gettext("This lead has existed here since %(time)s. Choose a later time.")
            raise TypedTime(sentence % {"time": _exact(born)}, field="occurred_at") from None
        raise


def _named(refusal: Refused, person: Person | None) -> Refused:
    """The same refusal with the sentence that names the fact, where it speaks of one."""
    about = refusal.details
    sentence, fact = "", None
    if newer := about.get("newer"):
        sentence = gettext_noop(
            "%(who)s moved %(name)s to %(stage)s at %(time)s. Only the newest move can be undone;"
            " if that one is right, this one stays too."
        )
        fact = LeadEvent.objects.select_related("lead").get(pk=newer)
    elif undone := about.get("undone"):
        fact = _newest_about(undone, Kind.MOVE_VOIDED)
        sentence = gettext_noop("%(who)s undid this move already, at %(time)s.")
        if isinstance(refusal, NothingToCorrect):
            sentence = gettext_noop("%(who)s undid this move at %(time)s; it counts for nothing, its reason neither.")
        elif fact is not None and person is not None and fact.actor_id == person.id:
            sentence = gettext_noop("You undid this move already, at %(time)s.")
    elif corrected := about.get("corrected"):
        sentence = gettext_noop("%(who)s corrected this reason at %(time)s. Yours was not saved.")
        fact = _newest_about(corrected, Kind.REASON_CORRECTED)
    if fact is None:
        return refusal
    said = gettext(sentence) % {
        "who": _who(fact),
        "name": fact.lead.name,
        "stage": _stage(fact),
        "time": _exact(fact.recorded_at),
    }
    return type(refusal)(said, field=refusal.field, **about)


def _newest_about(target: int, kind: Kind) -> LeadEvent | None:
    about = LeadEvent.objects.select_related("lead").filter(target_id=target, kind=kind.value)
    return about.order_by("-version").first()


def _blocked(lead_id: int) -> str:
    tracked = ~Q(to_status="") | Q(kind__in=[Kind.AGENT_ASSIGNED.value, Kind.FLAG_SET.value, Kind.FLAG_CLEARED.value])
    newest = LeadEvent.objects.filter(tracked, lead_id=lead_id).order_by("-version").first()
    assert newest is not None
    return gettext(_IN_THE_WAY[_deed(newest)]) % {
        "who": _who(newest),
        "stage": _stage(newest),
        "time": _exact(newest.occurred_at),
    }


def _exact(moment: datetime) -> str:
    """The moment as pages write it: ``17 Nov 2026, 2:05 pm PST``."""
    local = timezone.localtime(moment)
    half = pgettext("time", "%s am") if local.hour < 12 else pgettext("time", "%s pm")
    said = pgettext("date and time", "%(day)d %(month)s %(year)d, %(time)s") % {
        "day": local.day,
        "month": dateformat.format(local, "M"),
        "year": local.year,
        "time": half % f"{local.hour % 12 or 12}:{local:%M}",
    }
    return f"{said} {dateformat.format(local, 'T')}"
