"""Whether an answer is the one that docs/permissions.md has a word for."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from tests.doors.door import Door, body, leaves_a_trace, taken_back, writing
from tests.doors.office import Office
from tests.doors.requests import form_of, path_of, query_of
from tests.doors.table import Row

#: Pages without anything of the office in them: browsers may keep them.
MAY_BE_KEPT = frozenset({"manifest.webmanifest", "words/<str:language>/<str:edition>.js"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, where it leads to (``""``: nowhere), the tables that were written to."""

    status: int
    to: str
    wrote: list[str]
    kept_by: str
    size: int


def knock(office: Office, row: Row, who: str, *, htmx: bool = False, method: str = "", proven: bool = True) -> Answer:
    """Asks what a row says as this person, who has just said who it is or did long ago; takes back what came of it."""
    door = Door((office.sessions if proven else office.unproven)[who])
    form = form_of(office, row, who) if row.method == "POST" else None
    path = path_of(office, row) + query_of(row)
    with taken_back(), writing(traced=leaves_a_trace(method or row.method, path)) as wrote:
        answer: Any = door.ask(method or row.method, path, form, htmx=htmx)
        size = len(body(answer))
    return Answer(answer.status_code, _way(answer), list(wrote), answer.get("Cache-Control", ""), size)


def word_for(answer: Answer, *, htmx: bool = False) -> str:
    """The word for what happened."""
    if answer.wrote and answer.status < 400:
        return "done"
    if answer.to:
        name = _name(answer.to)
        return "login" if name == "account_login" and "next=" in answer.to else f"to {name}"
    return "ok" if answer.status == 200 else str(answer.status)


def fits(said: str, answer: Answer) -> bool:
    """Whether this word is true of an answer; what is refused or only shown has written nothing."""
    return word_for(answer) == said and (said == "done" or not answer.wrote)


def may_be_kept(row: Row, answer: Answer) -> bool:
    """Whether a browser or a proxy may keep what must not outlive the login."""
    kept = answer.kept_by
    return row.address not in MAY_BE_KEPT and not ("no-store" in kept and "private" in kept)


def _way(answer: Any) -> str:
    to: str = answer.get("HX-Redirect", "")
    if answer.status_code in (302, 303):
        to = answer["Location"]
    return to


def _name(to: str) -> str:
    """The name of a page of ours; the whole address of anything else, which no row has a word for."""
    parts = urlsplit(to)
    if parts.netloc:
        return to
    try:
        return str(resolve(parts.path).view_name)
    except Resolver404:
        return to
