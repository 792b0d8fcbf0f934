"""How far a worker is with a file: shown by the page, asked for by the page every moment, and what to do when nobody
works."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext, pgettext
from django_htmx.http import HttpResponseClientRedirect

from lifecycle.errors import BadInput

from ... import moments
from ...board.mix import grouped
from ...imports.running import LOST_AFTER
from ...models import Import
from ...models.imports import Phase
from .figures import figures

#: The page asks again after so many milliseconds.
ASK_EVERY = 1500
#: So long a worker may take to pick an import up before the page says that none does.
PICKED_UP_AFTER = timedelta(seconds=30)
#: A speed is told once so many seconds were watched.
_WATCHED = 2.0

_SINCE = re.compile(r"(\d{1,10})-(\d{1,16})-(\d{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Watched:
    """What this page has watched so far: the rows done when it was opened, that instant, the tenth it said last."""

    rows: int
    since: datetime
    said: int = 0

    def query(self, said: int) -> str:
        return f"{self.rows}-{int(self.since.timestamp() * 1000)}-{said}"


@dataclass(frozen=True, slots=True)
class Progress:
    """What the page says of a work in progress. ``total`` is 0 where nobody knows it; ``again`` is the page's address
    that goes on watching, for a link; ``news`` is read out, ``""`` most of the time."""

    title: str
    done: int
    total: int
    words: str
    speed: str
    left: str
    asleep: bool
    lost: bool
    again: str
    news: str

    @property
    def every(self) -> int:
        return ASK_EVERY


def read_watched(request: HttpRequest, imp: Import, now: datetime) -> Watched:
    """What the address says that the page has watched. Raises ``BadInput`` for one that no page of ours has."""
    texts = request.GET.getlist("watched")
    if not texts:
        return Watched(_done(imp), now)
    found = _SINCE.fullmatch(texts[0])
    if found is None or len(texts) > 1 or int(found[2]) > now.timestamp() * 1000 + 1000:
        raise BadInput(gettext("This address is damaged. Open the import from the list."))
    return Watched(int(found[1]), datetime.fromtimestamp(int(found[2]) / 1000, UTC), int(found[3]))


def is_watching(request: HttpRequest) -> bool:
    """Whether a page asks how far it is, and nobody for the page itself."""
    return bool(request.htmx) and "watched" in request.GET  # type: ignore[attr-defined]


def progress_of(imp: Import, watched: Watched, now: datetime, address: str) -> Progress:
    """How far this import is."""
    done, total = _done(imp), _total(imp)
    quiet = now - (imp.beat_at or imp.made_at)
    seconds, rows = (now - watched.since).total_seconds(), done - watched.rows
    speed = rows / seconds if rows > 0 and seconds >= _WATCHED else 0.0
    tenth = 10 * done // total if total else 0
    news = _words(done, total, imp) if tenth > watched.said else ""
    return Progress(
        title=_title(imp),
        done=min(done, total) if total else done,
        total=total,
        words=_words(done, total, imp),
        speed=_speed(speed, imp),
        left=_left((total - done) / speed) if speed and total > done else "",
        asleep=quiet > PICKED_UP_AFTER and not _begun(imp),
        lost=quiet > LOST_AFTER,
        again=f"{address}?{urlencode({'watched': watched.query(max(tenth, watched.said))})}",
        news=news,
    )


def progress_answer(request: HttpRequest, imp: Import, progress: Progress | None, address: str) -> HttpResponse:
    """The answer to a page that asks how far it is; where nobody works any more, the page is to be loaded anew."""
    if progress is None:
        return HttpResponseClientRedirect(address)
    so_far = figures(imp) if imp.phase != Phase.CHECKING else []
    return render(request, "imports/progress_answer.html", {"imp": imp, "progress": progress, "so_far": so_far})


def _begun(imp: Import) -> bool:
    return imp.phase == Phase.RUNNING or (imp.phase != Phase.WAITING and _done(imp) > 0)


def _done(imp: Import) -> int:
    if imp.phase == Phase.UNDOING:
        return int(imp.counts.get("withdrawn", 0)) + int(imp.counts.get("kept", 0))
    return int(imp.rows_done)


def _total(imp: Import) -> int:
    if imp.phase == Phase.UNDOING:
        brought = int(imp.counts.get("created", 0)) + int(imp.counts.get("taken_up", 0))
        return max(brought, _done(imp))
    return max(int(imp.rows or imp.survey.get("rows", 0) or 0), 0)


def _title(imp: Import) -> str:
    return {
        Phase.CHECKING.value: gettext("Every row is being checked"),
        Phase.WAITING.value: gettext("Waiting for a worker to begin"),
        Phase.RUNNING.value: gettext("The leads are coming in"),
        Phase.UNDOING.value: gettext("The import is being taken back"),
    }.get(imp.phase, "")


def _words(done: int, total: int, imp: Import) -> str:
    said = {"done": grouped(done), "total": grouped(total)}
    if imp.phase == Phase.UNDOING:
        return gettext("%(done)s of %(total)s leads") % said if total else gettext("%(done)s leads") % said
    return gettext("%(done)s of %(total)s rows") % said if total else gettext("%(done)s rows") % said


def _speed(speed: float, imp: Import) -> str:
    if speed < 1:
        return ""
    if imp.phase == Phase.UNDOING:
        return pgettext("speed", "%(n)s leads a second") % {"n": grouped(round(speed))}
    return pgettext("speed", "%(n)s rows a second") % {"n": grouped(round(speed))}


def _left(seconds: float) -> str:
    if seconds < 5:
        return gettext("a few seconds left")
    if seconds < moments.MINUTE:
        tens = 10 * (int(seconds) // 10 + 1)
        return ngettext("about %(n)d second left", "about %(n)d seconds left", tens) % {"n": tens}
    return gettext("about %(span)s left") % {"span": moments.span(seconds + 30)}
