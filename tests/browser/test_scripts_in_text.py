"""Text stays text: no name, note, heading or reason ever runs on a page, and no page asks for anything elsewhere.

CI opens a sample of the pages; all of them, with all payloads: `python -m tests.input --scripts`.
"""

import os
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest

from lifecycle.states import State
from tests.factories import LeadFactory, ana
from tests.input import scene as plain
from tests.input import tainted
from tests.input.asking import Browser
from tests.input.finding import Target
from tests.input.payloads import LONGEST, PAYLOADS
from tests.input.spoiling import FORM, Bad
from tests.input.trying import browsers, find_targets
from tests.input.watching import Watch

pytestmark = pytest.mark.django_db(transaction=True)

#: How many pages of each kind the long version looks at; 0 is the sample of CI.
MOST = int(os.environ.get("HINDSIGHT_SCRIPT_PAGES") or 0)
ALL = MOST > 0
#: In CI: so many payloads, and so many pages, questions and forms of each kind of person.
FEW, PAGES = 9, 14
WALKERS = ("ana", "bruna", "root")
#: Pages that end a session, or answer with a file or a stream.
_NOT_LOOKED_AT = ("/accounts/logout/", "/admin/logout/", "/board/hints/", "/admin/jsi18n/")


class Windows:
    """A window for everybody, opened when it is first needed."""

    def __init__(self, chromium: Any, home: str, hands: dict[str, Browser], **options: Any) -> None:
        self._open: dict[str, Watch] = {}
        self._new = lambda who: Watch(chromium, home, hands[who].cookies, **options)

    def of(self, who: str) -> Watch:
        if who not in self._open:
            self._open[who] = self._new(who)
        return self._open[who]

    def close(self) -> None:
        for watch in self._open.values():
            watch.close()


@pytest.fixture
def windows(browser: Any, live_server: Any) -> Iterator[Any]:
    """A function that opens windows for these people's sessions."""
    opened: list[Windows] = []

    def open_windows(hands: dict[str, Browser], **options: Any) -> Windows:
        opened.append(Windows(browser, live_server.url, hands, **options))
        return opened[-1]

    yield open_windows
    for each in opened:
        each.close()


def chosen(targets: list[Target], how_many: int) -> list[Target]:
    """All of them, or a sample that is the same every day."""
    found = [target for target in targets if target.path not in _NOT_LOOKED_AT]
    return Random(8).sample(found, min(MOST or how_many, len(found)))


def address(target: Target, **more: str) -> str:
    query = urlencode({**dict(target.fields), **more})
    return f"{target.path}?{query}" if query else target.path


def told(where: str, wrong: list[str]) -> list[str]:
    return [f"{where}: {sentence}" for sentence in wrong]


def counted(words: str, capsys: Any) -> None:
    if ALL:
        with capsys.disabled():
            print(f"\n{words}")


def test_every_payload_runs_on_a_careless_page(browser: Any, live_server: Any) -> None:
    """Otherwise it would prove nothing that it does not run on ours."""
    watch = Watch(browser, live_server.url, {}, trusting=True)
    harmless = []
    for payload in PAYLOADS if ALL else PAYLOADS[::4]:
        page = f"<!doctype html><body>{payload.careless_page()}</body>"
        if not watch.replay(f"/careless/{payload.number}/", 200, {"Content-Type": "text/html; charset=utf-8"}, page):
            harmless.append(payload.text)
    watch.close()
    assert harmless == []
    assert len(PAYLOADS) >= 60 and max(len(payload.text) for payload in PAYLOADS) <= LONGEST


def test_no_text_runs_anywhere(windows: Any, capsys: Any) -> None:
    payloads = PAYLOADS if ALL else PAYLOADS[:: len(PAYLOADS) // FEW]
    scene = tainted.set_up(payloads)
    hands = browsers(scene)
    targets = find_targets(scene, hands, min(MOST, 900) or 150, WALKERS if ALL else ("bruna",))
    open_windows = windows(hands, trusting=True)
    wrong, looked = [], 0
    pages = chosen([t for t in targets if t.method == "GET"], PAGES)
    for target in [*pages, *_every_lead(scene)]:
        wrong += told(address(target), open_windows.of(target.who).look(address(target)))
        looked += 1
    counted(f"{len(payloads)} payloads in every field, {looked} pages: {len(wrong)} faults", capsys)
    assert wrong == [], "\n".join(wrong[:40])


def _every_lead(scene: Any) -> list[Target]:
    """The pages of every lead: of an address that differs in its number alone the others know one."""
    pages = ("", "move/", "at/", "custody/", "consent/", "consent/letter/", "packet/", "call/?channel=call", "edit/")
    leads = scene.values["pk"][-max(MOST // 15, 1) :]
    return [Target("bruna", "GET", f"/leads/{pk}/{page}", ()) for pk in leads for page in (pages if ALL else pages[:2])]


def test_nothing_that_is_sent_runs_in_the_answer(windows: Any, capsys: Any) -> None:
    """Each question and form with a payload in every field: refusals quote what was typed."""
    scene = plain.set_up()
    hands = browsers(scene)
    everybody, quick = (*WALKERS, "nobody"), ("/admin", "/help")
    targets = find_targets(scene, hands, 900 if ALL else 90, everybody if ALL else ("bruna",), () if ALL else quick)
    asked = [target for target in targets if target.fields]
    open_windows = windows(hands, trusting=True)
    wrong, sent, shown = [], 0, 0
    for n, target in enumerate(chosen(asked, PAGES * 2)):
        for payload in [PAYLOADS[(n * 5 + turn * 13) % len(PAYLOADS)] for turn in range(4 if ALL else 1)]:
            fields = [(name, payload.text) for name, _ in target.fields] + [("next", payload.text), ("q", payload.text)]
            body = urlencode(fields)
            is_post = target.method == "POST"
            bad = Bad(target.who, target.method, target.path, b"" if is_post else body.encode(), b"", "")
            if is_post:
                bad = Bad(target.who, "POST", target.path, b"", body.encode(), FORM)
            answer = hands[target.who].ask(bad)
            sent += 1
            if not answer.headers.get("Content-Type", "").startswith("text/html"):
                continue
            shown += 1
            seen = open_windows.of(target.who).replay(f"/replayed/{sent}/", 200, answer.headers, answer.text)
            wrong += told(str(bad), seen)
    counted(f"{sent} forms and questions with a payload in every field, {shown} pages: {len(wrong)} faults", capsys)
    assert wrong == [], "\n".join(wrong[:40])
    assert shown > PAGES


def test_in_normal_use_the_policy_has_nothing_to_forbid_and_nothing_comes_from_elsewhere(
    windows: Any, capsys: Any
) -> None:
    scene = plain.set_up()
    hands = browsers(scene)
    everybody = (*WALKERS, "nobody")
    targets = find_targets(scene, hands, min(MOST, 900) or 150, everybody if ALL else ("root", "nobody"))
    open_windows = windows(hands, trusting=False)
    wrong, looked = [], 0
    fixed = [Target("nobody", "GET", "/accounts/login/", ()), Target("root", "GET", "/admin/", ())]
    fixed += [Target("bruna", "GET", path, ()) for path in ("/", "/reports/", "/import/", "/reports/flow/")]
    for target in [*fixed, *chosen([t for t in targets if t.method == "GET"], PAGES)]:
        wrong += told(address(target), open_windows.of(target.who).look(address(target)))
        looked += 1
    counted(f"{looked} pages in normal use: {len(wrong)} faults", capsys)
    assert wrong == [], "\n".join(wrong[:40])


def test_the_watch_sees_what_the_policy_forbids_and_what_comes_from_elsewhere(browser: Any, live_server: Any) -> None:
    watch = Watch(browser, live_server.url, {}, trusting=False)
    headers = {"Content-Type": "text/html", "Content-Security-Policy": "default-src 'self'"}
    page = "<!doctype html><script>fire(1)</script><img src=//xss.example/2>"
    assert {sentence.partition(":")[0] for sentence in watch.replay("/one/", 200, headers, page)} >= {"forbidden"}
    del headers["Content-Security-Policy"]
    assert {"ran: 1", "from elsewhere: http://xss.example/2"} <= set(watch.replay("/two/", 200, headers, page))
    watch.close()


def test_a_name_that_is_a_script_stays_a_name_in_dialogs_messages_and_drags(windows: Any) -> None:
    """What htmx puts into a page that is open already: the dialog of a move, the message after it, the board anew."""
    payload = next(p for p in PAYLOADS if "onerror" in p.text)
    lead = LeadFactory.create(status=State.NEW, agent=ana(), name=payload.text, headline=payload.text)
    hands = {"ana": Browser(ana())}
    watch = windows(hands, trusting=True).of("ana")
    watch.page.goto("/")
    watch.page.locator(f"#lead-{lead.pk} .card-more").click()
    watch.page.locator("#dialog .targets a", has_text="Archived").click()
    watch.page.locator("#dialog [name=reason]").first.wait_for()
    assert watch.judge() == []
    watch.page.locator("#dialog [name=reason][value=renting_instead]").check()
    watch.page.locator("#dialog form button:not([type=button])").last.click()
    watch.page.locator("#toasts .toast").wait_for()
    assert payload.text in (watch.page.locator("#toasts").text_content() or "")
    assert watch.judge() == []
