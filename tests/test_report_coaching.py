"""What one agent closed, won back, got and gave away, and the story of each deal: equal to a plain walk of the log."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.http import QueryDict

from leads.lead_page.desk import Desk
from leads.models import Lead, User
from leads.reports.coaching.asking import Asking, read_asking
from leads.reports.coaching.counted import read_counted
from leads.reports.coaching.load import read_load
from leads.reports.coaching.paths import paths_of
from lifecycle import service
from lifecycle.models import LeadEvent, OfficeSettings, ReasonCode
from lifecycle.reports.fallen import fallen
from lifecycle.reports.first_response import first_response
from lifecycle.reports.one_agent import deeds, first_held, handed
from lifecycle.reports.scope import Credit, Scope, Whose
from lifecycle.states import State
from lifecycle.transitions import legal_targets
from tests.deal_stories import DealOffice
from tests.factories import ana, ben, bruna, needs
from tests.past_stories import Office
from tests.plain_collapses import FROM, stories

OFFICE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2027, 6, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def scopes(office: Office) -> Iterator[Scope]:
    """Ana's and Ben's figures: all of them, of a window, and as known at two instants."""
    marks = sorted(LeadEvent.objects.values_list("recorded_at", flat=True))
    times = sorted(LeadEvent.objects.values_list("occurred_at", flat=True))
    for person in (ana(), ben()):
        for known_at in [None, *office.chance.sample(marks, 2)]:
            scope = Scope(zone=OFFICE, now=NOW, known_at=known_at, whose=person.pk)
            since, until = sorted(office.chance.sample(times, 2))
            yield scope
            yield replace(scope, since=since, until=until)


def inside(scope: Scope, fact: LeadEvent) -> bool:
    since, until = scope.since or datetime.min.replace(tzinfo=UTC), scope.until or datetime.max.replace(tzinfo=UTC)
    return since <= fact.occurred_at < until


def plain_deeds(scope: Scope) -> tuple[set[int], set[int]]:
    """Closings, and leads that qualified right after they came out of the archive."""
    closed, won_back = set(), set()
    for story in stories(scope):
        for n, move in enumerate(story.moves):
            if story.holder(move.version) != scope.whose or not inside(scope, move):
                continue
            if move.to_status == "CLOSED":
                closed.add(move.id)
            before = story.moves[n - 1] if n else None
            if move.kind == "motivation_confirmed" and before and before.kind == "lead_re_engaged":
                won_back.add(move.id)
    return closed, won_back


def plain_handed(scope: Scope) -> set[tuple[int, bool, str]]:
    found = set()
    for story in stories(scope):
        for fact in story.rows:
            was, to = story.holder(fact.version), fact.to_agent_id
            if fact.kind == "agent_assigned" and inside(scope, fact) and was != to and scope.whose in (was, to):
                found.add((fact.id, to == scope.whose, story.mended.get(fact.id, fact.reason)))
    return found


class BusyOffice(DealOffice):
    """Few people and few leads, which come to every end and back from the archive."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.people = [ana(), ben(), ana(), ben(), None]

    def live(self, acts: int) -> None:
        for _ in range(4):
            super().live(acts // 4)

    def _move(self) -> None:
        lead = self._lead()
        legal = [to for to in sorted(legal_targets(lead.status)) if to != State.TRASHED]
        if not legal or lead.status == State.NEW:
            return self._call(lead)
        to = self.chance.choice(legal)
        said = dict(needs(lead.status, to, self.now))
        service.move_lead(lead_id=lead.pk, to=to, occurred_at=self._earlier(), **said, **self._common)


@pytest.mark.parametrize("seed", range(3))
def test_what_an_agent_did_and_got_is_what_a_plain_walk_of_the_log_finds(seed: int) -> None:
    seen = set()
    with transaction.atomic():
        office = BusyOffice(seed)
        office.live(200)
        for scope in scopes(office):
            found, plain = deeds(scope), plain_deeds(scope)
            assert (set(found.closed), set(found.won_back)) == plain, scope
            seen |= {("closed", bool(plain[0])), ("won back", bool(plain[1]))}
            assert {(one.fact, one.got, one.reason) for one in handed(scope)} == plain_handed(scope), scope
            got = [r.occurred_at for s in stories(scope) for r in s.rows if r.to_agent_id == scope.whose]
            assert first_held(scope) == min(got, default=None), scope
            own = {(c.lead, c.fact) for c in first_response(scope).clocks}
            of_all = first_response(replace(scope, whose=Whose.EVERYBODY)).clocks
            assert own == {(c.lead, c.fact) for c in of_all if c.holder == scope.whose}, scope
    assert ("closed", True) in seen and ("won back", True) in seen, "The office has too little to tell."


@pytest.mark.parametrize("seed", range(2))
def test_the_path_around_each_deal_is_that_of_the_figures_and_of_a_plain_walk(seed: int) -> None:
    with transaction.atomic():
        office = DealOffice(seed)
        office.people = [ana(), ben(), None]
        office.live(200)
        signed_by_others = 0
        for scope in scopes(office):
            fell = fallen(scope, 60)
            paths = paths_of(fell, scope)
            signer = {f.id: f.credit[0][0] for f in fallen(_of_signers(scope), 60)}
            assert {f.id: (p.again is not None, p.signed_with) for f, p in zip(fell, paths.values(), strict=True)} == {
                f.id: (f.recovered, signer[f.id]) for f in fell
            }
            signed_by_others += sum(path.signed_with != scope.whose for path in paths.values())
            for story in stories(scope):
                for fall in (f for f in fell if f.lead_id == story.rows[0].lead_id):
                    path, last = paths[fall.id], story.moves[-1]
                    assert (path.status, path.since) == (last.to_status, last.occurred_at)
                    assert path.held_now == story.holder(10**9)
        assert signed_by_others > 3, "Nobody else signed what fell."


def _of_signers(scope: Scope) -> Scope:
    return replace(scope, whose=Whose.EVERYBODY, credit=Credit.COMMITTED_HOLDER)


def asking(person: User, now: datetime, query: str = "", viewer: User | None = None) -> Asking:
    office, reasons = OfficeSettings.load(), ReasonCode.book()
    desk = Desk(viewer=viewer or bruna(), now=now, zone=OFFICE, office=office, reasons=reasons, colleagues=[])
    return read_asking(QueryDict(query), person, desk)


@pytest.mark.parametrize("seed", range(2))
def test_both_sides_of_the_figures_are_a_plain_count_of_own_and_of_all_others(seed: int) -> None:
    with transaction.atomic():
        office = DealOffice(seed)
        office.live(120)
        counted = read_counted(asking(ana(), office.now, "all=1"))
        assert counted.team is not None and counted.before is None
        ever = Scope(zone=OFFICE, now=office.now)
        falls: list[tuple[int, int | None]] = []
        entries: list[tuple[str, int | None]] = []
        for story in stories(ever):
            falls += [(m.id, story.holder(m.version)) for m in story.moves if m.kind in FROM]
            ins = {stage: kind for kind, stage in FROM.items()}
            entries += [(ins[m.to_status], story.holder(m.version)) for m in story.moves if m.to_status in ins]
        own, nobody = ana().pk, (None, ana().pk)
        assert {f.id for f in counted.now.fell} == {fact for fact, who in falls if who == own}
        assert {f.id for f in counted.team.fell} == {fact for fact, who in falls if who not in nobody}
        for kind in FROM:
            assert counted.now.entries[kind] == sum(k == kind and who == own for k, who in entries)
            assert counted.team.entries[kind] == sum(k == kind and who not in nobody for k, who in entries)
        assert counted.now.fell and counted.team.fell


def load_of(question: Asking) -> list[Any]:
    """What the page says of the work, without the addresses."""
    load = read_load(question)
    stages = [(s.name, s.held.text, s.stale.text, s.oldest.text) for s in load.stages]
    return [stages, load.held.text, load.stale.text, load.new, load.waiting, load.aside]


@pytest.mark.parametrize("seed", range(2))
def test_the_work_of_a_past_day_is_what_the_page_said_on_that_day(seed: int) -> None:
    with transaction.atomic():
        office = Office(seed)
        office.live(120)
        then = office.now
        told = [load_of(asking(person, then)) for person in (ana(), ben())]
        office.live(120)
        known = f"known_at={then.isoformat().replace('+', '%2B')}"
        assert [load_of(asking(person, office.now, known)) for person in (ana(), ben())] == told
        assert told != [load_of(asking(person, office.now)) for person in (ana(), ben())]


@pytest.mark.parametrize("seed", range(2))
def test_the_work_of_today_is_a_plain_count_of_the_leads(seed: int) -> None:
    with transaction.atomic():
        office = Office(seed)
        office.live(200)
        settings = OfficeSettings.load()
        for person in (ana(), ben()):
            load = read_load(asking(person, office.now))
            mine = [lead for lead in Lead.objects.all() if lead.agent_id == person.pk]
            working = [lead for lead in mine if lead.status not in ("CLOSED", "ARCHIVED", "TRASHED")]
            limit = {lead.pk: settings.stale_days(lead.status) for lead in working}
            age = {lead.pk: (office.now - at).days for lead in working if (at := lead.stage_entered_at)}
            stale = [lead for lead in working if (days := limit[lead.pk]) is not None and age[lead.pk] >= days]
            assert (load.held.text, load.stale.text) == (str(len(working)), str(len(stale)))
            assert load.aside == len(mine) - len(working)
            late = [
                lead
                for lead in working
                if lead.status == "NEW" and not lead.first_contact_at
                if (due := lead.first_contact_due_at) and due < office.now
            ]
            assert load.waiting == len(late)
            for stage in load.stages:
                here = [lead for lead in working if lead.get_status_display() == stage.name]
                assert stage.held.text == str(len(here))
                assert int(stage.oldest.url.strip("/").split("/")[-1]) in {lead.pk for lead in here}
