"""An export, and what a broker does with it on the pages of an import: fill in a form as it stands, send it."""

import re
from html import unescape
from pathlib import Path
from typing import Any

from django.test import Client
from django_tasks_db.management.commands.db_worker import Worker

from leads.imports import phases
from leads.imports.checked import check
from leads.imports.mapping import Mapping as FileMapping
from leads.imports.reading import probe
from leads.imports.survey import survey
from leads.models import Import, User
from leads.pages.imports.steps import NAMED, STEPS
from tests.import_drafts import draft

HEADER = "Lead ID,Full Name,E-mail,Phone,Status,Owner,Created Time,Modified Time"
COLUMNS = {
    "Lead ID": "key",
    "Full Name": "name",
    "E-mail": "email",
    "Phone": "phone",
    "Status": "status",
    "Owner": "owner",
    "Created Time": "created",
    "Modified Time": "modified",
}
STATUSES = {"Open": "NEW", "Working": "CONTACTING", "Won": "CLOSED", "Lost": "ARCHIVED"}
ROWS = (
    "1,Dana Ortiz,dana@example.com,+1 510 555 0101,Won,Ana Alvarez,01/10/2011 00:38,13/10/2011 10:37",
    "2,Joe Tran,joe@example.com,+1 510 555 0102,Open,,02/10/2011 09:00,",
    "3,Mia Lopez,mia@example.com,+1 510 555 0103,Working,Old Hand,03/10/2011 09:00,04/10/2011 09:00",
)


def export(*rows: str) -> str:
    """A file with these rows, or three good ones."""
    return "\r\n".join([HEADER, *(rows or ROWS)]) + "\r\n"


def mapped(**more: Any) -> FileMapping:
    """How the export is to be read."""
    said = {"date_formats": ("dd/mm/yyyy hh:mm",), "zone": "Europe/Amsterdam", **more}
    return FileMapping(columns=COLUMNS, statuses=STATUSES, **said)


def at_step(step: str, text: str | None = None, *, mapping: FileMapping | None = None, **fields: Any) -> Import:
    """An import whose steps before this one were answered; the file is surveyed as the columns' page does it."""
    made = draft(text or export(), mapping=mapping or mapped(), **{"source": "Old CRM", **fields})
    where = Path(made.file.path)
    seen = probe(where)
    found = {"header": seen.header, "sheet": False, **survey(where, seen.shape, seen.header, _read(made)).as_json()}
    before = [one.name for one in STEPS[: STEPS.index(NAMED[step])]]
    made.survey = {**found, "steps": {name: NAMED[name].basis(_read(made), found) for name in before}}
    made.save()
    return made


def checked(step: str = "duplicates", text: str | None = None, **more: Any) -> Import:
    """The same, every row of it checked."""
    made = at_step(step, text, **more)
    check(made)
    phases.work_on(made.pk)
    made.refresh_from_db()
    return made


def _read(made: Import) -> FileMapping:
    from leads.imports.mapping import read_mapping

    return read_mapping(made.mapping)


def as_user(who: User) -> Any:
    client = Client()
    client.force_login(who)
    return client


def url(made: Import, step: str = "") -> str:
    return f"/import/{made.pk}/{step}/" if step else f"/import/{made.pk}/"


def words(answer: Any) -> str:
    """What a person reads, in one line."""
    html = re.sub(r"<(script|style|title)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).replace("\u202f", " ")


def filled_in(answer: Any) -> dict[str, list[str]]:
    """The form of the step as it stands: what a browser would send when nothing was changed."""
    forms = [f for f in re.findall(r"<form.*?</form>", answer.content.decode(), flags=re.S) if 'name="basis"' in f]
    sent: dict[str, list[str]] = {}
    for attributes in re.findall(r"<input([^>]*)>", forms[0]):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        if said.get("type") in ("radio", "checkbox") and not re.search(r"\bchecked\b", attributes):
            continue
        sent.setdefault(unescape(said["name"]), []).append(unescape(said.get("value", "on")))
    for name, options in re.findall(r'<select[^>]*\bname="([^"]*)"[^>]*>(.*?)</select>', forms[0], flags=re.S):
        chosen = re.search(r'value="([^"]*)"[^>]*\bselected', options) or re.search(r'value="([^"]*)"', options)
        assert chosen is not None
        sent.setdefault(unescape(name), []).append(unescape(chosen[1]))
    return sent


def send(client: Any, made: Import, step: str, /, **changed: Any) -> Any:
    """Sends the form of a step as its page stands, with these fields otherwise."""
    sent: dict[str, Any] = filled_in(client.get(url(made, step)))
    return client.post(url(made, step), {**sent, **{name.replace("__", "-"): said for name, said in changed.items()}})


def work() -> None:
    """A worker does all that waits, as ``manage.py db_worker --batch`` does in a process of its own."""
    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    ).run()
