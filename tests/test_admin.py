"""The admin of an office: what may be changed, and what nobody can."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from leads.models import Lead, Role, User
from lifecycle.events import Kind
from lifecycle.models import EventNote, LeadEvent, OfficeSettings, ReasonCode
from lifecycle.states import State
from tests.factories import LeadFactory, ada, ana, bruna, newest, otto
from tests.pseudo import CODE, forgotten, spoken
from tests.second_steps import in_person

pytestmark = pytest.mark.django_db
LISTS = (
    "leads_user",
    "leads_lead",
    "lifecycle_reasoncode",
    "lifecycle_officesettings",
    "lifecycle_leadevent",
    "leads_import",
    "leads_importedrow",
    "leads_savedmapping",
)


@pytest.fixture
def as_ada() -> Client:
    """Ada, the admin, who has just logged in."""
    return in_person(ada())


def superuser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@office.example", "pw", display_name="Root"))
    return client


def fields(client: Client, url: str) -> dict[str, str]:
    """What the form at this address would send if nobody touched it."""
    form = client.get(url).context["adminform"].form
    initial = {name: form[name].value() for name in form.fields}
    return {name: "on" if value is True else value for name, value in initial.items() if value not in (None, False)}


def change(name: str, pk: Any) -> str:
    return reverse(f"admin:{name}_change", args=[pk])


# --- who may enter ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_only_admins_enter(name: str, client: Client) -> None:
    for who in (ana(), bruna()):
        client.force_login(who)
        answer = client.get(reverse(f"admin:{name}_changelist"))
        assert answer.status_code in (302, 403) and not answer.context


@pytest.mark.parametrize("name", LISTS)
def test_an_admin_of_the_office_sees_everything_without_djangos_permissions(name: str, as_ada: Client) -> None:
    LeadFactory.create(agent=ana())
    answer = as_ada.get(reverse(f"admin:{name}_changelist"), follow=True)
    assert answer.status_code == 200
    assert not ada().user_permissions.exists() and not ada().is_superuser


def test_access_follows_the_role(as_ada: Client) -> None:
    person = ana()
    url = change("leads_user", person.pk)
    as_ada.post(url, {**fields(as_ada, url), "role": "admin"})
    assert User.objects.get(pk=person.pk).is_staff
    as_ada.post(url, {**fields(as_ada, url), "role": "agent"})
    assert not User.objects.get(pk=person.pk).is_staff


def test_nothing_in_the_admin_needs_an_inline_script_or_style(as_ada: Client) -> None:
    lead = LeadFactory.create(agent=ana())
    pages = [
        reverse("admin:index"),
        *(reverse(f"admin:{n}_changelist") for n in LISTS),
        reverse("admin:leads_user_add"),
    ]
    pages += [
        change("leads_lead", lead.pk),
        change("leads_user", ana().pk),
        change("lifecycle_leadevent", newest(lead).pk),
    ]
    for page in pages:
        answer = as_ada.get(page, follow=True)
        html = answer.content.decode()
        assert answer.headers["Content-Security-Policy"]
        assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", html), page
        assert not re.findall(r"<style|\sstyle=|\son\w+=", html), page


# --- people -------------------------------------------------------------------------------------------------


def test_a_person_is_added_with_a_role(as_ada: Client) -> None:
    typed = {
        "username": "cleo",
        "display_name": "Cleo Costa",
        "role": "agent",
        "usable_password": "true",
        "password1": "correct horse 9",
        "password2": "correct horse 9",
    }
    assert as_ada.post(reverse("admin:leads_user_add"), typed).status_code == 302
    cleo = User.objects.get(username="cleo")
    assert (cleo.display_name, cleo.role, cleo.is_staff) == ("Cleo Costa", Role.AGENT, False)
    assert cleo.check_password("correct horse 9")


def test_a_person_without_open_leads_is_deactivated_and_keeps_the_others(as_ada: Client) -> None:
    lead = LeadFactory.create(agent=ana(), status=State.CLOSED)
    url = change("leads_user", ana().pk)
    typed = fields(as_ada, url)
    del typed["is_active"]
    as_ada.post(url, typed)
    lead.refresh_from_db()
    assert not User.objects.get(pk=ana().pk).is_active and lead.agent == ana()


def test_nobody_is_deleted_and_the_reason_is_said(as_ada: Client) -> None:
    LeadFactory.create(agent=ana())
    for client in (as_ada, superuser()):
        url = reverse("admin:leads_user_delete", args=[ana().pk])
        answer = client.post(url, {"post": "yes"}, follow=True)
        assert "People are never deleted" in answer.content.decode()
        client.post(
            reverse("admin:leads_user_changelist"),
            {"action": "delete_selected", "_selected_action": [otto().pk], "post": "yes"},
        )
    assert User.objects.filter(username__in=["ana", "otto"]).count() == 2


def test_nobody_takes_their_own_access_away(as_ada: Client) -> None:
    url = change("leads_user", ada().pk)
    answer = as_ada.post(url, {**fields(as_ada, url), "role": "agent"})
    assert "You cannot take your own access away." in answer.content.decode()
    assert User.objects.get(pk=ada().pk).role == Role.ADMIN


def test_an_admin_does_not_change_a_superuser(as_ada: Client) -> None:
    root = User.objects.create_superuser("root", "root@office.example", "pw", display_name="Root")
    assert as_ada.post(change("leads_user", root.pk), {"display_name": "Mine now"}).status_code == 403
    assert as_ada.get(reverse("admin:auth_user_password_change", args=[root.pk])).status_code == 403
    assert User.objects.get(pk=root.pk).display_name == "Root"


def test_no_form_hands_out_superuser_rights(as_ada: Client) -> None:
    url = change("leads_user", ada().pk)
    as_ada.post(url, {**fields(as_ada, url), "is_superuser": "on", "is_staff": "on"})
    assert not User.objects.get(pk=ada().pk).is_superuser


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "america/los_angeles "])
def test_a_zone_that_is_none_is_refused(as_ada: Client, zone: str) -> None:
    url = change("leads_user", ana().pk)
    assert as_ada.post(url, {**fields(as_ada, url), "time_zone": zone}).status_code == 200
    assert User.objects.get(pk=ana().pk).time_zone == ""


# --- reason codes -------------------------------------------------------------------------------------------


def test_a_reason_is_added_relabelled_and_retired(as_ada: Client) -> None:
    typed = {"code": "flood_zone", "label": "Flood zone", "group": "property_condition", "kinds": ["contract_voided"]}
    as_ada.post(reverse("admin:lifecycle_reasoncode_add"), typed)
    reason = ReasonCode.objects.get(code="flood_zone")
    assert reason.kinds == ["contract_voided"]
    as_ada.post(change("lifecycle_reasoncode", reason.pk), {**typed, "label": "In a flood zone", "retired": "on"})
    reason.refresh_from_db()
    assert (reason.label, reason.retired) == ("In a flood zone", True)


def test_a_code_never_changes_and_is_never_deleted(as_ada: Client) -> None:
    reason = ReasonCode.objects.get(code="outbid")
    typed = {"code": "renamed", "label": "Outbid", "group": "counterparty", "kinds": ["deal_collapsed"]}
    as_ada.post(change("lifecycle_reasoncode", reason.pk), typed)
    url = reverse("admin:lifecycle_reasoncode_delete", args=[reason.pk])
    answer = superuser().post(url, {"post": "yes"}, follow=True)
    assert "Retire it instead" in answer.content.decode()
    reason.refresh_from_db()
    assert reason.code == "outbid"


def test_a_reason_for_a_kind_that_asks_none_is_refused(as_ada: Client) -> None:
    typed = {"code": "x", "label": "X", "group": "other", "kinds": ["lead_created"]}
    assert as_ada.post(reverse("admin:lifecycle_reasoncode_add"), typed).status_code == 200
    assert not ReasonCode.objects.filter(code="x").exists()


def test_a_seeded_reason_is_saved_without_losing_what_it_explains(as_ada: Client) -> None:
    for reason in ReasonCode.objects.exclude(code="not_recorded"):
        before = sorted(reason.kinds)
        url = change("lifecycle_reasoncode", reason.pk)
        assert as_ada.post(url, fields(as_ada, url)).status_code == 302, reason.code
        reason.refresh_from_db()
        assert sorted(reason.kinds) == before


# --- settings -----------------------------------------------------------------------------------------------


def test_the_list_of_settings_leads_to_the_one_row(as_ada: Client) -> None:
    answer = as_ada.get(reverse("admin:lifecycle_officesettings_changelist"))
    assert answer.status_code == 302 and answer.headers["Location"] == change("lifecycle_officesettings", 1)
    assert as_ada.get(reverse("admin:lifecycle_officesettings_add")).status_code == 403


def test_settings_are_saved_and_judged(as_ada: Client) -> None:
    url = change("lifecycle_officesettings", 1)
    usual = fields(as_ada, url)
    as_ada.post(url, {**usual, "name": "Bay Homes", "sla_minutes": "7", "time_zone": "America/Denver"})
    office = OfficeSettings.load()
    assert (office.name, office.sla_minutes, office.time_zone) == ("Bay Homes", 7, "America/Denver")
    for bad in (
        {"time_zone": "Mars/Olympus"},
        {"sla_minutes": "0"},
        {"stale_qualified": "-1"},
        {"no_response_days": "x"},
    ):
        assert as_ada.post(url, {**usual, **bad}).status_code == 200
    assert OfficeSettings.load().sla_minutes == 7


# --- leads --------------------------------------------------------------------------------------------------


def test_a_contact_fact_changed_here_is_a_fact_of_the_log(as_ada: Client) -> None:
    lead = LeadFactory.create(agent=ana(), name="Dana Ortiz")
    url = change("leads_lead", lead.pk)
    as_ada.post(url, {**fields(as_ada, url), "name": "Dana Ortiz-Reyes", "phone": "(510) 555-0199"})
    event = newest(lead)
    assert (event.kind, event.source, event.actor) == (Kind.CONTACT_DETAILS_CHANGED, "admin", ada())
    assert event.data == {"fields": ["name", "phone"]}
    lead.refresh_from_db()
    assert (lead.name, lead.phone_e164, lead.version) == ("Dana Ortiz-Reyes", "+15105550199", event.version)


def test_saving_without_a_change_writes_nothing(as_ada: Client) -> None:
    lead = LeadFactory.create(agent=ana())
    url = change("leads_lead", lead.pk)
    assert as_ada.post(url, fields(as_ada, url)).status_code == 302
    assert lead.events.count() == 2


def test_every_column_of_the_lifecycle_is_read_only(as_ada: Client) -> None:
    lead = LeadFactory.create(agent=ana())
    url = change("leads_lead", lead.pk)
    assert set(as_ada.get(url).context["adminform"].form.fields) == {"name", "email", "phone", "headline", "address"}
    sneaked = {"status": "CLOSED", "agent": bruna().pk, "version": 99, "dnc": "on", "provenance": "fresh"}
    as_ada.post(url, {**fields(as_ada, url), **sneaked})
    lead.refresh_from_db()
    assert (lead.status, lead.agent, lead.version, lead.dnc) == ("NEW", ana(), 2, False)


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ({"name": ""}, "This field is required."),
        ({"name": "a\x00b"}, "Null characters"),
        ({"email": "dana@"}, "This is not an e-mail address."),
        ({"email": "", "phone": ""}, "Keep an e-mail or a phone number"),
        ({"headline": "x" * 10_000}, "at most 200 characters"),
    ],
)
def test_a_bad_contact_fact_is_refused_with_a_sentence(as_ada: Client, typed: dict[str, str], sentence: str) -> None:
    lead = LeadFactory.create(agent=ana())
    url = change("leads_lead", lead.pk)
    answer = as_ada.post(url, {**fields(as_ada, url), **typed})
    assert answer.status_code == 200 and sentence in answer.content.decode()
    assert lead.events.count() == 2


def test_a_lead_that_newer_software_wrote_to_is_refused_and_not_broken(as_ada: Client) -> None:
    lead = LeadFactory.create(agent=ana())
    head = newest(lead)
    LeadEvent(
        lead=lead, version=3, kind="showing_scheduled", source="page", hash="0" * 64,
        occurred_at=head.recorded_at, recorded_at=head.recorded_at,
    ).save(force_insert=True)  # fmt: skip
    Lead.objects.filter(pk=lead.pk).update(version=3, head_hash="0" * 64, rules_version=99)
    url = change("leads_lead", lead.pk)
    answer = as_ada.post(url, {**fields(as_ada, url), "name": "Changed"}, follow=True)
    assert "Nothing was saved." in answer.content.decode()
    assert Lead.objects.get(pk=lead.pk).name == lead.name


def test_a_new_lead_comes_in_by_the_front_door(as_ada: Client) -> None:
    answer = as_ada.get(reverse("admin:leads_lead_add"))
    assert answer.status_code == 302 and answer.headers["Location"] == reverse("lead-new")
    as_ada.post(reverse("admin:leads_lead_add"), {"name": "Dana", "phone": "510 555 0123"})
    assert not Lead.objects.exists()


def test_a_lead_is_not_deleted_and_the_reason_is_said() -> None:
    lead = LeadFactory.create(agent=ana())
    url = reverse("admin:leads_lead_delete", args=[lead.pk])
    answer = superuser().post(url, {"post": "yes"}, follow=True)
    assert "A lead is never deleted" in answer.content.decode()
    assert Lead.objects.filter(pk=lead.pk).exists()


# --- the log ------------------------------------------------------------------------------------------------


def test_the_log_is_only_looked_at_even_by_superusers() -> None:
    lead = LeadFactory.create(agent=ana())
    event = newest(lead)
    before = list(LeadEvent.objects.values()), list(EventNote.objects.values())
    client = superuser()
    assert client.get(change("lifecycle_leadevent", event.pk)).status_code == 200
    assert client.post(change("lifecycle_leadevent", event.pk), {"reason": "other"}).status_code == 403
    assert client.get(reverse("admin:lifecycle_leadevent_add")).status_code == 403
    answer = client.post(reverse("admin:lifecycle_leadevent_delete", args=[event.pk]), {"post": "yes"}, follow=True)
    assert "The log is for ever" in answer.content.decode()
    selected = {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
    client.post(reverse("admin:lifecycle_leadevent_changelist"), selected)
    assert (list(LeadEvent.objects.values()), list(EventNote.objects.values())) == before


def test_no_page_of_the_admin_offers_an_action() -> None:
    for model, page in admin.site._registry.items():
        if model._meta.app_label in ("leads", "lifecycle"):
            assert page.actions is None, model


@pytest.mark.parametrize("text", ["dana", "%", "x" * 3000, "L-1", "🏡"])
def test_the_lists_can_be_searched_for_anything(as_ada: Client, text: str) -> None:
    LeadFactory.create(agent=ana(), name="Dana Ortiz")
    for name in ("leads_user", "leads_lead", "lifecycle_reasoncode", "lifecycle_leadevent"):
        assert as_ada.get(reverse(f"admin:{name}_changelist"), {"q": text}).status_code == 200


def test_two_people_on_one_lead_in_the_admin_do_not_undo_each_other() -> None:
    lead = LeadFactory.create(name="Dana", agent=ana(), phone="+1 415 555 0101", headline="A garden")
    shown = {f"initial-{n}": getattr(lead, n) for n in ("name", "email", "phone", "headline", "address")}
    typed = {n: getattr(lead, n) for n in ("name", "email", "phone", "headline", "address")}
    client = Client()
    client.force_login(ada())
    url = f"/admin/leads/lead/{lead.pk}/change/"
    assert client.post(url, {**typed, **shown, "phone": "+1 415 555 0199"}).status_code == 302

    late = client.post(url, {**typed, **shown, "headline": "Two gardens"})
    assert late.status_code == 302
    lead.refresh_from_db()
    assert (lead.phone, lead.headline) == ("+1 415 555 0199", "Two gardens")

    same = client.post(url, {**typed, **shown, "phone": "+1 415 555 0155"})
    assert same.status_code == 200 and "changed this meanwhile" in same.content.decode()
    lead.refresh_from_db()
    assert lead.phone == "+1 415 555 0199"


def test_a_reason_explains_something_and_is_told_from_its_neighbours() -> None:
    client = Client()
    client.force_login(ada())
    url = "/admin/lifecycle/reasoncode/add/"
    fresh = {"code": "boundary_dispute", "label": "Boundary dispute", "group": "title_legal"}
    assert "Tick at least one" in client.post(url, fresh).content.decode()
    twin = {**fresh, "label": "cold feet", "kinds": ["deal_collapsed"]}
    assert "Nobody could tell them apart" in client.post(url, twin).content.decode()
    assert client.post(url, {**fresh, "kinds": ["contract_voided"]}).status_code == 302


def test_a_reason_that_hindsight_writes_by_itself_cannot_be_retired() -> None:

    routing = ReasonCode.objects.get(code="initial_routing")
    client = Client()
    client.force_login(ada())
    answer = client.post(
        f"/admin/lifecycle/reasoncode/{routing.pk}/change/",
        {"label": routing.label, "group": routing.group, "kinds": routing.kinds, "retired": "on"},
    )
    assert "cannot be retired" in answer.content.decode()
    assert not ReasonCode.objects.get(pk=routing.pk).retired


def test_the_list_of_events_asks_the_database_as_often_for_a_hundred_rows_as_for_one(
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(4):
        LeadFactory.create(status=State.COMMITTED, agent=ana())
    client = Client()
    client.force_login(ada())
    with django_assert_max_num_queries(12):
        assert client.get("/admin/lifecycle/leadevent/").status_code == 200


# --- in the language of the reader --------------------------------------------------------------------------

#: What an admin page shows as words of the product, not of people: labels, heads of columns and parts, hints.
SHOWN = re.compile(
    r"<label[^>]*>([^<]+)|<legend[^>]*>([^<]+)|<h[1-4][^>]*>([^<]+)</h|<div class=\"text\">\s*<\w+[^>]*>([^<]+)"
    r"|<th scope=\"row\"[^>]*><a[^>]*>([^<]+)</a>|<div class=\"(?:help|description)\"[^>]*>\s*(?:<div>)?([^<]+)",
)


def untranslated(html: str) -> set[str]:
    found = {unescape(words).strip().rstrip(":") for match in SHOWN.findall(html) for words in match if words.strip()}
    # Two columns are called so in every language, and so is an event: by its code and number.
    names = ("", "Id", "Uuid", "agent_assigned #2")
    return {words for words in found if forgotten(words) not in names}


def test_every_word_of_the_admin_is_said_in_the_readers_language(as_ada: Client, settings: Any) -> None:
    lead = LeadFactory.create(name="⟦Dana⟧", agent=ana())
    settings.LANGUAGES = [*settings.LANGUAGES, (CODE, "Nobody's")]
    # People's own words are no words of the product.
    User.objects.filter(pk=ada().pk).update(language=CODE, display_name="⟦Ada⟧")
    OfficeSettings.objects.update(name="⟦Our office⟧")
    ReasonCode.objects.filter(code="outbid").update(label="⟦Overbid⟧")
    reason = ReasonCode.objects.get(code="outbid")
    pages = [
        reverse("admin:index"),
        *(reverse(f"admin:{name}_changelist") for name in LISTS),
        reverse("admin:leads_user_add"),
        reverse("admin:lifecycle_reasoncode_add"),
        change("leads_lead", lead.pk),
        change("leads_user", ada().pk),
        change("lifecycle_leadevent", newest(lead).pk),
        change("lifecycle_reasoncode", reason.pk),
    ]
    with spoken():
        for page in pages:
            html = as_ada.get(page, follow=True).content.decode()
            assert html.count("⟦") > 20
            assert untranslated(html) == set(), page
        answer = as_ada.post(reverse("admin:leads_lead_delete", args=[lead.pk]), {"post": "yes"}, follow=True)
        assert "⟦A lead is never deleted" in answer.content.decode()


def test_a_label_is_listed_as_it_is_read_and_edited_as_it_is_stored(as_ada: Client, settings: Any) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, (CODE, "Nobody's")]
    User.objects.filter(pk=ada().pk).update(language=CODE)
    reason = ReasonCode.objects.get(code="outbid")
    url = change("lifecycle_reasoncode", reason.pk)
    with spoken():
        assert "⟦Outbid⟧" in as_ada.get(reverse("admin:lifecycle_reasoncode_changelist")).content.decode()
        page = as_ada.get(url)
        assert page.context["adminform"].form["label"].value() == "Outbid"
        assert "it reads “⟦Outbid⟧”" in page.content.decode()
        as_ada.post(url, {"label": "Outbid", "group": "counterparty", "kinds": reason.kinds})
    reason.refresh_from_db()
    assert reason.label == "Outbid"


def test_markup_in_a_label_is_text_in_the_hint_below_it(as_ada: Client, settings: Any) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, (CODE, "Nobody's")]
    User.objects.filter(pk=ada().pk).update(language=CODE)
    ReasonCode.objects.filter(code="outbid").update(label="<img src=x onerror=go()>")
    reason = ReasonCode.objects.get(code="outbid")
    with spoken():
        page = as_ada.get(change("lifecycle_reasoncode", reason.pk)).content.decode()
    assert "reads “⟦&lt;img" in page and "<img src=x" not in page
