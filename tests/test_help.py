"""The help says what the rules say: it is drawn from their tables, and every link in it leads somewhere."""

import re
from collections import Counter
from html import unescape
from math import dist
from typing import Any, cast
from urllib.parse import urldefrag

import pytest
from django.core.management import get_commands
from django.test import Client
from django.urls import reverse

from leads.help.contents import pages
from leads.help.diagram import LYING, STANDING, Layout, draw
from leads.help.glossary import glossary
from leads.help.kinds import UNTOLD, kind_groups
from leads.help.moves import move_rows
from leads.help.numbers import numbers
from leads.help.reasons import reasons_by_kind
from leads.management.commands.report import REPORTS
from leads.models import Lead, User
from leads.reports.catalog import CATALOG
from lifecycle import service, transitions
from lifecycle.events import Kind, Source
from lifecycle.flags import Flag
from lifecycle.history import Clock, state_at
from lifecycle.models import OfficeSettings, ReasonCode
from lifecycle.reasons import Group
from lifecycle.states import State
from lifecycle.transitions import TRANSITIONS, Need, Transition, Who
from tests.factories import LeadFactory, ada, ana, bruna

pytestmark = pytest.mark.django_db

NAMES = [page.name for page in pages()]
ADDRESSES = ["/help/", *(f"/help/{name}/" for name in NAMES)]
IDS = re.compile(r'\bid="([^"]+)"')
LINKS = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')


def shown(user: User, address: str, **headers: str) -> str:
    """The page as this person gets it."""
    client = Client()
    client.force_login(user)
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def article(page: str) -> str:
    """The page itself, without header and list of pages."""
    return page[page.index("<article") :]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# ---- every page, for everybody


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("person", [ana, bruna, ada])
def test_every_page_opens_for_everybody(person: type, language: str) -> None:
    user: User = person()
    user.language = language
    user.save(update_fields=["language"])
    for address in ADDRESSES:
        assert f'<html lang="{language}"' in shown(user, address)


@pytest.mark.parametrize(("person", "first"), [(ana, "agent"), (bruna, "broker"), (ada, "admin")])
def test_the_index_begins_with_the_viewers_own_guide(person: type, first: str) -> None:
    page = article(shown(person(), "/help/"))
    assert LINKS.findall(page)[0] == reverse("help-page", args=[first])


def test_help_wants_a_login_like_every_page(client: Client) -> None:
    for address in ADDRESSES:
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("name", ["nonsense", "index", "base", "list", "AGENT"])
def test_a_page_that_is_none_is_not_found(client: Client, name: str) -> None:
    client.force_login(ana())
    assert client.get(f"/help/{name}/").status_code == 404


def test_help_is_only_read(client: Client) -> None:
    client.force_login(ana())
    assert {client.post(address).status_code for address in ADDRESSES} == {405}


def test_every_link_and_anchor_leads_somewhere(client: Client) -> None:
    client.force_login(ada())
    read = {address: client.get(address).content.decode() for address in ADDRESSES}
    checked: dict[str, str] = dict(read)
    for address, page in read.items():
        for link in LINKS.findall(page):
            path, anchor = urldefrag(unescape(link))
            path = path or address
            if path not in checked:
                answer = client.get(path)
                assert answer.status_code == 200, f"{address} leads to {link}"
                checked[path] = answer.content.decode()
            assert not anchor or anchor in IDS.findall(checked[path]), f"{address} leads to {link}"


def test_no_id_occurs_twice_on_a_page() -> None:
    for address in ADDRESSES:
        repeated = [name for name, n in Counter(IDS.findall(shown(bruna(), address))).items() if n > 1]
        assert repeated == [], address


def test_samples_are_stored_nowhere_and_lead_nowhere() -> None:
    for address in ADDRESSES:
        found = [link for link in LINKS.findall(shown(bruna(), address)) if link.startswith("/leads/")]
        assert set(found) <= {"/leads/new/"}
    assert not Lead.objects.exists()


def test_a_full_office_costs_no_more_questions(client: Client, django_assert_max_num_queries: object) -> None:
    client.force_login(bruna())
    client.get("/help/")
    for _ in range(2):
        for address in ADDRESSES:
            with django_assert_max_num_queries(5):  # type: ignore[operator]
                client.get(address)
        LeadFactory.create_batch(3, agent=ana())


# ---- the card cannot lie


def rows_of(page: str) -> dict[int, str]:
    """The table of moves by number, as words."""
    return {int(n): words(row) for n, row in re.findall(r'<tr id="move-(\d+)"[^>]*>(.*?)</tr>', page, re.S)}


def test_every_move_of_the_rules_is_on_the_card() -> None:
    page = shown(ana(), "/help/lifecycle/")
    rows = rows_of(page)
    assert list(rows) == list(range(1, len(TRANSITIONS) + 1))
    for number, move in enumerate(TRANSITIONS, start=1):
        begins = move.from_status.label if move.from_status else "no lead yet"
        assert re.match(rf" {number} +{begins} +{move.to_status.label} ", rows[number])
        assert ("Scribe" in rows[number]) == (move.who != Who.PERSON)


def test_the_card_says_what_each_move_needs() -> None:
    office = OfficeSettings(no_response_days=33, no_response_attempts=4, no_progress_days=200)
    needs = {move.number: move.needs for move in move_rows(office)}
    assert set(Need) == {need for move in TRANSITIONS for need in move.needs}
    for number, move in enumerate(TRANSITIONS, start=1):
        assert ("A reason." in needs[number]) == (Need.REASON in move.needs)
        assert ("A note:" in needs[number]) == (Need.NOTE in move.needs)
        assert (needs[number] == "Nothing more.") == (not move.needs)
    waiting = [needs[n] for n, move in enumerate(TRANSITIONS, start=1) if Need.THRESHOLD in move.needs]
    assert waiting == ["33 days without an answer, and at least 4 attempts on record.", "200 days without progress."]


def test_a_move_added_to_the_rules_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    added = Transition(State.TRASHED, State.ARCHIVED, Kind.ARCHIVED_MANUALLY, Who.PERSON, (Need.REASON,))
    monkeypatch.setattr(transitions, "TRANSITIONS", (*TRANSITIONS, added))
    page = shown(ana(), "/help/lifecycle/")
    number = len(TRANSITIONS) + 1
    assert f" {number} Trashed Archived Archived by hand A person A reason. " in rows_of(page)[number]
    assert page.count(f">{number}</text></g>") == 2


def test_the_pictures_show_every_stage_and_number_and_mark_scribe_and_the_way_back() -> None:
    pictures = re.findall(r'<svg class="diagram .*?</svg>', shown(ana(), "/help/lifecycle/"), re.S)
    assert len(pictures) == 2
    for picture in pictures:
        assert all(f">{state.label}</text>" in picture for state in State)
        assert re.findall(r">(\d+)</text>", picture) == [str(n) for n in range(1, len(TRANSITIONS) + 1)]
        assert picture.count('class="mark by-scribe"') == sum(m.who == Who.SCRIBE for m in TRANSITIONS)
        assert picture.count('class="arrow by-person is-back"') == 2
        assert 'role="img"' in picture and "<title" in picture and "style=" not in picture


@pytest.mark.parametrize("layout", [LYING, STANDING], ids=lambda layout: layout.name)
def test_no_number_covers_another_or_a_box(layout: Layout) -> None:
    picture = draw(move_rows(OfficeSettings()), layout)
    width, height = layout.box
    marks = [arrow.mark for arrow in picture.arrows]
    assert min(dist(a, b) for n, a in enumerate(marks) for b in marks[:n]) > 20
    for x, y in marks:
        assert 10 < x < layout.width - 10 and 10 < y < layout.height - 10
        assert not any(
            abs(x - b.middle[0]) < width / 2 + 6 and abs(y - b.middle[1]) < height / 2 + 6 for b in picture.boxes
        )


def test_every_stage_and_flag_is_on_the_card_with_its_meaning() -> None:
    card = words(shown(ana(), "/help/lifecycle/"))
    for state in State:
        assert f"{state.label} {state.meaning}" in card
    for flag in Flag:
        assert f"{flag.label} {flag.meaning}" in card


def test_the_offices_own_numbers_are_on_the_card() -> None:
    OfficeSettings.objects.update_or_create(
        pk=OfficeSettings.ONLY, defaults={"sla_minutes": 1, "no_response_days": 33, "stale_committed": 77}
    )
    card = words(shown(ana(), "/help/lifecycle/"))
    assert "Within 1 minute of the inquiry" in card
    assert "33 days in Contacting" in card
    assert "Stale after 77 days." in card


def test_every_reason_is_on_the_card_and_one_that_ada_adds() -> None:
    ReasonCode.objects.create(
        code="flood_zone", label="Lies in a flood zone", group=Group.OTHER, kinds=["contract_voided"]
    )
    card = shown(ana(), "/help/lifecycle/")
    for reason in ReasonCode.objects.all():
        for kind in reason.kinds:
            section = card[card.index(f'id="reasons-{kind}"') :].partition("</section>")[0]
            assert f'<span class="reason">{reason.label}' in section, (kind, reason.code)


def test_a_retired_reason_leaves_the_card_and_is_marked_in_the_reference() -> None:
    ReasonCode.objects.filter(code="outbid").update(retired=True)
    assert "Outbid" not in words(shown(ana(), "/help/lifecycle/"))
    row = next(r for r in shown(ana(), "/help/reference/").split("<tr") if "<code>outbid</code>" in r)
    assert "retired" in words(row)


def test_reasons_of_a_demotion_stand_under_their_groups() -> None:
    collapsed = next(r for r in reasons_by_kind(ReasonCode.book()) if r.kind == Kind.DEAL_COLLAPSED)
    assert [g.title for g in collapsed.groups][:2] == ["Financing", "Contingency"]
    assert collapsed.groups[-1].labels == ["Other"]


# ---- reference and glossary


def test_the_reference_names_every_kind_of_fact_in_a_sentence() -> None:
    told = {row.code: row.sentence for group in kind_groups() for row in group.rows}
    assert set(told) == {kind.value for kind in Kind} - UNTOLD
    assert all(sentence.endswith(".") for sentence in told.values())
    page = shown(ana(), "/help/reference/")
    assert all(f"<code>{code}</code>" in page for code in told)


def test_the_reference_lists_every_reason_code_with_its_code() -> None:
    page = shown(ana(), "/help/reference/")
    assert all(f"<code>{code}</code>" in page for code in ReasonCode.objects.values_list("code", flat=True))


def test_what_does_not_exist_yet_is_not_promised() -> None:
    for address in ADDRESSES:
        assert "temperature" not in words(shown(ada(), address)).lower(), address


def test_the_glossary_is_alphabetical_and_has_the_words_of_the_house() -> None:
    terms = glossary(numbers(OfficeSettings()))
    assert [t.word.lower() for t in terms] == sorted(t.word.lower() for t in terms)
    wanted = {
        "archive", "as-it-was", "as-known", "as-of", "assign", "audit-trail", "backfilled", "batch", "board", "chip",
        "claim", "closed", "collapse", "committed", "consent-flag", "consent-ledger", "correction",
        "custody", "demotion", "event", "fact", "fell-back", "first-contact-clock", "flag",
        "hand-off", "kind", "log", "move", "pool", "provenance", "qualified", "quick-return", "rate", "re-engaged",
        "reason-code", "recovered", "scribe", "stage", "stale", "still-inside", "story-so-far", "timeline", "trash",
        "undo", "version", "void",
    }  # fmt: skip
    assert wanted <= {t.anchor for t in terms}
    assert not any("%(" in t.meaning for t in terms)


def test_the_marks_are_those_of_the_board() -> None:
    page = shown(ana(), "/help/marks/")
    for mark in ("chip chip-good", "chip chip-bad", "chip chip-back", "chip chip-again", "is-stale", "is-pool"):
        assert mark in page
    for mark in ("chip chip-fresh", "chip chip-voided", "12 d, 3rd time here"):
        assert mark in page
    assert all(flag.label in page and flag.meaning in page for flag in Flag)
    for edge in ("card is-late", "card is-back", "card is-back is-voided", "card is-again"):
        assert edge in page


def test_the_keys_are_those_of_the_board() -> None:
    def keys(page: str) -> list[str]:
        return re.findall(r"<kbd>(.*?)</kbd>", page[page.index("<kbd>Tab") : page.index("<kbd>?</kbd>")])

    assert keys(shown(ana(), "/help/")) == keys(shown(ana(), "/"))


def test_a_card_that_no_longer_fits_does_not_say_that_it_does(client: Client) -> None:
    client.force_login(ana())
    assert "it fits on one sheet" in client.get("/help/lifecycle/").content.decode()
    for n in range(30):
        ReasonCode.objects.create(code=f"own_{n}", label=f"Our own {n}", group="other", kinds=["deal_collapsed"])
    assert "it fits on one sheet" not in client.get("/help/lifecycle/").content.decode()


# ---- the past


def test_the_brokers_questions_about_the_past_are_answered_with_the_words_of_the_pages() -> None:
    page = words(shown(bruna(), "/help/broker/"))
    for said in (*_LOOK_BACK, "State at…", "State at this moment", "May we contact?", "Who held it"):
        assert f"“{said}”" in page, said
    menu = words(shown(bruna(), "/"))
    assert all(said in menu for said in _LOOK_BACK)


_LOOK_BACK = (
    "The board on another day", "What changed since…", "Who holds what", "Who may be contacted", "Bulk reassignments",
)  # fmt: skip


def test_the_two_clocks_are_told_by_their_names_and_an_example() -> None:
    broker, reference = (words(shown(bruna(), f"/help/{name}/")) for name in ("broker", "reference"))
    for clock in Clock:
        assert clock.label in broker and clock.label in reference
    assert "As it was: Committed. There never was a contract." in broker
    assert "As we knew it then: In contract. The board said so on Friday." in broker


def test_teresa_stands_where_the_example_says() -> None:
    lead = cast(Lead, LeadFactory(status="COMMITTED"))
    move = service.move_lead(lead_id=lead.pk, to="IN_CONTRACT", actor=bruna(), source=Source.BOARD).events[0]
    moment = move.recorded_at
    service.void_move(
        lead_id=lead.pk, target=move.uuid, reason="too_early", note="Only countered.", actor=bruna(), source=Source.PAGE
    )
    rows = list(lead.events.order_by("version"))
    assert state_at(rows, moment, Clock.HAPPENED).status == State.COMMITTED
    assert state_at(rows, moment, Clock.KNOWN).status == State.IN_CONTRACT


@pytest.mark.parametrize("name", ["agent", "broker", "reference"])
def test_late_corrections_have_their_buttons_in_every_guide(name: str) -> None:
    page = words(shown(ana(), f"/help/{name}/"))
    assert "“This was a mistake”" in page and "“Correct the reason”" in page
    assert "no button" not in page


def test_the_admins_page_says_what_stands_before_a_deactivation_and_names_commands_that_exist() -> None:
    page = shown(ada(), "/help/admin/")
    assert "cannot be deactivated" in page
    assert {"lead_states", "board_diff", "custody"} <= set(get_commands())
    for command in ("lead_states --at", "board_diff --from", "custody --agent"):
        assert f"manage.py {command} " in page


# ---- the reports


def test_every_report_says_how_it_is_read() -> None:
    how = shown(bruna(), "/help/reports/")
    for report in CATALOG:
        page = shown(bruna(), report.url)
        assert f'href="/help/reports/#{report.name}"' in page, report.name
        assert report.name in IDS.findall(how)
        assert report.title in words(how)


def test_the_words_of_the_reports_are_explained_with_the_offices_own_minutes() -> None:
    OfficeSettings.objects.update_or_create(pk=OfficeSettings.ONLY, defaults={"quick_return_minutes": 45})
    for name in ("reports", "glossary", "admin"):
        assert "45 minutes" in words(shown(ada(), f"/help/{name}/")), name
    how = words(shown(ana(), "/help/reports/"))
    for word in ("Rate", "Quick return", "Recovered", "Still inside", "Half have left after", "not a ranking"):
        assert word in how, word


def test_the_admins_page_names_a_report_that_can_be_printed() -> None:
    assert "manage.py report collapses --from" in shown(ada(), "/help/admin/")
    assert "collapses" in REPORTS


# ---- who gets in, what is handed out, what is erased


def test_the_login_page_says_who_must_have_a_second_step_here(settings: Any) -> None:
    for named, said in (
        (frozenset({"broker", "admin"}), "in this office: Broker, Admin."),
        (frozenset({"agent"}), "in this office: Agent."),
        (frozenset(), "In this office nobody must have one"),
    ):
        settings.SECOND_FACTOR_FOR = named
        # Whoever is asked for one and has none reads nothing.
        reader = bruna() if "agent" in named else ana()
        assert said in words(shown(reader, "/help/login/"))


def test_each_guide_leads_to_the_page_about_the_login_and_to_the_pages_that_do_it() -> None:
    agent, broker, admin = (shown(ada(), f"/help/{name}/") for name in ("agent", "broker", "admin"))
    assert all('href="/help/login/' in page for page in (agent, broker, admin))
    assert 'href="/accounts/second/"' in shown(ana(), "/help/login/") and "/me/sessions/" in shown(
        ana(), "/help/login/"
    )
    assert 'href="/custody/"' in broker and 'href="/integrity/"' in broker
    assert 'href="/admin/leads/trace/"' in admin and "“remove_second_factor”" in admin
    assert "remove_second_factor" in get_commands()


def test_the_words_of_the_buttons_are_those_of_the_help() -> None:
    lead = cast(Lead, LeadFactory(agent=ana()))
    held = words(shown(bruna(), f"/custody/{ana().pk}/"))
    broker, admin, login = (words(shown(ada(), f"/help/{name}/")) for name in ("broker", "admin", "login"))
    assert "“Erase personal data…”" in broker and "Erase personal data…" in words(shown(bruna(), f"/leads/{lead.pk}/"))
    assert "“Let … go”" in broker and f"Let {ana().display_name} go…" in held
    for said in ("Where you are logged in", "Second step at the login"):
        assert said in login and said in words(shown(ana(), "/me/"))
    assert "“Take it off, the phone is lost”" in admin
