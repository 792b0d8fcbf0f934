"""Whatever is handed out in bulk leaves a trace: who, when, what, of how many, where it went. Nothing changes one."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from leads.models import Import, ImportedRow, Lead, Outcome, Phase, Trace, User, What
from leads.traces import KEPT, TRACED_GETS, TRACED_POSTS, remove_old
from lifecycle.service import bulk
from lifecycle.states import State
from tests import proofs
from tests.factories import LeadFactory, ada, ana, ben, bruna
from tests.soundness import nothing_written

pytestmark = pytest.mark.django_db

#: Files that tell of no lead: an invented list to begin with; codes of one's own; a seal that names nobody.
OF_NOBODY = {"checkpoint", "import-sample", "mfa_download_recovery_codes"}


def at_desk(who: User) -> Client:
    desk = Client(REMOTE_ADDR="203.0.113.7")
    desk.force_login(who)
    return desk


def scene() -> dict[str, Any]:
    """A lead with a past, an import with a refused row, a bulk action: something to hand out on every page."""
    lead = LeadFactory.create(agent=ana(), status=State.QUALIFIED)
    given = LeadFactory.create(agent=ana())
    batch = bulk.begin(
        uuid=uuid4(), actor=bruna(), wishes=[bulk.Wish(given.pk, given.version, ben().pk)], reason="territory"
    )
    bulk.carry_on(uuid=batch.uuid, actor=bruna())
    made = Import.objects.create(
        actor=bruna(), phase=Phase.DONE.value, made_at=timezone.now(), file_name="old.csv", counts={"refused": 1}
    )
    ImportedRow.objects.create(of=made, line=2, outcome=Outcome.REFUSED.value, cells=["Mia"], sentence="No.")
    return {"lead": lead, "batch": batch, "import": made}


def routes(patterns: list[Any], before: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every address of the resolver: its route, its full name, its view."""
    for one in patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, here, f"{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield here, f"{space}{one.name or ''}", one.callback


def addresses(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and address of every page that a GET can open here."""
    known = {"pk": found["lead"].pk, "agent": ana().pk, "event": found["lead"].events.last().uuid}
    words = {"state": "QUALIFIED", "name": "broker", "language": "en", "edition": "x", "object_id": found["lead"].pk}
    for route, name, _ in routes(get_resolver().url_patterns):
        path = "/" + route
        uuid = found["batch"].uuid if "reassign" in route else found["import"].pk
        for key, value in {**known, **words, "uuid": uuid, "app_label": "leads"}.items():
            for kind in ("int", "str", "slug", "uuid", "path"):
                path = path.replace(f"<{kind}:{key}>", str(value))
        if "<" not in path and "(?P" not in path and "logout" not in path and "hints" not in path:
            yield name, path


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_file_leaves_a_trace_and_a_get_leaves_one_only_where_it_is_declared() -> None:
    found = scene()
    broker, admin = at_desk(bruna()), at_desk(ada())
    files, undeclared = set(), set()
    for name, path in addresses(found):
        desk = admin if path.startswith("/admin/") else broker
        for query in ("?rows=refused",) if name == "import-run" else ("?format=csv",) if _may_be(name) else ("",):
            before = Trace.objects.count()
            answer = desk.get(path + query)
            more = Trace.objects.count() - before
            if answer.has_header("Content-Disposition"):
                content(answer)
                files.add(name)
                assert more == (name not in OF_NOBODY), path + query
            elif more and name not in TRACED_GETS:
                undeclared.add(name)
    assert undeclared == set()
    assert files - OF_NOBODY >= {"agent-custody", "lead-consent-csv", "import-errors", "reports", "report-agent"}
    assert len(files) >= 11


def _may_be(name: str) -> bool:
    """Whether the page could be asked for a file by its query: reports and custody know how."""
    return name.startswith("report") or "custody" in name


def test_the_declared_pages_are_those_that_are_decorated() -> None:
    decorated = {name for _, name, view in routes(get_resolver().url_patterns) if hasattr(view, "leaves")}
    assert decorated == TRACED_POSTS | {name for name in TRACED_GETS if not name.startswith("admin:")}


CASES: dict[str, tuple[Callable[[dict[str, Any]], str], What]] = {
    "a report": (lambda s: reverse("report-time") + "?format=csv", What.REPORT),
    "custody as a file": (lambda s: reverse("agent-custody", args=[ana().pk]) + "?format=csv", What.CUSTODY),
    "custody as a list": (lambda s: reverse("agent-custody", args=[ana().pk]), What.HELD),
    "a ledger": (lambda s: reverse("lead-consent-csv", args=[s["lead"].pk]), What.LEDGER),
    "a letter": (lambda s: reverse("lead-consent-letter", args=[s["lead"].pk]), What.LETTER),
    "a packet": (lambda s: reverse("lead-packet", args=[s["lead"].pk]), What.PACKET),
    "packets": (lambda s: reverse("reassign-packets", args=[s["batch"].pk]), What.PACKETS),
    "rows to mend": (lambda s: reverse("import-errors", args=[s["import"].pk]), What.ROWS),
    "rows as a list": (lambda s: reverse("import-run", args=[s["import"].pk]) + "?rows=refused", What.IMPORTED),
    "a whole book": (lambda s: f"{reverse('reassign')}?agent={ana().pk}", What.BOOK),
    "the leads behind a figure": (lambda s: reverse("report-glance-leads"), What.FIGURES),
    "the admin's list": (lambda s: reverse("admin:leads_lead_changelist"), What.ADMIN),
}


@pytest.mark.parametrize("case", CASES)
def test_a_trace_says_who_what_of_whom_and_where_it_went(case: str) -> None:
    found = scene()
    address, what = CASES[case]
    desk = at_desk(ada())
    with nothing_written():
        assert desk.get(address(found)).status_code == 200
    (trace,) = Trace.objects.all()
    assert (trace.who, trace.who_name, trace.what) == (ada(), "Ada Adeyemi", what.value)
    assert trace.address == "203.0.113.7" and timezone.now() - trace.at < timedelta(minutes=1)
    assert trace.page in TRACED_GETS
    if what in (What.LEDGER, What.LETTER, What.PACKET):
        assert trace.lead == found["lead"]
    if f"{ana().pk}" in address(found) and "agent" in address(found) + trace.page:
        assert trace.person == ana()
    if what in (What.CUSTODY, What.HELD):
        assert trace.leads == 2
    if what in (What.PACKETS, What.ROWS):
        assert trace.leads == 1 and trace.batch in (found["batch"].pk, found["import"].pk)


def test_who_is_refused_leaves_none_and_neither_does_a_head() -> None:
    found = scene()
    agent, broker = at_desk(ana()), at_desk(bruna())
    assert agent.get(reverse("report-time") + "?format=csv").status_code == 403
    assert agent.get(reverse("agent-custody", args=[ben().pk])).status_code == 404
    assert broker.get(reverse("report-time") + "?format=csv&stage=nowhere").status_code == 422
    assert broker.head(reverse("agent-custody", args=[ana().pk])).status_code == 200
    assert broker.get(reverse("import-run", args=[found["import"].pk])).status_code == 200
    assert not Trace.objects.exists()


def test_a_file_asks_anew_who_it_is_and_a_page_does_not() -> None:
    found = scene()
    desk = at_desk(bruna())
    proofs.long_ago(desk, bruna())
    answer = desk.get(reverse("report-time") + "?format=csv")
    assert answer.status_code == 302 and "next=" in answer["Location"] and not answer.has_header("Content-Disposition")
    assert not Trace.objects.exists()
    assert desk.get(reverse("agent-custody", args=[ana().pk])).status_code == 200
    assert desk.get(reverse("lead-consent-csv", args=[found["lead"].pk])).status_code == 302
    proofs.now(desk, bruna())
    assert desk.get(reverse("report-time") + "?format=csv").status_code == 200
    assert sorted(Trace.objects.values_list("what", flat=True)) == ["held", "report"]


def test_without_its_trace_no_file_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = at_desk(bruna())
    desk.raise_request_exception = False

    def full(*args: Any, **said: Any) -> None:
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(Trace.objects, "create", full)
    assert desk.get(reverse("report-time") + "?format=csv").status_code == 500


def test_behind_a_proxy_the_address_is_that_of_whoever_asked(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    desk = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.9")
    desk.force_login(bruna())
    desk.get(reverse("agent-custody", args=[ana().pk]))
    assert Trace.objects.get().address == "198.51.100.9"


def test_an_address_that_nobody_knows_is_none() -> None:
    desk = Client(REMOTE_ADDR="")
    desk.force_login(bruna())
    assert desk.get(reverse("agent-custody", args=[ana().pk])).status_code == 200
    assert Trace.objects.get().address is None


# --- nobody changes one -------------------------------------------------------------------------------------


def left() -> Trace:
    at_desk(bruna()).get(reverse("agent-custody", args=[ana().pk]))
    return Trace.objects.get()


def test_a_trace_stays_as_it_was_left() -> None:
    trace = left()
    for act in (trace.save, trace.delete, Trace.objects.all().delete, lambda: Trace.objects.update(who_name="x")):
        with pytest.raises(TypeError):
            act()
    assert Trace.objects.get().who_name == "Bruna Barros"


def test_the_admin_shows_traces_by_person_and_kind_and_changes_none() -> None:
    trace = left()
    desk = at_desk(ada())
    where = reverse("admin:leads_trace_changelist")
    assert "Bruna Barros" in desk.get(where).content.decode()
    assert Trace.objects.count() == 1, "To look at traces leaves none."
    assert "1 trace" in desk.get(where, {"who": str(bruna().pk), "what": "held"}).content.decode()
    queries: list[dict[str, str]] = [{"who": str(ana().pk)}, {"who": "x"}, {"what": "ledger"}]
    for query in queries:
        assert "0 traces" in desk.get(where, query).content.decode()
    assert desk.get(reverse("admin:leads_trace_add")).status_code == 403
    assert desk.post(reverse("admin:leads_trace_change", args=[trace.pk]), {"who_name": "x"}).status_code == 403
    desk.post(reverse("admin:leads_trace_delete", args=[trace.pk]), {"post": "yes"})
    assert Trace.objects.get().who_name == "Bruna Barros"
    assert at_desk(bruna()).get(where).status_code in (302, 403)


def test_a_year_later_the_round_removes_it() -> None:
    left()
    assert remove_old(timezone.now() + KEPT - timedelta(hours=1)) == 0
    assert remove_old(timezone.now() + KEPT + timedelta(hours=1)) == 1
    assert not Trace.objects.exists()
    out = io.StringIO()
    call_command("run_due", stdout=out)
    assert "traces of exports older than a year removed: 0" in out.getvalue()


def test_a_lead_page_and_the_board_leave_none() -> None:
    lead = LeadFactory.create(agent=ana())
    desk = at_desk(bruna())
    for address in ("/", reverse("lead", args=[lead.pk]), reverse("search") + "?q=Dana", reverse("reports")):
        assert desk.get(address).status_code == 200
    assert not Trace.objects.exists()
    assert Lead.objects.count() == 1
