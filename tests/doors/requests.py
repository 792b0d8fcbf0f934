"""What is sent to each address: the path with something real in it, and for a POST a form that could be true.

Whether somebody is let in shows only with a request at which nothing else is wrong.
"""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from leads.models import Lead
from lifecycle.events import Kind
from tests.doors.office import Office, a_fact, a_reason
from tests.doors.table import Row

HELD, POOL = "A lead that Ana holds", "A lead of the pool"


def lead_of(office: Office, row: Row) -> Lead:
    """The lead that the rows of this part are about."""
    return office.pool if row.part == POOL else office.held


def path_of(office: Office, row: Row) -> str:
    """The address of a row with the ids of real things in it."""
    address = row.address
    if address == "/":
        return "/"
    lead = lead_of(office, row)
    if address in _PATHS:
        return f"/{_PATHS[address](office)}"
    if "<path:object_id>" in address:
        address = address.replace("<path:object_id>", str(_object(office, address.split("/")[2])))
    elif "<uuid:event>" in address:
        kind = Kind.AGENT_ASSIGNED if "correct" in address else None
        address = address.replace("<uuid:event>", str(office.fact(lead, kind)))
    uuid = office.batch.uuid if address.startswith("reassign/") else _import(office, address)
    filled = (
        address.replace("<int:pk>", str(lead.pk))
        .replace("<uuid:uuid>", str(uuid))
        .replace("<int:agent>", str(office.people["Ana"].pk))
        .replace("<int:number>", str(office.checkpoint))
        .replace("<str:state>", "QUALIFIED")
        .replace("<slug:name>", "agent")
    )
    assert not re.search(r"[<>^$(]", filled), f"Say in tests/doors/requests.py how {address} is filled in."
    return f"/{filled}"


def form_of(office: Office, row: Row, who: str) -> dict[str, Any]:
    """The form of a POST row; an empty one where nothing is said."""
    make = _FORMS.get((row.address, row.asked))
    return make(office, lead_of(office, row), who) if make else {}


def query_of(row: Row) -> str:
    return _QUERIES.get((row.address, row.asked), "")


# ---- addresses that need more than an id

_PATHS: dict[str, Callable[[Office], str]] = {
    "admin/r/<path:content_type_id>/<path:object_id>/": lambda o: f"admin/r/1/{o.held.pk}/",
    "admin/leads/user/<id>/password/": lambda o: f"admin/leads/user/{o.people['Ben'].pk}/password/",
    "admin/leads/user/<int:pk>/second-step/": lambda o: f"admin/leads/user/{o.people['Ben'].pk}/second-step/",
    "accounts/second/passkey/<int:pk>/": lambda o: f"accounts/second/passkey/{o.passkey.pk}/",
    "accounts/second/passkey/<int:pk>/remove/": lambda o: f"accounts/second/passkey/{o.passkey.pk}/remove/",
    "people/<int:agent>/leave/": lambda o: f"people/{o.leaving.person_id}/leave/",
    "people/<int:agent>/leave/<uuid:uuid>/": lambda o: f"people/{o.leaving.person_id}/leave/{o.leaving.pk}/",
    "admin/<app_label>/": lambda o: "admin/leads/",
    "admin/<url>": lambda o: "admin/no/such/page/",
    "accounts/password/reset/key/<uidb36>-<key>/": lambda o: "accounts/password/reset/key/{}-{}/".format(*o.reset),
    "words/<str:language>/<str:edition>.js": lambda o: "words/es/1.js",
}


def _object(office: Office, model: str) -> Any:
    found = {
        "dbtaskresult": office.task,
        "import": office.done,
        "importedrow": office.row,
        "savedmapping": office.mapping,
        "lead": office.held,
        "leadevent": a_fact(office),
        "reasoncode": a_reason(),
        "officesettings": office.settings,
        "user": office.people["Ben"],
        "trace": office.trace,
    }[model]
    return getattr(found, "pk", None) or found.id


def _import(office: Office, address: str) -> Any:
    """The import that is done for the pages of what is done, the one that is being prepared for its steps."""
    if address == "import/<uuid:uuid>/discard/":
        return office.thrown_away.pk
    is_done = address in ("import/<uuid:uuid>/", "import/<uuid:uuid>/errors.csv", "import/<uuid:uuid>/undo/")
    return office.done.pk if is_done else office.draft.pk


# ---- what the forms hold

Form = Callable[[Office, Lead, str], dict[str, Any]]


def _new(office: Office, lead: Lead, who: str) -> dict[str, Any]:
    pk = office.people[who].pk or ""
    return {"name": "Nina New", "phone": "+1 415 555 0123", "inquiry": "phone", "agent": pk, "uuid": uuid4()}


def _move(office: Office, lead: Lead, who: str) -> dict[str, Any]:
    said = {"version": lead.version, "uuid": uuid4(), "submitted": "1", "document": "agreement.pdf"}
    return {"to": "COMMITTED", **said}


def _assign(office: Office, lead: Lead, who: str) -> dict[str, Any]:
    """Handed to Ben; what lies in the pool an agent can only take."""
    takes = lead == office.pool and who in ("Ana", "Ben", "Otto")
    to = office.people[who if takes else "Ben"]
    return {"to_agent": to.pk, "reason": "workload_balance", "version": lead.version, "uuid": uuid4()}


def _plan(office: Office, lead: Lead, who: str) -> dict[str, Any]:
    mine = office.own.get(who, office.own["Bruna"])
    plan = f"{mine.pk}.{mine.version}.{office.people['Otto' if who == 'nobody' else 'Ada'].pk}"
    return {"step": "confirm", "plan": plan, "reason": "workload_balance", "uuid": uuid4()}


def _lead_admin(office: Office, lead: Lead, who: str) -> dict[str, Any]:
    shown = {name: getattr(lead, name) for name in ("name", "email", "phone", "headline", "address")}
    return {**shown, **{f"initial-{n}": v for n, v in shown.items()}, "headline": "Wants a garden"}


def _erase(office: Office, lead: Lead, who: str) -> dict[str, Any]:
    said = {"reason": "erasure_requested", "reference": "DSR-2026-14", "typed": f"L-{lead.pk}"}
    return {**said, "version": lead.version, "uuid": uuid4()}


_CONTACT = {"channel": "call", "direction": "outbound", "outcome": "spoke", "note": "They will think it over."}
_FLAG = {"on": "1", "flag": "do_not_call", "reason": "lead_request_phone"}
_HARD = {"on": "0", "flag": "unsubscribed", "reason": "set_in_error"}

_FORMS: dict[tuple[str, str], Form] = {
    ("leads/new/", "POST"): _new,
    ("me/", "POST"): lambda o, lead, who: {"language": "", "time_zone": "", "density": "compact"},
    ("me/density/", "POST"): lambda o, lead, who: {"density": "compact"},
    ("language/", "POST"): lambda o, lead, who: {"language": "es"},
    ("leads/<int:pk>/move/", "POST"): _move,
    ("leads/<int:pk>/call/", "POST"): lambda o, lead, who: {"outcome": "no_answer", "uuid": uuid4()},
    ("leads/<int:pk>/undo/", "POST"): lambda o, lead, who: {
        "target": o.fact(lead, Kind.MOTIVATION_CONFIRMED),
        "uuid": uuid4(),
    },
    ("leads/<int:pk>/void/<uuid:event>/", "POST"): lambda o, lead, who: {"reason": "mis_drag", "uuid": uuid4()},
    ("leads/<int:pk>/correct/<uuid:event>/", "POST"): lambda o, lead, who: {
        "reason": "schedule_conflict",
        "note": "He asked for it.",
        "uuid": uuid4(),
    },
    ("leads/<int:pk>/contact/", "POST"): lambda o, lead, who: {**_CONTACT, "uuid": uuid4()},
    ("leads/<int:pk>/assign/", "POST"): _assign,
    ("leads/<int:pk>/flags/", "POST sets"): lambda o, lead, who: {**_FLAG, "uuid": uuid4()},
    ("leads/<int:pk>/flags/", "POST clears hard"): lambda o, lead, who: {**_HARD, "uuid": uuid4()},
    ("leads/<int:pk>/note/", "POST"): lambda o, lead, who: {"note": "Likes the garden.", "uuid": uuid4()},
    ("leads/<int:pk>/edit/", "POST"): lambda o, lead, who: {"headline": "Wants a garden", "uuid": uuid4()},
    ("leads/<int:pk>/erase/", "POST"): _erase,
    ("people/<int:agent>/leave/", "POST"): lambda o, lead, who: {"uuid": uuid4()},
    ("me/sessions/", "POST"): lambda o, lead, who: {"end": "others"},
    ("accounts/second/passkey/<int:pk>/", "POST"): lambda o, lead, who: {"name": "The blue phone"},
    ("reassign/", "POST choose"): lambda o, lead, who: {"step": "choose", "leads": str(o.own["Ana"].pk)},
    ("reassign/", "POST confirm"): _plan,
    ("import/<uuid:uuid>/mapping/", "POST"): lambda o, lead, who: {"do": "use", "mapping": str(o.mapping.pk)},
    ("admin/leads/lead/<path:object_id>/change/", "POST"): _lead_admin,
}

_QUERIES = {
    **dict.fromkeys([("reports/time/facts/", "GET"), ("reports/time/leads/", "GET")], "?stage=QUALIFIED"),
    ("reports/agents/<int:agent>/facts/", "GET"): "?what=closed",
    ("reassign/", "GET choose"): "?which=open",
    ("custody/<int:agent>/", "GET file"): "?format=csv",
    **{
        (f"reports/{name}", "GET file"): "?format=csv"
        for name in ("", "collapses/", "funnel/", "flow/", "paths/", "time/", "agents/<int:agent>/", "first-response/")
    },
    ("/", "GET past"): "?as_of=2026-11-01T10:00",
}
