"""The step about dates: in which way they are written and by which clock, with what the file makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from lifecycle.models import OfficeSettings
from lifecycle.models.office import zone_names
from lifecycle.states import State

from ... import moments
from ...forms.me import offered_zones
from ...imports.checked import check, rows_fit
from ...imports.dates import FORMATS, shown
from ...imports.dates_seen import Column, Doubt, Seen, date_columns, in_order, look
from ...imports.guess import guess_date_formats
from ...imports.mapping import REACHED
from ...imports.reading import BadFile, records
from .role_words import role_words
from .wizard import Wizard, step_page

#: So many examples of a column are shown.
EXAMPLES = 3
Refusals = list[tuple[str, str]]


@step_page("dates")
def dates(request: HttpRequest, wizard: Wizard) -> HttpResponse:
    """What the dates of the file are as they are read; on POST looked at in another way, or kept."""
    formats, zone = _standing(wizard)
    if request.method != "POST":
        return _show(wizard, formats, zone)
    if not wizard.still_fits:
        return _show(wizard, formats, zone, refused=[(wizard.moved_on(), "")], status=409)
    chosen, typed, refused = _posted(request, wizard)
    if refused:
        return _show(wizard, chosen, typed or zone, refused=refused, status=422)
    if request.POST.get("step") == "look":
        return _show(wizard, chosen, typed)
    try:
        ways = _seen(wizard, chosen, typed).ways
    except BadFile as problem:
        return _show(wizard, chosen, typed, refused=[(problem.sentence, "")], status=422)
    wizard.keep(lambda mapping: replace(mapping, date_formats=tuple(in_order(chosen, ways)), zone=typed))
    if not rows_fit(wizard.imp):
        check(wizard.imp)
    return wizard.go_on()


def settle(wizard: Wizard) -> str:
    """Keeps how the dates seem to be written; out: what a person has to look at, ``""`` when it is kept."""
    formats, zone = _standing(wizard)
    try:
        seen = _seen(wizard, formats, zone) if date_columns(wizard.mapping) else None
    except BadFile as problem:
        return problem.sentence
    doubt = _doubt(seen.doubt, ZoneInfo(zone), formats) if seen else None
    if doubt and (doubt["both"] or not doubt["proof"]):
        return gettext("Day first or month first? “%(date)s” may mean two days.") % {"date": doubt["text"]}
    strange = next((column for column in seen.columns if column.unreadable), None) if seen else None
    if strange is not None:
        said = {"column": strange.label, "date": strange.strange[0]}
        return gettext("“%(column)s” holds what cannot be read as a date, such as “%(date)s”.") % said
    ways = seen.ways if seen else {}
    wizard.keep(lambda mapping: replace(mapping, date_formats=tuple(in_order(formats, ways)), zone=zone))
    return ""


def _standing(wizard: Wizard) -> tuple[tuple[str, ...], str]:
    """Ways and zone as they are kept, or guessed as long as nobody has said anything."""
    mapping = wizard.mapping
    formats, zone = mapping.date_formats, mapping.zone or OfficeSettings.load().time_zone
    if not formats and not wizard.is_confirmed:
        # Where nothing in the file tells, the order of the office's part of the world.
        month_first = zone.startswith(("America/", "US/", "Pacific/Honolulu"))
        formats = guess_date_formats(wizard.survey.get("dates", {}), month_first=month_first).formats
    return formats, zone


def _posted(request: HttpRequest, wizard: Wizard) -> tuple[tuple[str, ...], str, Refusals]:
    refused: Refusals = []
    given = request.POST.getlist("format")
    chosen = tuple(way for way in FORMATS if way in given)
    if len(chosen) < len(set(given)):
        refused.append((gettext("That is not a way to write dates that is known here."), "ways"))
    if not chosen and date_columns(wizard.mapping):
        refused.append((gettext("Tick at least one way in which the dates are written."), "ways"))
    zone = request.POST.get("zone", "").strip()
    if zone not in zone_names():
        refused.append((gettext("Not a time zone. Use a name such as America/Los_Angeles."), "zone"))
        zone = ""
    return chosen, zone, refused


def _seen(wizard: Wizard, formats: Sequence[str], zone: str) -> Seen:
    mapping = replace(wizard.mapping, date_formats=tuple(formats), zone=zone)
    rows = records(wizard.path, wizard.shape)
    return look(rows, wizard.header, mapping, zone=ZoneInfo(zone), now=timezone.now())


def _show(
    wizard: Wizard, formats: Sequence[str], zone: str, *, refused: Refusals | None = None, status: int = 200
) -> HttpResponse:
    has_dates, seen = bool(date_columns(wizard.mapping)), None
    try:
        seen = _seen(wizard, formats, zone) if has_dates else None
    except BadFile as problem:
        refused = [*(refused or []), (problem.sentence, "")]
    context: dict[str, Any] = {
        "has_dates": has_dates,
        "zone": zone,
        "zones": offered_zones(),
        "zone_guessed": not wizard.mapping.zone and wizard.request.method != "POST",
        "refused": refused or [],
    }
    if seen is not None:
        context |= {
            "seen": seen,
            "columns": [_line(column, ZoneInfo(zone)) for column in seen.columns],
            "ways": [Way(way, n, way in formats) for way, n in _offered(seen, formats)],
            "other_ways": [(way, shown(way)) for way in FORMATS if way not in seen.ways and way not in formats],
            "doubt": _doubt(seen.doubt, ZoneInfo(zone), formats),
        }
    return wizard.show("imports/dates.html", context, status=status)


def _offered(seen: Seen, formats: Sequence[str]) -> list[tuple[str, int]]:
    offered = {**dict.fromkeys(formats, 0), **seen.ways}
    return sorted(offered.items(), key=lambda pair: (pair[0] not in formats, -pair[1], FORMATS.index(pair[0])))


# ---- words


@dataclass(frozen=True, slots=True)
class Way:
    """One way to write dates: its name, how many of the tried dates it reads, whether it is ticked."""

    name: str
    reads: int
    on: bool

    @property
    def words(self) -> str:
        return shown(self.name)


@dataclass(frozen=True, slots=True)
class Line:
    """One column as the page has it; examples as (in the file, what it means)."""

    column: Column
    meaning: str
    examples: list[tuple[str, str]]
    earliest: str
    latest: str


def meaning_of(role: str) -> str:
    """What a column of dates says of a lead."""
    if role in REACHED:
        return gettext("When it became %(stage)s") % {"stage": State(REACHED[role]).label}
    return role_words(role)


def _line(column: Column, zone: ZoneInfo) -> Line:
    return Line(
        column,
        meaning_of(column.role),
        [(text, said(moment, zone)) for text, moment in column.examples[:EXAMPLES]],
        _day(column.earliest, zone),
        _day(column.latest, zone),
    )


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else moments.full_day(moment.astimezone(zone).date())


def said(moment: datetime, zone: ZoneInfo) -> str:
    """``Sat 1 Oct 2011, 00:38 Amsterdam time (30 Sep, 22:38 UTC)``: by the clock of the file, and by the world's."""
    local, world = moment.astimezone(zone), moment.astimezone(UTC)
    time = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    utc = f"{world:%H:%M}"
    if world.date() != local.date():
        day = moments.calendar_day(world.date(), local.date())
        utc = pgettext("day and time", "%(day)s, %(time)s") % {"day": day, "time": utc}
    said = {"day": moments.full_day(local.date()), "time": time, "utc": utc}
    if zone.key == "UTC":
        return pgettext("date of a file", "%(day)s, %(time)s UTC") % said
    said["place"] = zone.key.rpartition("/")[2].replace("_", " ")
    return pgettext("date of a file", "%(day)s, %(time)s %(place)s time (%(utc)s UTC)") % said


def _doubt(doubt: Doubt | None, zone: ZoneInfo, formats: Sequence[str]) -> dict[str, Any] | None:
    if doubt is None:
        return None
    both = {other[:5] for other in formats} >= {"dd/mm", "mm/dd"} or {way[:5] for way in formats} >= {"dd-mm", "mm-dd"}
    return {
        "text": doubt.text,
        "day_first": _day(doubt.day_first, zone),
        "month_first": _day(doubt.month_first, zone),
        "proof": doubt.proof,
        "both": both,
        "is_day_first": next((way.startswith("dd") for way in formats if way[:2] in ("dd", "mm")), True),
    }
