"""What somebody curious asks: every address, with what its pages offer and with what they would never send."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

from django.utils import timezone

from tests.doors.addresses import addresses
from tests.doors.secrets import MARK, Secrets

_HREF = re.compile(r'(?:href|hx-get|action|data-url)="([^"#]+)')
_REPORTS = (
    *("", "leads/", "collapses/", "collapses/facts/", "funnel/", "funnel/leads/", "flow/", "flow/facts/", "paths/"),
    *("paths/leads/", "time/", "time/facts/", "time/leads/", "agents/", "first-response/", "first-response/facts/"),
)


def every_address(secrets: Secrets) -> Iterator[str]:
    """Each address of the resolver with the ids of Ben's leads, facts, batch and import in it, and with Ana's own."""
    ben, viewer = secrets.people["Ben"], secrets.people["Ana"]
    foreign = [lead.pk for lead in secrets.foreign]
    for address in addresses():
        if any(name in address for name in ("<app_label>", "<url>", "<uidb36>", "<id>")):
            continue
        uuids = [secrets.batch.uuid, secrets.of_bruna.uuid, secrets.to_bruna.uuid, secrets.imported.pk]
        for pk in [secrets.own.pk, *foreign] if "<int:pk>" in address else [0]:
            path = address.replace("<int:pk>", str(pk)).replace("<path:object_id>", str(foreign[0]))
            path = path.replace("<path:content_type_id>", "1").replace("<str:state>", "QUALIFIED")
            path = (
                path.replace("<int:number>", "1")
                .replace("<slug:name>", "agent")
                .replace("<str:language>/<str:edition>", "es/1")
            )
            facts = [fact.uuid for fact in secrets.facts[:4]] if "<uuid:event>" in path else [""]
            for fact in facts:
                for uuid in uuids if "<uuid:uuid>" in path else [""]:
                    for agent in (viewer.pk, ben.pk) if "<int:agent>" in path else ("",):
                        filled = path.replace("<uuid:event>", str(fact)).replace("<uuid:uuid>", str(uuid))
                        yield "/" + filled.replace("<int:agent>", str(agent)).lstrip("/")


def hostile(secrets: Secrets) -> Iterator[str]:
    """Addresses with parameters: filters, searches for each secret, other days, other people, old cursors, files."""
    ben, viewer = secrets.people["Ben"].pk, secrets.people["Ana"].pk
    lead, then = secrets.foreign[0], f"{secrets.held_then:%Y-%m-%dT%H:%M}"
    yield from _searches(secrets)
    yield from _boards(secrets, then)
    yield from _feeds()
    for said in ("", "&clock=known", f"&agent={ben}", f"&agent={viewer}", "&group=fell_back", "&group=moved_on"):
        yield f"/changes/?from={then}{said}"
    for said in ("all=1", "all=1&format=csv", f"all=1&agent={ben}", f"all=1&agent={viewer}", f"known_at={then}&all=1"):
        for report in _REPORTS:
            yield f"/reports/{report}?{said}&voided=1&inferred=1"
            yield f"/reports/{report}?{said}"
    for stage in ("NEW", "QUALIFIED", "CLOSED"):
        yield f"/reports/time/leads/?all=1&stage={stage}&held={ben}"
        yield f"/reports/time/facts/?all=1&stage={stage}&held={ben}"
        yield f"/reports/time/facts/?all=1&stage={stage}"
    for said in ("show=before", "show=now", "print=1", "format=csv", f"after={secrets.facts[-1].pk}"):
        yield f"/custody/{viewer}/?{said}"
        yield f"/custody/{ben}/?{said}"
    ids = ",".join(str(one.pk) for one in secrets.foreign)
    for said in (
        f"leads={ids}",
        f"agent={ben}&which=all",
        f"q={MARK}&which=all",
        "which=all",
        f"agent={ben}&leaving=1",
    ):
        yield f"/reassign/?{said}"
    for taker in (ben, viewer, secrets.people["Bruna"].pk, ""):
        for batch in (secrets.batch, secrets.of_bruna, secrets.to_bruna):
            yield f"/reassign/{batch.uuid}/packets/?agent={taker}"
    for said in (f"cursor={10**6}", f"actor={ben}", "groups=assignments", f"t={then}", f"lead={lead.pk}"):
        yield f"/leads/{secrets.own.pk}/?{said}"
        yield f"/leads/{secrets.own.pk}/at/?{said}&clock=known"
        yield f"/leads/{lead.pk}/at/?{said}"


def _searches(secrets: Secrets) -> Iterator[str]:
    for one in secrets.foreign[:6]:
        for text in (one.name.split()[0], one.email, one.phone, one.phone[-4:], one.key, one.headline, one.address):
            asked = urlencode({"q": text})
            yield from (f"/search/?{asked}", f"/consent/?{asked}&on=2026-11-01", f"/?{asked}", f"/reassign/?{asked}")
            yield f"/leads/new/?{urlencode({'name': text, 'email': text})}"
    for word in (MARK, f"{MARK}note", f"{MARK}file", f"{MARK}system", "%", "_", "@"):
        yield f"/search/?{urlencode({'q': word})}"
        yield f"/?{urlencode({'q': word})}"


def _boards(secrets: Secrets, then: str) -> Iterator[str]:
    ben = secrets.people["Ben"].pk
    moments = [then, f"{timezone.now() - timedelta(days=1):%Y-%m-%dT%H:%M}", f"{timezone.now():%Y-%m-%dT%H:%M}"]
    said = ("", f"agent={ben}", "mine=true", "provenance=fell_back", "flag=do_not_call", "stale=true", f"q={MARK}")
    for more in said:
        yield f"/?{more}"
        for moment in moments:
            yield f"/?as_of={moment}&{more}"
            yield f"/?as_of={moment}&clock=known&{more}"
    for state in ("NEW", "CONTACTING", "QUALIFIED", "COMMITTED", "CLOSED", "ARCHIVED", "TRASHED"):
        yield f"/board/column/{state}/?shown={state}:500&agent={ben}"
        yield f"/board/column/{state}/?as_of={then}"


def _feeds() -> Iterator[str]:
    """What is new since any earlier moment, for boards that were drawn then."""
    now = int(timezone.now().timestamp())
    for since in range(0, 120, 4):
        for drawn in (now, now - 3600):
            yield f"/board/changes?since={since}&tail=0&drawn={drawn}&ticked={drawn}&agent=x"
    yield "/board/hints/"


def links(html: str, base: str) -> list[str]:
    """The ways on from a page, as addresses of ours."""
    found = []
    for text in _HREF.findall(html):
        to = urlsplit(urljoin(f"http://testserver{base}", unescape(text)))
        if to.netloc == "testserver" and not to.path.startswith(("/static/", "/accounts/")):
            found.append(f"{to.path}?{to.query}" if to.query else to.path)
    return found


def bent(address: str, secrets: Secrets) -> str:
    """The same address with Ben's number where Ana's stands, and a lead of Ben's where her own stands."""
    viewer, other = secrets.people["Ana"].pk, secrets.people["Ben"].pk
    said = re.sub(rf"\b(agent|held|actor)=({viewer})?(?=&|$)", rf"\1={other}", address)
    said = re.sub(rf"(/custody/|/reports/agents/){viewer}/", rf"\g<1>{other}/", said)
    return re.sub(rf"/leads/{secrets.own.pk}/", f"/leads/{secrets.foreign[0].pk}/", said)
