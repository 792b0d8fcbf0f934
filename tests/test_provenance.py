"""How a lead came into Qualified: tellable apart, in words, on its card, over its column and wherever it is found."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads import times_here, ways
from leads.board.cards import Card, Desk, card
from leads.board.mix import Segment, segments
from leads.lead_page import desk_for, rows
from leads.lead_page.path import steps
from leads.lead_page.why import why_here
from leads.models import Lead
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import LeadEvent, OfficeSettings, ReasonCode
from lifecycle.states import Provenance, State
from lifecycle.visits import read_visits
from tests.factories import LeadFactory, ada, advance, ana, bruna, newest
from tests.test_board import as_user, board, column, text_of
from tests.test_board_views import names

C, Q, K, X, A = State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.IN_CONTRACT, State.ARCHIVED

DAYS = timedelta(days=1)


def came(name: str, *path: State, days: int = 3, **said: Any) -> Lead:
    """A lead of Ana's that went this way, the last step so many days ago (and a little, so that days are whole)."""
    now = timezone.now() - days * DAYS - timedelta(minutes=1)
    begun = now - timedelta(hours=len(path) + 6)
    lead = LeadFactory.create(name=name, status=path[0], agent=ana(), begun=begun)
    for n, to in enumerate(path[1:]):
        last = n == len(path) - 2
        advance(
            lead, to, actor=ana(), now=now if last else begun + timedelta(hours=6, minutes=n), **(said if last else {})
        )
    return lead


def imported(name: str) -> Lead:
    """A lead whose way into Qualified another system never told."""
    lead = came(name, Q)
    Lead.objects.filter(pk=lead.pk).update(provenance=Provenance.IMPORTED)
    lead.refresh_from_db()
    return lead


def all_ways() -> dict[Provenance, Lead]:
    return {
        Provenance.FRESH: LeadFactory.create(name="Fay", status=Q, agent=ana(), begun=timezone.now() - 3.2 * DAYS),
        Provenance.FELL_BACK_COMMITTED: came("Carl", K, Q, days=6, reason="outbid"),
        Provenance.FELL_BACK_CONTRACT: came("Vera", X, Q, days=2),
        Provenance.RE_ENGAGED: came("Rae", A, C, Q, days=4),
        Provenance.IMPORTED: imported("Imre"),
    }


def drawn(lead: Lead) -> Card:
    lead.refresh_from_db()
    desk = Desk(timezone.now(), OfficeSettings.load(), ReasonCode.book(), timezone.get_current_timezone())
    return card(lead, desk)


def chip(lead: Lead) -> str:
    sign = drawn(lead).provenance
    return sign.words if sign else ""


def undo(lead: Lead) -> None:
    """Bruna takes back the newest move that still counts."""
    undone = LeadEvent.objects.filter(lead=lead, kind=Kind.MOVE_VOIDED.value).values("target")
    moves = lead.events.exclude(to_status="").exclude(kind=Kind.MOVE_VOIDED.value).exclude(pk__in=undone)
    target = moves.order_by("-version")[0].uuid
    service.void_move(lead_id=lead.pk, target=target, reason="mis_drag", actor=bruna(), source=Source.PAGE)


# ---- the words


@pytest.mark.django_db
def test_every_way_is_told_on_the_card_in_words_with_its_age_and_reason() -> None:
    leads = all_ways()
    html = column(board(ana()), Q)
    words = text_of(html)
    for said in (
        "Fresh 3 d ago",
        "Fell back before contract 6 d ago: outbid",
        "Fell back from contract 2 d ago: appraisal came in low",
        "Re-engaged 4 d ago: replied",
        "Imported: came here 3 d ago",
    ):
        assert said in words, said
    signs = [drawn(lead).provenance for lead in leads.values()]
    assert all(signs)
    for part in ("icon", "look"):
        assert len({getattr(sign, part) for sign in signs}) == len(signs), "Each has a mark of its own."
    for way in leads:
        assert re.search(rf'title="{way.label}, \w+ \d+ \w+ \d+, \d', html), "The exact moment is under the pointer."


@pytest.mark.django_db
def test_outside_qualified_only_what_went_wrong_is_told() -> None:
    assert chip(came("Fay", K)) == ""
    assert chip(came("Carl", K, Q, K, days=5)).startswith("Fell back before contract")
    assert chip(came("Vera", X, Q, K, X, days=5)).startswith("Fell back from contract")
    assert chip(came("Rae", A, C)) == "Re-engaged 3 d ago: replied"
    assert chip(came("Art", Q, A)) == chip(came("Cleo", X, State.CLOSED)) == ""


@pytest.mark.django_db
def test_a_corrected_reason_and_an_undone_move_change_the_chip() -> None:
    lead = came("Carl", K, Q, reason="cold_feet")
    fell = newest(lead)
    said: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    service.correct_reason(**said, target=fell.uuid, reason="outbid", note="It was a bid.")
    assert chip(lead) == "Fell back before contract 3 d ago: outbid"
    service.void_move(**said, target=fell.uuid, reason="mis_drag")
    lead.refresh_from_db()
    assert lead.status == K and chip(lead) == ""
    undo(lead)
    assert chip(lead).startswith("Fresh "), "Back by an undo: no collapse."


@pytest.mark.django_db
def test_a_reason_that_says_nothing_by_itself_is_called_a_reason() -> None:
    lead = came("Carl", K, Q, reason="other", note="Their landlord extended the lease for a year.")
    assert chip(lead) == "Fell back before contract 3 d ago: other reason"
    Lead.objects.filter(pk=lead.pk).update(provenance_reason="not_recorded")
    assert chip(lead) == "Fell back before contract 3 d ago: reason not recorded"
    Lead.objects.filter(pk=lead.pk).update(provenance_reason="a_newer_code", provenance="a_newer_way")
    assert chip(lead) == "", "What a newer release wrote is left to it."


@pytest.mark.django_db
def test_a_quiet_chip_is_no_edge_and_each_setback_has_its_own() -> None:
    assert {way: drawn(lead).look for way, lead in all_ways().items()} == {
        Provenance.FRESH: "",
        Provenance.FELL_BACK_COMMITTED: "is-back",
        Provenance.FELL_BACK_CONTRACT: "is-back is-voided",
        Provenance.RE_ENGAGED: "is-again",
        Provenance.IMPORTED: "",
    }


# ---- how often


@pytest.mark.django_db
def test_the_card_counts_the_times_here_and_an_undo_counts_back() -> None:
    lead = LeadFactory.create(status=Q, agent=ana())
    assert "time here" not in drawn(lead).age
    for nth in ("2nd", "3rd"):
        advance(lead, K, actor=ana())
        assert "time" not in drawn(lead).age, "The first time in Committed is none in Qualified."
        advance(lead, Q, actor=ana())
        assert drawn(lead).age == f"0 s, {nth} time here"
    advance(lead, K, actor=ana())
    undo(lead)
    assert drawn(lead).age.endswith("3rd time here")
    undo(lead)
    undo(lead)
    assert drawn(lead).age.endswith(", 2nd time here")


@pytest.mark.django_db
def test_a_lead_that_came_back_and_stays_too_long_says_both() -> None:
    assert drawn(came("Carl", K, Q, days=60)).age == "60 d, 2nd time here, stale"


@pytest.mark.parametrize(
    ("times", "sentence", "short"),
    [
        (0, "", ""),
        (1, "", ""),
        (2, "Second time here.", "2nd time here"),
        (5, "Fifth time here.", "5th time here"),
        (6, "6 times here so far.", "6 times here"),
        (21, "21 times here so far.", "21 times here"),
    ],
)
def test_the_number_is_said_in_words_that_fit(times: int, sentence: str, short: str) -> None:
    assert (times_here.sentence(times), times_here.in_short(times)) == (sentence, short)


@pytest.mark.django_db
def test_the_card_and_the_lead_page_never_count_differently() -> None:
    lead = LeadFactory.create(status=Q, agent=ana())
    for to in (K, Q, None, Q, A, C, Q, None, Q, K, X, Q, None, Q):
        if to is None:
            undo(lead)
        else:
            advance(lead, to, actor=ana())
        lead.refresh_from_db()
        visits = read_visits(lead.pk)
        assert lead.times_qualified == sum(v.state == Q for v in visits)
        if lead.status == Q:
            sentence = times_here.sentence(lead.times_qualified)
            assert why_here(visits, desk_for(ana())).endswith(sentence or "confirmed.")


# ---- why here


@pytest.mark.django_db
def test_why_here_tells_each_way_and_how_it_stands_after_corrections() -> None:
    def why(lead: Lead) -> str:
        said = re.sub(r"since .*?:", "since then:", why_here(read_visits(lead.pk), desk_for(ana())))
        return re.sub(r"re-engaged on [\w ]+", "re-engaged on that day ", said).replace("day  ", "day ")

    fresh, collapsed, voided, again = came("Fay", Q), came("Carl", K, Q), came("Vera", X, Q), came("Rae", A, C, Q)
    assert why(fresh) == "In Qualified since then: motivation confirmed."
    assert why(collapsed) == (
        "Back in Qualified since then: the deal collapsed, cannot afford it after all. Second time here."
    )
    assert why(voided) == (
        "Back in Qualified since then: the contract was voided, appraisal came in low. Second time here."
    )
    assert why(again) == "In Qualified since then: re-engaged on that day (replied), motivation confirmed."
    undo(voided)
    assert why(voided).startswith("In contract since then:") and "time here" not in why(voided)
    undo(again)
    assert why(again) == "Back in Contacting since then: re-engaged, replied. Second time here."


# ---- the bar over the column


def bar(query: str = "") -> dict[str, tuple[str, bool]]:
    """The parts of the bar on Ana's board: words with their number → where a press leads, and whether it is on."""
    mix = re.search(r'<div class="mix">.*?</div>', column(board(ana(), query), Q), re.S)
    assert mix
    parts = re.findall(r'<a [^>]*?href="([^"]*)"([^>]*)>(.*?)</a>', mix[0], re.S)
    return {
        text_of(inside).strip(): (href.replace("&amp;", "&"), "aria-current" in more) for href, more, inside in parts
    }


@pytest.mark.django_db
def test_each_part_of_the_bar_filters_and_a_second_press_shows_all_again() -> None:
    all_ways()
    parts = bar()
    assert list(parts) == ["Fresh 1", "Before contract 1", "From contract 1", "Re-engaged 1", "Imported 1"]
    for (words, (href, on)), name in zip(parts.items(), ("Fay", "Carl", "Vera", "Rae", "Imre"), strict=True):
        assert not on
        assert names(column(board(ana(), href), Q)) == {name}
        assert bar(href) == {**parts, words: ("?", True)}, "It is on and leads back to all; the others stay."
    assert len(names(column(board(ana(), "?"), Q))) == 5


@pytest.mark.django_db
def test_other_filters_hold_for_the_bar_and_on_a_board_of_the_past_the_parts_stay_too() -> None:
    all_ways()
    assert list(bar("?provenance=fresh&q=Fay")) == ["Fresh 1"]
    past = f"?as_of={timezone.now() - DAYS:%Y-%m-%dT%H:%M}"
    assert list(bar(f"{past}&provenance=fresh")) == list(bar(past))


@pytest.mark.django_db
def test_fell_back_as_a_whole_marks_both_parts_and_each_narrows_it_down() -> None:
    all_ways()
    assert bar("?provenance=fell_back&open=CLOSED") == {
        "Fresh 1": ("?open=CLOSED&provenance=fresh", False),
        "Before contract 1": ("?open=CLOSED&provenance=fell_back_committed", True),
        "From contract 1": ("?open=CLOSED&provenance=fell_back_contract", True),
        "Re-engaged 1": ("?open=CLOSED&provenance=re_engaged", False),
        "Imported 1": ("?open=CLOSED&provenance=imported", False),
    }
    view = board(bruna(), "?provenance=fell_back&came=month")
    assert "<title>Fell back this month" in view


def parts_of(chosen: str = "", **counts: int) -> list[Segment]:
    return segments(counts, chosen=chosen, only=lambda value: f"?only={value}", everything="?")


@pytest.mark.django_db
def test_the_parts_fill_the_bar_and_none_is_too_narrow_to_see() -> None:
    many: list[dict[str, int]] = [
        {"fresh": 5},
        {"fresh": 9000, "fell_back_contract": 1, "re_engaged": 1},
        {"imported": 1, "fresh": 1},
    ]
    for counts in many:
        parts = parts_of("", **counts)
        assert parts[0].x == 0 and sum(p.width for p in parts) == pytest.approx(100, abs=0.05)
        assert all(p.width > 1.8 for p in parts)
    assert parts_of() == parts_of(fresh=0) == []
    assert parts_of(fresh=9000)[0].count == "9\u202f000"


def test_a_part_says_under_the_pointer_what_a_press_on_it_does() -> None:
    voided, alone = parts_of(fell_back_contract=7)[0], parts_of("fell_back_contract", fell_back_contract=7)[0]
    assert (voided.more, voided.on) == ("Fell back from contract: 7. Show only these on the whole board.", False)
    assert (alone.more, alone.on) == ("Fell back from contract: 7. Show all again.", True)
    both = parts_of("fell_back", fell_back_contract=7)[0]
    assert (both.more, both.on) == ("Fell back from contract: 7. Show only these on the whole board.", True)


def test_every_way_has_words_and_marks_of_its_own() -> None:
    assert set(ways.WAYS) == set(Provenance)
    for part in ("icon", "look"):
        assert len({getattr(way, part) for way in ways.WAYS.values()}) == len(Provenance)
    assert len({way.short() for way in ways.WAYS.values()}) == len(Provenance)


# ---- elsewhere


@pytest.mark.django_db
def test_path_and_timeline_bear_the_marks_of_the_card() -> None:
    lead = came("Vera", K, Q, K, X, Q, A, C)
    marks = [s.icon for s in steps(read_visits(lead.pk), desk_for(ana()), set()) if s.icon]
    expected = [Provenance.FELL_BACK_COMMITTED, Provenance.FELL_BACK_CONTRACT, Provenance.RE_ENGAGED]
    assert marks == [ways.WAYS[way].icon for way in expected]
    assert [rows._ICONS[k] for k in (Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED, Kind.LEAD_RE_ENGAGED)] == marks
    path = re.search(r'id="lead-path".*?</nav>', as_user(ana()).get(f"/leads/{lead.pk}/").content.decode(), re.S)
    assert path and path[0].count("#chevrons-left") == path[0].count("#undo-2") == 1


@pytest.mark.django_db
def test_a_search_tells_the_way_of_every_lead_in_qualified_at_a_constant_price(client: Client) -> None:
    came("Dana One", X, Q)
    client.force_login(ana())

    def found() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as seen:
            html = client.get("/search/", {"q": "dana"}).content.decode()
        return text_of(html), len(seen)

    words, few = found()
    assert "Fell back from contract 3 d ago: appraisal came in low 2nd time here" in words
    came("Dana Two", Q, days=5)
    came("Dana Three", K, Q, K)
    words, many = found()
    assert "Fresh 5 d ago" in words
    assert "before contract" not in words, "In Committed the search speaks of other things."
    assert many == few


@pytest.mark.django_db
def test_the_office_admin_lists_and_filters_by_it() -> None:
    all_ways()
    client = as_user(ada())
    html = text_of(client.get("/admin/leads/lead/").content.decode())
    for words in ("Fresh", "Fell back before contract (2×)", "Fell back from contract (2×)", "Re-engaged"):
        assert words in html
    only = client.get("/admin/leads/lead/?provenance__exact=fell_back_contract").content.decode()
    assert "Vera" in only and "Carl" not in only


@pytest.mark.django_db
def test_the_chip_of_a_reason_with_markup_is_text() -> None:
    ReasonCode.objects.filter(code="outbid").update(label="<b>Outbid</b>")
    html = render_to_string("board/card.html", {"card": drawn(came("Carl", K, Q, reason="outbid"))})
    assert "&lt;b&gt;Outbid" in html and "<b>Outbid" not in html
