"""After an erasure no word of the person is left: in no table, on no page, in no file, no search, no past board."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from leads import erasure
from leads.models import Import, ImportedRow, Lead, Outcome, Phase
from lifecycle import service
from lifecycle.errors import BadInput
from lifecycle.events import Source
from lifecycle.service import bulk
from lifecycle.states import State
from tests.factories import LeadFactory, ada, advance, ana, ben, bruna, newest
from tests.import_drafts import draft
from tests.import_hands import HEADER, mapped

pytestmark = pytest.mark.django_db(transaction=True)

#: Each stands in one place of a person's data, and nowhere else in the product.
CANARIES = {
    "name": "Zwyndolyn Quexington",
    "email": "zq.canary@example.com",
    "phone": "+1 415 555 0193",
    "headline": "a houseboat with a xylarium",
    "address": "77 Quillfeather Mews, Oakland",
    "note": "She mentioned the vexillarium twice.",
    "document": "agreement-zephyrine.pdf",
    "override": "Her brother Yorrick asked us to.",
    "collapse": "The bank of Ozymandium said no.",
}
#: What is looked for, in the notation of tables and pages.
WORDS = [
    *("Zwyndolyn", "Quexington", "zq.canary", "4155550193", "555 0193", "555-0193", "xylarium", "Quillfeather"),
    *("vexillarium", "zephyrine", "Yorrick", "Ozymandium"),
]


def canary() -> Lead:
    """A lead with the whole of a story, told in words that nobody else uses."""
    person = {name: CANARIES[name] for name in ("name", "email", "phone", "headline", "address")}
    lead = LeadFactory.create(agent=ana(), status=State.QUALIFIED, **person)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    service.add_note(**common, note=CANARIES["note"])
    service.set_flag(**common, flag="dnc", reason="legal", note=CANARIES["note"])
    service.log_contact(**common, channel="call", outcome="spoke", override_reason=CANARIES["override"])
    advance(lead, State.COMMITTED, actor=ana(), document=CANARIES["document"])
    advance(lead, State.QUALIFIED, actor=ana(), reason="other", note=CANARIES["collapse"])
    service.assign_lead(**common, to_agent=ben(), reason="territory", note=CANARIES["note"])
    desk = Client()
    desk.force_login(ada())
    where = reverse("admin:leads_lead_change", args=[lead.pk])
    said = {name: CANARIES[name] for name in ("name", "email", "phone", "address")} | {"headline": "two xylariums"}
    shown = {f"initial-{name}": CANARIES[name] for name in ("name", "email", "phone", "headline", "address")}
    assert desk.post(where, {**said, **shown}).status_code == 302
    return lead


def in_a_batch(lead: Lead) -> None:
    """Reassigned together with another lead, with a note that tells of nobody."""
    lead.refresh_from_db()
    other = LeadFactory.create(name="Joe Tran", agent=ben())
    wishes = [bulk.Wish(one.pk, one.version, ana().pk) for one in (lead, other)]
    batch = bulk.begin(uuid=uuid4(), actor=bruna(), wishes=wishes, reason="workload_balance", note="Both go to Ana.")
    bulk.carry_on(uuid=batch.uuid, actor=bruna())


def imported(lead: Lead, phase: Phase = Phase.DONE) -> Import:
    """A file with the person: one row the lead's own, one refused with the same phone, one of somebody else."""
    row = f"1,{CANARIES['name']},{CANARIES['email']},(415) 555-0193,Open,,01/10/2011 00:38,"
    made = draft(f"{HEADER}\r\n{row}\r\n", mapping=mapped(), source="Old CRM")
    Import.objects.filter(pk=made.pk).update(phase=phase.value, started_at=timezone.now(), finished_at=timezone.now())
    cells = row.split(",")
    ImportedRow.objects.create(of=made, line=2, outcome=Outcome.SKIPPED.value, lead=lead, cells=cells, sentence="Same.")
    ImportedRow.objects.create(
        of=made, line=3, outcome=Outcome.REFUSED.value, cells=["3", "Z Q", "", "415.555.0193"], sentence="No."
    )
    ImportedRow.objects.create(
        of=made, line=4, outcome=Outcome.REFUSED.value, cells=["4", "Mia Lopez", "mia@example.com", ""], sentence="No."
    )
    made.refresh_from_db()
    return made


def forget(lead: Lead) -> None:
    erasure.erase(lead_id=lead.pk, reason="erasure_requested", actor=bruna(), source=Source.PAGE)


def everything_stored() -> Iterator[tuple[str, str]]:
    """Every row of every table of ours and of the libraries, as text; sessions decoded."""
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            yield model.__name__, " | ".join(str(value) for value in row)
    for session in apps.get_model("sessions", "Session")._default_manager.all():
        yield "Session", str(session.get_decoded())


def told(text: str) -> list[str]:
    return [word for word in WORDS if word.casefold() in text.casefold()]


def test_the_canaries_are_found_before_and_in_no_table_afterwards() -> None:
    lead = canary()
    in_a_batch(lead)
    imported(lead)
    before = {word for _, row in everything_stored() for word in told(row)}
    assert before >= {"Zwyndolyn", "zq.canary", "Quillfeather", "vexillarium", "zephyrine", "Yorrick", "Ozymandium"}
    forget(lead)
    assert [(name, told(row)) for name, row in everything_stored() if told(row)] == []


def test_no_page_no_file_no_search_and_no_past_tells_of_them() -> None:
    lead = canary()
    in_a_batch(lead)
    made = imported(lead)
    agent, broker, admin = Client(), Client(), Client()
    for desk, who in ((agent, ana()), (broker, bruna()), (admin, ada())):
        desk.force_login(who)
    asked = list(addresses(lead, made))
    shown = [f"/leads/{lead.pk}/", f"/leads/{lead.pk}/packet/", f"/custody/{ana().pk}/?format=csv", "/search/?q=0193"]
    assert set(shown) <= set(asked) and all(told(read(broker, address)) for address in shown)
    forget(lead)
    found = {a: told(read(admin if a.startswith("/admin/") else broker, a)) for a in asked}
    found |= {a: told(read(agent, a)) for a in asked if f"/{lead.pk}/" in a or a == "/"}
    assert {a: words for a, words in found.items() if words} == {}
    assert len(asked) > 60


def addresses(lead: Lead, made: Import) -> Iterator[str]:
    """Every address of the resolver that a GET can open, about this lead, its people, its import, its batch."""
    batch = str(lead.events.exclude(batch=None).values_list("batch", flat=True).last())
    known = {
        "pk": lead.pk,
        "event": newest(lead).uuid,
        "agent": ana().pk,
        "state": "QUALIFIED",
        "name": "broker",
        "object_id": lead.pk,
        "app_label": "leads",
        "content_type_id": 1,
    }
    for route, _ in routes(get_resolver().url_patterns):
        if any(part in route for part in ("logout", "words/", "hints", "static", "jsi18n", "<path:url>", "password")):
            continue
        uuid = batch if "reassign" in route else str(made.pk)
        path = "/" + route
        for key, value in {**known, "uuid": uuid}.items():
            for kind in ("int", "str", "slug", "uuid", "path"):
                path = path.replace(f"<{kind}:{key}>", str(value))
        if "<" in path or "(?P" in path:
            continue
        yield path
        if path.startswith(("/reports/", "/custody/")):
            yield f"{path}?format=csv"
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    search = [f"/search/?q={word}" for word in ("Zwyndolyn", "zq.canary@example.com", "0193")]
    yield from [*search, f"/?at={at}", "/?q=Zwyndolyn", f"/reassign/?agent={ana().pk}", f"/leads/{lead.pk}/?print=1"]
    yield from [f"/import/{made.pk}/?rows={outcome.value}" for outcome in Outcome]
    yield from [f"/leads/{lead.pk}/at/?at={at}", f"/custody/{ana().pk}/?print=1", "/consent/?q=zq.canary@example.com"]


def routes(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    for one in patterns:
        here = before + str(one.pattern).removeprefix("^").removesuffix("\\Z")
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, here)
        elif isinstance(one, URLPattern):
            yield here, one.name or ""


def read(desk: Client, address: str) -> str:
    answer: Any = desk.get(address)
    assert answer.status_code < 500, address
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    # What was typed into the address comes back in fields; that is the asker's own word.
    own = text.decode("utf-8", "replace")
    for said in ("Zwyndolyn", "zq.canary@example.com"):
        if f"q={said}" in address:
            own = own.replace(said, "").replace(quote(said), "")
    return own


def test_the_file_goes_with_the_rows_that_quote_them_and_other_peoples_rows_stay() -> None:
    lead = canary()
    made = imported(lead)
    where = Path(made.file.path)
    assert where.exists()
    forget(lead)
    made.refresh_from_db()
    assert not made.file and not where.exists()
    rows: dict[int, Any] = {row.line: row.cells for row in ImportedRow.objects.filter(of=made)}
    assert rows[2] is None and rows[3] is None and rows[4][1] == "Mia Lopez"


@pytest.mark.parametrize("phase", [Phase.CHECKED, Phase.RUNNING, Phase.UNDOING])
def test_while_the_file_is_on_its_way_in_nothing_is_erased(phase: Phase) -> None:
    lead = canary()
    made = imported(lead, phase)
    with pytest.raises(BadInput):
        forget(lead)
    lead.refresh_from_db()
    made.refresh_from_db()
    assert lead.name == CANARIES["name"] and made.file


def test_the_list_of_changes_in_the_admin_names_a_number() -> None:
    lead = canary()
    assert LogEntry.objects.filter(object_repr=CANARIES["name"]).exists()
    forget(lead)
    assert set(LogEntry.objects.values_list("object_repr", flat=True)) == {f"L-{lead.pk}"}


def test_a_key_that_is_an_address_goes_and_any_other_stays() -> None:
    by_address, by_number = canary(), LeadFactory.create(agent=ana())
    Lead.objects.filter(pk=by_address.pk).update(external_source="Old CRM", external_key=CANARIES["email"])
    Lead.objects.filter(pk=by_number.pk).update(external_source="Old CRM", external_key="4711")
    forget(by_address)
    forget(by_number)
    assert Lead.objects.get(pk=by_address.pk).external_key == f"erased-{by_address.pk}"
    assert Lead.objects.get(pk=by_number.pk).external_key == "4711"


def test_the_same_export_once_more_does_not_bring_them_back(tmp_path: Path) -> None:
    bruna()
    where, how = tmp_path / "export.csv", tmp_path / "mapping.json"
    row = f"1,{CANARIES['name']},{CANARIES['email']},{CANARIES['phone']},Open,,01/10/2011 00:38,"
    where.write_text(f"{HEADER}\r\n{row}\r\n")
    how.write_text(mapping())
    arguments: dict[str, Any] = {"mapping": how, "source": "Old CRM", "by": "bruna", "duplicates": "update"}
    call_command("import_leads", where, stdout=io.StringIO(), stderr=io.StringIO(), **arguments)
    lead = Lead.objects.get(external_key="1")
    forget(lead)
    where.write_text(f"{HEADER}\r\n{row.replace('Oakland', 'Berkeley')}\r\n")
    call_command("import_leads", where, stdout=io.StringIO(), stderr=io.StringIO(), **arguments)
    assert Lead.objects.count() == 1
    assert [(name, told(row)) for name, row in everything_stored() if told(row)] == []


def mapping() -> str:
    import json

    return json.dumps(mapped().as_json())


def test_the_ledger_as_a_file_says_that_its_words_were_erased() -> None:
    lead = canary()
    forget(lead)
    desk = Client()
    desk.force_login(bruna())
    text = desk.get(reverse("lead-consent-csv", args=[lead.pk])).content.decode()
    assert [row["words"] for row in csv.DictReader(io.StringIO(text))] == ["erased"]
