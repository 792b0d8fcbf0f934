"""Ana sends forms about leads of Ben's: nothing is done, and the answer is that about a lead that does not exist."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from leads.models import Lead
from lifecycle.events import Kind
from tests.doors.door import TRACES, Door, body, everything, leaves_a_trace, session_of, taken_back
from tests.doors.secrets import Secrets, lay_out, leaks, newest_fact

pytestmark = pytest.mark.django_db

#: No office has so many.
MISSING = 987654321

NOTE = {"note": "Called her."}
#: The parts of a lead's address that take forms, with a form that could be true.
FORMS: dict[str, dict[str, Any]] = {
    "move/": {"to": "ARCHIVED", "reason": "renting_instead", "submitted": "1", "version": "3"},
    "call/": {"outcome": "no_answer"},
    "undo/": {},
    "contact/": {"channel": "call", "direction": "outbound", "outcome": "spoke", **NOTE},
    "assign/": {"reason": "workload_balance", "version": "3", **NOTE},
    "flags/": {"on": "1", "flag": "dnc", "reason": "lead_request_phone", **NOTE},
    "note/": NOTE,
    "edit/": {"name": "Somebody Else", "headline": "Hers now"},
    "erase/": {"reason": "erasure_requested", "reference": "DSR-2026-14", "version": "3"},
}
LOOKS = (
    "",
    "at/",
    "move/",
    "contact/",
    "assign/",
    "note/",
    "edit/",
    "consent/",
    "consent/letter/",
    "custody/",
    "erase/",
)
_OF_THE_MOMENT = ("Expires", "Content-Length")
BOARD, PAGE = "http://testserver/?mine=true", "http://testserver/leads/{}/"


@pytest.fixture(scope="module")
def secrets(django_db_setup: None, django_db_blocker: Any) -> Iterator[Secrets]:
    """Built once, and gone with the last test of the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield lay_out()
        transaction.set_rollback(True)


@pytest.fixture
def ask(secrets: Secrets) -> Iterator[Callable[..., str]]:
    """Asks as Ana and gives status, headers and body; afterwards everything must be as it was."""
    door, before = Door(session_of(secrets.people["Ana"])), everything()

    def asked(method: str, path: str, data: Any = None, *, htmx: bool = False, **headers: str) -> str:
        with taken_back():
            answer: Any = door.ask(method, path, data, htmx=htmx, **headers)
            text = body(answer).decode()
            after = everything()
            if leaves_a_trace(method, path):
                after[TRACES] = before[TRACES]
            assert after == before, f"{method} {path} wrote something."
        said = "\n".join(
            [str(answer.status_code), text, *(f"{k}: {v}" for k, v in answer.items() if k not in _OF_THE_MOMENT)]
        )
        assert leaks(said, f"{path} {data} {headers}", secrets) == set(), path
        return said

    yield asked


_EACH_TIME = (
    r'name="csrfmiddlewaretoken" value="\w+"|(?<=X-CSRFToken)[^}]+',
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    r"(since|tail|drawn|ticked)=\d+|every \d+ms",
    r"\d+:\d\d:\d\d[.\d]*",
    r"(?<=for )\d+ s\b",
)


def alike(text: str, *ids: object) -> str:
    """An answer without what differs each time, and without the ids that were asked for."""
    for pattern in _EACH_TIME:
        text = re.sub(pattern, "…", text)
    for one in ids:
        text = re.sub(rf"\b{one}\b", "ID", text)
    return text


@pytest.mark.parametrize("part", LOOKS)
def test_a_look_at_a_lead_of_bens_is_a_look_at_nothing(ask: Callable[..., str], secrets: Secrets, part: str) -> None:
    nothing = ask("GET", f"/leads/{MISSING}/{part}")
    assert nothing.startswith("404")
    for lead in secrets.foreign:
        assert ask("GET", f"/leads/{lead.pk}/{part}") == nothing


@pytest.mark.parametrize("where", ["", BOARD, PAGE])
@pytest.mark.parametrize("part", FORMS)
def test_a_form_about_a_lead_of_bens_is_one_about_nothing(
    ask: Callable[..., str], secrets: Secrets, part: str, where: str
) -> None:
    for lead in secrets.foreign[:5]:
        answers = [alike(_post(ask, pk, lead, part, where.format(pk), secrets), pk) for pk in (MISSING, lead.pk)]
        assert answers[0] == answers[1] and answers[0].startswith("404")


def _post(ask: Callable[..., str], pk: int, lead: Lead, part: str, where: str, secrets: Secrets) -> str:
    fact = newest_fact(lead)
    form = {
        **FORMS[part],
        "uuid": uuid4(),
        "target": fact.uuid,
        "typed": f"L-{pk}",
        "to_agent": secrets.people["Ana"].pk,
    }
    more = {"HX_Current_URL": where} if where else {}
    return ask("POST", f"/leads/{pk}/{part}", form, htmx=bool(where), **more)


@pytest.mark.parametrize("part", ["void", "correct"])
def test_a_fact_of_bens_lead_is_none_of_hers(ask: Callable[..., str], secrets: Secrets, part: str) -> None:
    """In the address of his lead, and in the address of hers."""
    form = {"reason": "mis_drag", "note": "A slip."}
    for lead in secrets.foreign[:4]:
        fact, none = newest_fact(lead).uuid, uuid4()
        for method, said in (("GET", None), ("POST", form)):
            theirs = [ask(method, f"/leads/{pk}/{part}/{fact}/", said) for pk in (lead.pk, MISSING)]
            hers = [ask(method, f"/leads/{secrets.own.pk}/{part}/{uuid}/", said) for uuid in (fact, none)]
            assert alike(theirs[0], lead.pk) == alike(theirs[1], MISSING) and theirs[0].startswith("404")
            assert alike(hers[0]) == alike(hers[1]) and hers[0].startswith("404")


def test_her_undo_of_his_move_is_an_undo_of_nothing(ask: Callable[..., str], secrets: Secrets) -> None:
    path = f"/leads/{secrets.own.pk}/undo/"
    his = newest_fact(secrets.foreign[1], Kind.MOTIVATION_CONFIRMED).uuid
    answers = [alike(ask("POST", path, {"target": target, "uuid": uuid4()})) for target in (his, uuid4())]
    assert answers[0] == answers[1] and answers[0][0] == "4"


def test_to_name_a_lead_of_bens_as_the_one_repeated_is_to_name_none(ask: Callable[..., str], secrets: Secrets) -> None:
    lead = secrets.working
    path = f"/leads/{lead.pk}/move/"
    form = {"to": "TRASHED", "version": lead.version, "submitted": "1", "reason": "duplicate_of"}
    for other in secrets.foreign[:4]:
        answers = [ask("POST", path, {**form, "duplicate_of": key}) for key in (other.key, f"L-{MISSING}")]
        assert alike(answers[0], other.pk) == alike(answers[1], MISSING) and answers[0].startswith("422")


def test_in_bulk_his_leads_are_leads_that_do_not_exist(ask: Callable[..., str], secrets: Secrets) -> None:
    ids = ",".join(str(lead.pk) for lead in secrets.foreign[:3])
    none = ",".join(str(MISSING + n) for n in range(3))
    taker = {"to": "one", "taker": secrets.people["Ana"].pk, "reason": "workload_balance"}
    looks = [alike(ask("GET", f"/reassign/?leads={some}"), *some.split(",")) for some in (ids, none)]
    assert looks[0] == looks[1]
    previews = [ask("POST", "/reassign/", {"step": "preview", "leads": some, **taker}) for some in (ids, none)]
    assert [answer[:3] for answer in previews] == ["303", "303"]


def test_a_plan_with_his_leads_moves_nothing_and_says_as_little(secrets: Secrets) -> None:
    """The plan is kept, as hers: that she asked. Of his leads it says what it says of none."""
    door, said = Door(session_of(secrets.people["Ana"])), []
    lead = secrets.foreign[1]
    lead.refresh_from_db()
    log = lead.events.count()
    for pk in (lead.pk, MISSING):
        plan = f"{pk}.{lead.version}.{secrets.people['Ana'].pk}"
        form = {"step": "confirm", "plan": plan, "reason": "workload_balance", "uuid": uuid4()}
        with taken_back():
            to = door.ask("POST", "/reassign/", form)["Location"]
            page = body(door.ask("GET", to)).decode()
            said.append(alike(page, pk))
            assert lead.events.count() == log
            assert leaks(page, "", secrets) == set()
    assert said[0] == said[1]


def test_a_batch_of_brunas_is_no_batch_and_its_number_is_taken(ask: Callable[..., str], secrets: Secrets) -> None:
    nothing = ask("GET", f"/reassign/{uuid4()}/")
    assert ask("GET", f"/reassign/{secrets.of_bruna.uuid}/") == nothing and nothing.startswith("404")
    for step in ("", "back"):
        answers = [
            ask("POST", f"/reassign/{u}/", {"step": step, "uuid": uuid4()}) for u in (uuid4(), secrets.of_bruna.uuid)
        ]
        assert answers[0] == answers[1] and answers[0].startswith("404")


def test_an_import_is_forbidden_to_her_whether_it_exists_or_not(ask: Callable[..., str], secrets: Secrets) -> None:
    for part in ("", "file/", "columns/", "duplicates/", "preview/", "errors.csv", "undo/"):
        answers = [ask("GET", f"/import/{uuid}/{part}") for uuid in (secrets.imported.pk, uuid4())]
        assert answers[0] == answers[1] and answers[0].startswith("403")


def test_a_new_lead_with_the_address_of_his_is_told_that_there_is_one_and_no_more(
    ask: Callable[..., str], secrets: Secrets
) -> None:
    """By design: two agents must not call the same person. Who, where and whose it is stays untold."""
    other = secrets.foreign[1]
    form = {"name": "Nina New", "inquiry": "phone", "agent": secrets.people["Ana"].pk, "uuid": uuid4()}
    said = ask("POST", "/leads/new/", {**form, "email": other.email, "phone": other.phone})
    assert said.startswith("409") and "Ben Brooks" not in said and "Qualified" not in said


def test_a_form_of_hers_with_the_key_of_a_fact_of_his_tells_nothing(ask: Callable[..., str], secrets: Secrets) -> None:
    lead = secrets.own
    said = ask("POST", f"/leads/{lead.pk}/note/", {**NOTE, "uuid": newest_fact(secrets.foreign[0]).uuid})
    assert said.startswith("409")
