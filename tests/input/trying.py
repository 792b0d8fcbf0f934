"""Tries so many bad requests and says what went wrong, each with the one line that repeats it."""

import logging
import os
import sys
import traceback
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from django.core.signals import got_request_exception
from django.db import transaction

from tests.input.asking import Answer, Browser
from tests.input.finding import Target, addresses, targets_on
from tests.input.judging import Kept, files, is_refused
from tests.input.scene import Scene
from tests.input.spoiling import Bad, spoil

#: A page of a kind is looked through once for each set of questions that lead to it; so many pages in all.
MOST_PAGES = 900
EVERYBODY = ("bruna", "root", "ana", "nobody")
#: Every so many requests the whole database is compared, and not the number of its rows alone.
_EVERY = 10

#: Rows of every table and a digest of each, before.
Before = tuple[dict[str, int], dict[str, str]]


@dataclass
class Tried:
    """What came of it. ``faults`` are sentences."""

    sent: int = 0
    refused: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counted = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()))
        return f"{self.sent} bad requests, {self.refused} refused ({counted}), {len(self.faults)} faults"


def browsers(scene: Scene) -> dict[str, Browser]:
    """A browser for everybody of the office, and one for nobody."""
    return {name: Browser(user) for name, user in scene.people.items()}


def find_targets(
    scene: Scene,
    hands: dict[str, Browser],
    most_pages: int = MOST_PAGES,
    who: Sequence[str] = EVERYBODY,
    outside: tuple[str, ...] = (),
) -> list[Target]:
    """Every address, and the forms of every page that these people can reach, each once; less what lies `outside`."""
    known: dict[tuple[str, ...], Target] = {}

    def note(target: Target) -> bool:
        is_new = target.sort not in known
        known.setdefault(target.sort, target)
        return is_new

    waiting = deque((name, address, "") for address in addresses(scene) for name in who)
    looked = 0
    while waiting and looked < most_pages:
        name, path, query = waiting.popleft()
        fields = tuple(_pairs(query))
        if (outside and path.startswith(outside)) or not note(Target(name, "GET", path, fields)):
            continue
        note(Target(name, "POST", path, fields))
        looked += 1
        answer = hands[name].look(path, query)
        if answer.status >= 400 or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        forms, questions = targets_on(path, answer.text, name)
        for form in forms:
            note(form)
        waiting.extend((name, *_split(path, question)) for question in questions)
    return [known[key] for key in sorted(known)]


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _split(page: str, address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.path or page, parts.query


def attempt(
    hands: dict[str, Browser], bad: Bad, kept: Kept, before: Before, whole: bool
) -> tuple[Answer | None, list[str]]:
    """One request, and what is wrong with its answer. Whatever it wrote is taken back."""
    counts, contents = before
    wrong: list[str] = []
    answer: Answer | None = None

    def broken(**signal: object) -> None:
        wrong.append(_where(sys.exc_info()[1]))

    got_request_exception.connect(broken)
    with transaction.atomic():
        try:
            answer = hands[bad.who].ask(bad)
            if answer.status >= 500:
                wrong.append(f"answered with {answer.status}")
            if answer.status >= 400 and bad.method.upper() != "HEAD" and not answer.text:
                wrong.append(f"refused with {answer.status} and without a word")
            if is_refused(bad, answer):
                now = kept.counts()
                wrong += [f"{name}: {counts[name]} → {now[name]}" for name in now if now[name] != counts[name]]
                if whole and not wrong and (then := kept.contents()) != contents:
                    wrong += [f"{name} was changed" for name in then if then[name] != contents[name]]
        except Exception as error:
            wrong.append(f"came through: {_where(error)}")
        transaction.set_rollback(True)
    got_request_exception.disconnect(broken)
    return answer, wrong


def _where(error: BaseException | None) -> str:
    """An error and the last places on the way to it, in one line."""
    steps = traceback.extract_tb(error.__traceback__) if error else []
    places = [f"{step.filename.rpartition('site-packages/')[2]}:{step.lineno}" for step in list(steps)[-4:]]
    return f"{type(error).__name__}: {str(error)[:200]} (at {' → '.join(places)})"


def try_them(
    scene: Scene, numbers: Iterable[int], seed: int, *, targets: list[Target] | None = None
) -> tuple[Tried, list[Target]]:
    """Tries the bad requests of these numbers."""
    # Every refusal writes a line; what goes wrong is told by its fault.
    logging.disable(logging.CRITICAL)
    hands = browsers(scene)
    targets = targets or find_targets(scene, hands)
    kept = Kept()
    before = (kept.counts(), kept.contents())
    tried = Tried()
    for number in numbers:
        bad = spoil(targets, seed, number)
        answer, wrong = attempt(hands, bad, kept, before, number % _EVERY == 0)
        tried.sent += 1
        if answer is not None:
            tried.statuses[answer.status] += 1
            tried.refused += is_refused(bad, answer)
        for sentence in wrong:
            engine = os.environ.get("TEST_ENGINE", "sqlite")
            tried.faults.append(
                f"{sentence}\n  {bad}\n  again: python -m tests.input --engine {engine} --seed {seed} --only {number}"
            )
        # An upload that was accepted leaves its file, which no transaction takes back.
        before[0]["files"] = files()
    logging.disable(logging.NOTSET)
    return tried, targets
