"""The demo office: what a stranger finds after `make demo`, and what `seed_demo` must never do to somebody's data."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Exists, F, OuterRef
from django.test import TestCase
from django.test.utils import override_settings
from django.utils import timezone

from leads.board.departed import open_leads_of
from leads.demo import seed as seeding
from leads.demo.endings import BOARD
from leads.demo.office import AGENTS, OFFICE_NAME, OFFICE_ZONE, PASSWORD, SPAN
from leads.demo.old_rows import BROUGHT, KEEPER, REFUSED, SKIPPED, SOURCE, export
from leads.demo.plan import Plan, build_plan, counts
from leads.models import Import, Lead, Phase, User
from lifecycle import service
from lifecycle.events import CORRECTABLE, Kind, Source
from lifecycle.flags import Flag
from lifecycle.history import Clock, state_at
from lifecycle.models import Batch, LeadEvent, OfficeSettings
from lifecycle.states import Provenance, State
from lifecycle.transitions import TRANSITIONS

#: Today's board: what the stories end with, and what the old export brought.
TODAY = {status: count + BROUGHT[status] for status, count in BOARD.items()}
MORNING = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
#: Night in the office, the first days of a quarter, a leap day, both changes of the clock.
ENDS = (
    MORNING,
    datetime(2026, 11, 23, 13, 20, tzinfo=UTC),
    datetime(2027, 1, 2, 8, 0, tzinfo=UTC),
    datetime(2027, 3, 14, 18, 0, tzinfo=UTC),
    datetime(2027, 11, 7, 9, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
)
FINANCING = {
    "financing_preapproval_lost",
    "financing_affordability",
    "job_or_income_change",
    "financing_denied",
    "financing_rate_lock_expired",
}


def seed(**options: object) -> str:
    out = StringIO()
    with override_settings(DEMO=True):
        call_command("seed_demo", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def shape(plan: Plan) -> list[object]:
    """A plan without its dates."""
    return [
        (
            lead.slug,
            lead.profile.email,
            lead.profile.phone,
            [(i.verb, i.actor, i.fields.get("note")) for i in lead.intents],
        )
        for lead in plan.leads
    ]


# --- the plan, without a database --------------------------------------------------------------------------------


def test_the_recipe_adds_up_to_400_leads_and_the_board_it_promises() -> None:
    assert counts() == BOARD
    assert sum(BOARD.values()) == 400


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_everything_happened_before_now_and_inside_nine_months(end: datetime) -> None:
    plan = build_plan(end)
    assert timedelta(days=273) >= SPAN  # the shortest nine months have that many
    for lead in plan.leads:
        times = [intent.at for intent in lead.intents]
        assert times == sorted(times)
        assert plan.start <= times[0] and times[-1] <= end
        assert all(times[0] <= i.occurred_at <= i.at for i in lead.intents if i.occurred_at)


def test_the_same_office_whatever_the_day() -> None:
    assert shape(build_plan(MORNING)) == shape(build_plan(MORNING))
    assert shape(build_plan(MORNING)) == shape(build_plan(datetime(2027, 8, 15, 3, 0, tzinfo=UTC)))


def test_people_work_in_the_hours_of_the_office() -> None:
    zone = ZoneInfo(OFFICE_ZONE)
    hours = Counter(
        intent.at.astimezone(zone).hour for lead in build_plan(MORNING).leads for intent in lead.intents if intent.actor
    )
    assert sum(count for hour, count in hours.items() if 8 <= hour < 20) > 0.97 * sum(hours.values())
    assert not any(hours[hour] for hour in range(6))


def test_no_two_leads_share_a_contact_but_kenji_with_himself() -> None:
    leads = build_plan(MORNING).leads
    for values in (
        [lead.profile.email for lead in leads],
        [re.sub(r"\D", "", lead.profile.phone)[-10:] for lead in leads],
    ):
        assert [count for value, count in Counter(values).items() if value and count > 1] == [2]
    assert [lead.slug for lead in leads if lead.profile.name == "Kenji Watanabe"] == ["kenji", "kenji-again"]


def test_numbers_and_addresses_can_belong_to_nobody() -> None:
    for lead in build_plan(MORNING).leads:
        assert not lead.profile.email or lead.profile.email.endswith(("@example.com", "@example.org", "@example.net"))
        assert not lead.profile.phone or re.search(r"\d{3}\D*55501\d\d$", re.sub(r"[^\d]", "", lead.profile.phone))
        assert lead.profile.email or lead.profile.phone


def test_notes_are_written_not_stamped() -> None:
    notes = [i.fields.get("note", "") for lead in build_plan(MORNING).leads for i in lead.intents]
    told = Counter(note for note in notes if note)
    assert len(told) > 2500
    assert max(told.values()) <= 20
    assert not [note for note in told if "{" in note or "}" in note]
    # A lost deal is a story of its own; no two tell it in the same words.
    lost = Counter(
        intent.fields["note"]
        for lead in build_plan(MORNING).leads
        for before, intent in zip(lead.intents, lead.intents[1:], strict=False)
        if intent.verb == "move" and intent.fields["to"] == "QUALIFIED" and intent.fields.get("reason")
    )
    assert max(lost.values()) <= 2


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_the_old_export_is_the_same_whatever_the_day_and_knows_nothing_of_tomorrow(end: datetime) -> None:
    zone = ZoneInfo(OFFICE_ZONE)
    text, same = (export(at, "dana@example.com").splitlines() for at in (end, MORNING))
    assert [re.sub(r"\d\d/\d\d/\d{4}( \d\d:\d\d)?", "", line) for line in text] == [
        re.sub(r"\d\d/\d\d/\d{4}( \d\d:\d\d)?", "", line) for line in same
    ]
    dates = re.findall(r"(?<=,)(?!13/)\d\d/\d\d/\d{4}", "\n".join(text))
    days = [datetime.strptime(date, "%m/%d/%Y").replace(tzinfo=zone) for date in dates]
    assert end - SPAN - timedelta(days=1) <= min(days) and max(days) <= end


# --- the office in the database ----------------------------------------------------------------------------------


class TheDemoOffice(TestCase):
    """Seeded once; every test looks at it from another side."""

    said: str
    events: int

    @classmethod
    def setUpTestData(cls) -> None:
        cls.said = seed()
        cls.events = LeadEvent.objects.count()

    def test_it_has_one_broker_one_admin_six_agents_and_420_leads(self) -> None:
        roles = Counter(User.objects.filter(is_active=True).values_list("role", flat=True))
        assert roles == {"broker": 1, "admin": 1, "agent": 6}
        assert Lead.objects.count() == 420
        assert OfficeSettings.load().name == OFFICE_NAME

    def test_the_board_looks_like_a_living_office(self) -> None:
        found = dict(Lead.objects.values_list("status").annotate(n=Count("pk")))
        assert found == TODAY
        ways = Counter(Lead.objects.filter(status=State.QUALIFIED).values_list("provenance", flat=True))
        assert all(
            ways[way] >= 5
            for way in (
                Provenance.FRESH,
                Provenance.FELL_BACK_COMMITTED,
                Provenance.FELL_BACK_CONTRACT,
                Provenance.RE_ENGAGED,
            )
        )
        assert Lead.objects.filter(agent=None, status__in=["NEW", "CONTACTING", "QUALIFIED"]).count() >= 8

    def test_it_prints_three_logins_that_work_and_what_to_try(self) -> None:
        for login in ("bruna", "otto", "ana"):
            assert re.search(rf"^  {login} +(broker|admin|agent) +\w.{{30,}}$", self.said, re.M)
            assert self.client.login(username=login, password=PASSWORD)
        assert PASSWORD in self.said
        ana = User.objects.get(username="ana")
        assert Lead.objects.filter(agent=ana, status=State.COMMITTED).exists()  # what ana is told to drag

    def test_every_move_of_the_table_was_made(self) -> None:
        made = set(LeadEvent.objects.exclude(to_status="").values_list("from_status", "to_status", "kind").distinct())
        for t in TRANSITIONS:
            assert (t.from_status or "", t.to_status.value, t.kind.value) in made

    def test_facts_that_move_nothing_occur_too(self) -> None:
        kinds = Counter(LeadEvent.objects.values_list("kind", flat=True))
        for kind in (
            Kind.AGENT_ASSIGNED,
            Kind.CONTACT_LOGGED,
            Kind.FLAG_SET,
            Kind.FLAG_CLEARED,
            Kind.NOTE_ADDED,
            Kind.SLA_BREACHED,
            Kind.CONTACT_DETAILS_CHANGED,
            Kind.MOVE_VOIDED,
            Kind.REASON_CORRECTED,
        ):
            assert kinds[kind] >= 5, kind
        corrected = LeadEvent.objects.filter(kind=Kind.REASON_CORRECTED).values_list("target__kind", flat=True)
        assert set(corrected) <= {k.value for k in CORRECTABLE}

    def test_ids_follow_the_clock(self) -> None:
        times = list(LeadEvent.objects.order_by("id").values_list("recorded_at", flat=True))
        assert times == sorted(times)
        assert times[-1] <= timezone.now()

    def test_the_log_is_sound_and_scribe_owes_nothing(self) -> None:
        call_command("verify_log", stdout=StringIO())
        end = User.objects.get(username="bruna").date_joined + SPAN
        call_command("run_due", at=end.isoformat(), stdout=StringIO())
        assert LeadEvent.objects.count() == self.events

    def test_green_and_red_clocks_run_on_new_leads(self) -> None:
        end = User.objects.get(username="bruna").date_joined + SPAN
        new = Lead.objects.filter(status=State.NEW)
        assert new.filter(first_contact_due_at__gt=end, sla_breached=False).count() >= 3
        assert new.filter(sla_breached=True).count() >= 6

    def test_one_column_is_visibly_stale(self) -> None:
        office = OfficeSettings.load()
        stale = {}
        for status in (State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.IN_CONTRACT):
            days = office.stale_days(status)
            assert days is not None
            here = Lead.objects.filter(status=status)
            old = here.filter(stage_entered_at__lt=timezone.now() - timedelta(days=days))
            stale[status] = old.count() / here.count()
        assert stale[State.CONTACTING] > 0.4
        assert max(share for status, share in stale.items() if status != State.CONTACTING) < 0.3

    def test_ben_alone_lost_three_deals_to_financing_this_quarter(self) -> None:
        day = timezone.now().astimezone(ZoneInfo(OFFICE_ZONE))
        begin = day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1, hour=0, minute=0)
        if day - begin < timedelta(days=14):
            begin = day - timedelta(days=46)  # a young quarter has no room; the three lie in the last weeks
        lost = LeadEvent.objects.filter(
            kind__in=[Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED], reason__in=FINANCING, occurred_at__gte=begin
        )
        assert Counter(lost.values_list("agent__username", flat=True)).most_common(1) == [("ben", 3)]

    def test_darnell_answers_late(self) -> None:
        breaches = Counter(
            LeadEvent.objects.filter(kind=Kind.SLA_BREACHED, agent__isnull=False).values_list(
                "agent__username", flat=True
            )
        )
        (first, most), (_second, next_most) = breaches.most_common(2)
        assert first == "darnell" and most > 1.5 * next_most
        assert Lead.objects.filter(sla_breached=False, first_contact_at__isnull=False).count() > 200

    def test_marcus_was_unsubscribed_back_and_out_again(self) -> None:
        marcus = Lead.objects.get(name="Marcus Bell")
        said = marcus.events.filter(flag=Flag.UNSUBSCRIBED).order_by("version").values_list("kind", flat=True)
        assert list(said) == [Kind.FLAG_SET, Kind.FLAG_CLEARED, Kind.FLAG_SET]
        assert marcus.unsubscribed

    def test_dana_was_unsubscribed_twice_once_by_ana_and_once_by_a_link(self) -> None:
        dana = Lead.objects.get(name="Dana Ortiz")
        said = dana.events.filter(flag=Flag.UNSUBSCRIBED).order_by("version").select_related("actor")
        assert [(e.kind, e.actor.username if e.actor else "scribe") for e in said] == [
            (Kind.FLAG_SET, "ana"),
            (Kind.FLAG_CLEARED, "ana"),
            (Kind.FLAG_SET, "scribe"),
        ]

    def test_chloes_leave_gave_her_leads_to_two_colleagues_and_most_of_them_came_back(self) -> None:
        _parting, leave, quiet, back = Batch.objects.order_by("started_at")
        assert (leave.refused, quiet.refused, back.refused) == (0, 0, 0)
        assert back.hands_back == leave and 0 < back.moved < leave.moved and quiet.moved >= 5
        covers = LeadEvent.objects.filter(batch=leave.pk)
        assert set(covers.values_list("agent__username", flat=True)) == {"chloe"}
        assert set(covers.values_list("to_agent__username", flat=True)) == {"ana", "mei"}
        assert all(batch.started_at == batch.finished_at for batch in (leave, quiet, back))

    def test_nadia_has_left_and_her_open_leads_went_to_ryan(self) -> None:
        nadia = User.objects.get(display_name="Nadia Kessler", is_active=False)
        assert open_leads_of(nadia) == 0 and Lead.objects.filter(agent=nadia).exists()
        parting = Batch.objects.order_by("started_at")[0]
        handed = LeadEvent.objects.filter(batch=parting.pk)
        assert parting.refused == 0 and parting.moved == handed.count() >= 8
        assert set(handed.values_list("agent__username", "to_agent__username", "reason")) == {
            ("nadia", "ryan", "agent_departed")
        }
        # What she did stays hers.
        hers = Counter(LeadEvent.objects.filter(agent=nadia).values_list("kind", flat=True))
        assert hers[Kind.BUYER_AGREEMENT_SIGNED] >= 8
        assert hers[Kind.DEAL_COLLAPSED] + hers[Kind.CONTRACT_VOIDED] >= 3
        assert not LeadEvent.objects.filter(actor=nadia, recorded_at__gte=parting.started_at).exists()

    def test_some_deals_that_fell_back_were_only_replaced(self) -> None:
        fell = LeadEvent.objects.filter(kind__in=[Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED])
        again = LeadEvent.objects.filter(
            lead=OuterRef("lead"),
            to_status=OuterRef("from_status"),
            occurred_at__gt=OuterRef("occurred_at"),
            occurred_at__lte=OuterRef("occurred_at") + timedelta(hours=1),
        )
        quick = Counter(fell.filter(Exists(again)).values_list("kind", flat=True))
        assert quick[Kind.DEAL_COLLAPSED] >= 4 and quick[Kind.CONTRACT_VOIDED] >= 3
        assert quick.total() < fell.count() / 4

    def test_half_of_the_inquiries_that_nobody_answered_are_darnells(self) -> None:
        end = User.objects.get(username="bruna").date_joined + SPAN
        waiting = Lead.objects.filter(status=State.NEW, first_contact_due_at__lt=end)
        held = Counter(waiting.values_list("agent__username", flat=True))
        assert held["darnell"] >= held.total() / 2

    def test_tomasz_went_through_many_hands(self) -> None:
        tomasz = Lead.objects.get(name="Tomasz Kowalczyk")
        hands = tomasz.events.filter(kind=Kind.AGENT_ASSIGNED).order_by("version")
        assert hands.count() >= 5
        assert tomasz.agent and tomasz.agent.username == "chloe"

    def test_the_two_clocks_tell_two_stories_of_teresa(self) -> None:
        teresa = Lead.objects.get(name="Teresa Fonseca")
        rows = list(teresa.events.order_by("version"))
        moment = next(e for e in rows if e.kind == Kind.MOVE_VOIDED).recorded_at - timedelta(days=1)
        was, known = (state_at(rows, moment, clock).status for clock in (Clock.HAPPENED, Clock.KNOWN))
        assert (was, known) == (State.COMMITTED, State.IN_CONTRACT)

    def test_the_broker_took_moves_back_days_later_and_moves_were_recorded_late(self) -> None:
        voids = LeadEvent.objects.filter(kind=Kind.MOVE_VOIDED).select_related("target")
        late = [v for v in voids if v.target and v.recorded_at - v.target.recorded_at > timedelta(hours=20)]
        assert len(late) >= 4
        assert LeadEvent.objects.exclude(to_status="").filter(occurred_at__lt=F("recorded_at")).count() >= 4

    def test_the_last_two_days_went_there_and_back(self) -> None:
        end = User.objects.get(username="bruna").date_joined + SPAN
        lately = LeadEvent.objects.filter(recorded_at__gt=end - timedelta(days=4))
        again = Lead.objects.filter(events__in=lately.filter(kind=Kind.DEAL_COLLAPSED)).filter(
            events__in=lately.filter(kind=Kind.BUYER_AGREEMENT_SIGNED)
        )
        assert again.distinct().count() >= 4
        assert lately.filter(kind=Kind.MOVE_VOIDED).count() >= 3

    def test_dana_lost_the_loan_came_back_and_fell_out_of_contract(self) -> None:
        dana = Lead.objects.get(name="Dana Ortiz")
        falls = dana.events.filter(kind__in=[Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED]).order_by("version")
        assert [(e.kind, e.reason) for e in falls] == [
            (Kind.DEAL_COLLAPSED, "financing_preapproval_lost"),
            (Kind.CONTRACT_VOIDED, "appraisal_low"),
        ]
        assert dana.status == State.QUALIFIED and dana.provenance == Provenance.FELL_BACK_CONTRACT
        assert [e.agent.username for e in falls.select_related("agent") if e.agent] == ["ryan", "ana"]

    def test_wei_fell_back_twice_and_closed(self) -> None:
        wei = Lead.objects.get(name="Wei Zhang")
        assert wei.status == State.CLOSED
        assert wei.events.filter(kind__in=[Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED]).count() == 2

    def test_other_bad_and_odd_sides_are_there(self) -> None:
        assert Lead.objects.filter(status=State.COMMITTED, document_missing=True).count() >= 3
        late = LeadEvent.objects.filter(kind=Kind.CONTACT_LOGGED, occurred_at__lt=F("recorded_at"))
        assert late.count() >= 40
        assert LeadEvent.objects.filter(kind=Kind.AGENT_ASSIGNED, reason="performance").count() == 1
        twin = LeadEvent.objects.get(reason="duplicate_of", lead__name="Kenji Watanabe")
        first = Lead.objects.get(uuid=twin.data["duplicate_of"])
        assert (first.email, first.phone) == (twin.lead.email, twin.lead.phone)
        back = LeadEvent.objects.get(kind=Kind.CONTACT_INFO_UPDATED).lead
        assert back.status == State.NEW and back.events.filter(to_status=State.TRASHED).exists()
        assert LeadEvent.objects.filter(kind=Kind.CONTACT_LOGGED, data__override=1).exists()

    def test_every_agent_has_something_on_the_board(self) -> None:
        for login in AGENTS:
            working = Lead.objects.filter(agent__username=login, status__in=["CONTACTING", "QUALIFIED", "COMMITTED"])
            assert working.count() >= 5, login

    def test_a_second_run_says_so_and_adds_nothing(self) -> None:
        assert "The demo data is already here." in seed()
        assert LeadEvent.objects.count() == self.events

    def test_a_demo_that_people_have_played_with_is_still_the_demo(self) -> None:
        ana = User.objects.get(username="ana")
        service.create_lead(
            lead=Lead(name="Otto", email="otto@example.org"), inquiry="phone", actor=ana, source=Source.PAGE
        )
        assert "already here" in seed()
        assert Lead.objects.count() == 421

    def test_an_old_export_came_in_by_the_way_of_every_import(self) -> None:
        imported = Import.objects.get()
        assert imported.phase == Phase.DONE and imported.actor and imported.actor.username == "bruna"
        counts = imported.counts
        assert (counts["created"], counts["skipped"], counts["refused"]) == (20, SKIPPED, REFUSED)
        assert counts["bad_emails"] == 0
        brought = Lead.objects.filter(external_source=SOURCE)
        assert dict(brought.values_list("status").annotate(n=Count("pk"))) == BROUGHT
        assert "400 leads, and 20 more brought in from the export of an old system" in self.said
        # Dana is here already; a thirteenth month is for somebody to mend.
        lines = dict(imported.imported_rows.exclude(outcome="created").values_list("outcome", "sentence"))
        assert "Dana Ortiz" in lines["skipped"] and "13/31/2025 09:15" in lines["refused"]

    def test_gwen_left_long_ago_and_her_leads_wait_for_somebody(self) -> None:
        gwen = User.objects.get(display_name=KEEPER)
        assert not gwen.is_active and not gwen.has_usable_password()
        assert open_leads_of(gwen) >= 5
        assert Lead.objects.filter(external_source=SOURCE, agent=None).count() >= 2

    def test_what_the_old_system_knew_of_leopold_is_there_and_nothing_in_between(self) -> None:
        leopold = Lead.objects.get(name="Leopold Anning")
        told = leopold.events.exclude(to_status="").order_by("version")
        assert [(e.kind, e.from_status, e.to_status, e.backfilled) for e in told] == [
            (Kind.LEAD_CREATED, "", State.NEW, False),
            (Kind.HISTORY_IMPORTED, "", State.IN_CONTRACT, True),
            (Kind.HISTORY_IMPORTED, "", State.CLOSED, True),
        ]
        assert Lead.objects.get(name="Seraphina Doyle-Novak").do_not_call

    def test_people_of_the_old_export_belong_to_nobody(self) -> None:
        brought = Lead.objects.filter(external_source=SOURCE)
        assert all(lead.email.endswith(".example") for lead in brought)
        assert all(re.fullmatch(r"\(530\) 555-01\d\d", lead.phone) for lead in brought)


# --- other people's data, interruptions --------------------------------------------------------------------------


def counted() -> tuple[int, int, int]:
    return User.objects.count(), Lead.objects.count(), LeadEvent.objects.count()


@pytest.mark.django_db
def test_a_database_with_somebody_in_it_is_refused_and_stays_as_it_was() -> None:
    User.objects.create_user("dora", "dora@example.com", "her own", display_name="Dora")
    before = counted()
    with pytest.raises(CommandError, match="not the demo's, so nothing was written") as refused:
        seed()
    assert refused.value.returncode == 1
    assert counted() == before
    assert OfficeSettings.load().name != OFFICE_NAME


@pytest.mark.django_db
def test_on_a_server_that_is_no_demo_nobody_with_a_known_password_is_made() -> None:
    before = counted()
    with pytest.raises(CommandError, match="a password that everybody knows; so nothing was written") as refused:
        call_command("seed_demo", stdout=StringIO(), stderr=StringIO())
    assert refused.value.returncode == 1 and counted() == before == (0, 0, 0)


@pytest.mark.django_db
def test_a_database_with_a_foreign_lead_is_refused() -> None:
    service.create_lead(
        lead=Lead(name="Somebody", email="somebody@example.com"), inquiry="website", actor=None, source=Source.FORM
    )
    before = counted()
    with pytest.raises(CommandError, match="Name an empty one in DATABASE_URL"):
        seed()
    assert counted() == before


@pytest.mark.django_db
def test_an_interrupted_seed_goes_on_where_it_stopped_with_the_same_dates() -> None:
    plan = build_plan(timezone.now().replace(microsecond=0))
    halfway = mock.Mock(side_effect=[None, None, KeyboardInterrupt])
    with pytest.raises(KeyboardInterrupt):
        seeding.seed(plan, halfway)
    half = LeadEvent.objects.count()
    assert 0 < half < 1000

    # Hours later the clock has moved; the plan has not.
    later = timezone.now() + timedelta(hours=7)
    assert seeding.plan_for(later).end == plan.end
    assert "is open: 400 leads, and 20 more" in seed()
    uuids = {seeding.event_uuid(lead, intent) for lead in plan.leads for intent in lead.intents}
    assert uuids <= set(LeadEvent.objects.values_list("uuid", flat=True))
    assert dict(Lead.objects.values_list("status").annotate(n=Count("pk"))) == TODAY
    assert Import.objects.get().phase == Phase.DONE
    call_command("verify_log", stdout=StringIO())


@pytest.mark.django_db
def test_an_old_demo_gets_the_import_and_one_interrupted_in_it_goes_on() -> None:
    plan = build_plan(timezone.now().replace(microsecond=0))
    with mock.patch("leads.demo.bringing.running.run", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        seeding.seed(plan, mock.Mock())
    assert Lead.objects.count() == 400 and Import.objects.get().phase == Phase.RUNNING
    assert "20 more" in seed()
    assert Lead.objects.count() == 420 and Import.objects.get().phase == Phase.DONE
    assert "already here" in seed()


@pytest.mark.django_db
def test_a_half_filled_demo_that_somebody_worked_on_is_left_alone_with_a_sentence() -> None:
    plan = build_plan(timezone.now().replace(microsecond=0))
    with pytest.raises(KeyboardInterrupt):
        seeding.seed(plan, mock.Mock(side_effect=KeyboardInterrupt))
    bruna = User.objects.get(username="bruna")
    for lead in Lead.objects.filter(status="QUALIFIED"):
        service.move_lead(
            lead_id=lead.pk,
            to="ARCHIVED",
            kind=Kind.ARCHIVED_MANUALLY,
            reason="unresponsive",
            actor=bruna,
            source=Source.BOARD,
        )
    with pytest.raises(CommandError, match="Start again with an empty database"):
        seed()
