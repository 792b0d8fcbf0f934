"""One lead's story while it is being told: steps with gaps between them, placed on the calendar at the end.

Pure. A story is told forward ("three days later she called") and anchored at its last step ("that was five days
ago"), because what the board shows today is how long ago things happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from string import Formatter
from typing import Any, TypeVar

from .names import Directory
from .office import BY_LOGIN, OLDEST_DAY, Calendar
from .wants import Profile

SCRIBE = ""
T = TypeVar("T")
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Intent:
    """One call of the one door. ``name`` makes its uuid; ``actor`` is a login, or ``""`` for Scribe."""

    name: str
    verb: str
    at: datetime
    actor: str
    fields: Mapping[str, Any]
    source: str
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlannedLead:
    """A lead with its contact data, where it ends, and what happens to it in the order of recording."""

    slug: str
    profile: Profile
    ending: str
    intents: tuple[Intent, ...]


@dataclass(slots=True)
class Step:
    """A call that has no moment yet: ``gap`` days or ``minutes`` after the one before, or on a fixed day and hour.

    ``ago`` counts from the end, ``since`` gives minutes from an earlier step: what Scribe does when a time is up.
    """

    verb: str
    actor: str
    fields: dict[str, Any]
    source: str
    gap: float = 0.0
    minutes: float | None = None
    fixed: tuple[int, int, int] | None = None
    ago: timedelta | None = None
    since: tuple["Step", float] | None = None
    evening: bool = False
    late_hours: float = 0.0


class Decks:
    """Sentences dealt from shuffled decks: none comes again before its whole bank has been told."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._decks: dict[tuple[str, ...], list[str]] = {}
        self._stacks: dict[str, list[Any]] = {}

    def pick(self, name: str, things: Sequence[T]) -> T:
        """The next of these things, dealt the same way; ``name`` tells the stacks apart."""
        stack = self._stacks.setdefault(name, [])
        if not stack:
            stack.extend(things)
            Random(f"{self._seed}/{name}").shuffle(stack)
        thing: T = stack.pop()
        return thing

    def deal(self, bank: tuple[str, ...], words: Mapping[str, str]) -> str:
        """The next sentence of the bank whose slots these words can fill, filled."""
        for _ in range(2):
            deck = self._decks.setdefault(bank, [])
            for place, sentence in enumerate(deck):
                if all(words.get(slot) for _text, slot, _spec, _conv in Formatter().parse(sentence) if slot):
                    del deck[place]
                    return sentence.format(**words)
            fresh = list(bank)
            Random(f"{self._seed}/{bank[0]}/{len(bank)}").shuffle(fresh)
            deck.extend(fresh)
        raise LookupError(f"no sentence of {bank!r} fits")


@dataclass(slots=True)
class Storyline:
    """What happens to one lead, in the order it is recorded."""

    slug: str
    profile: Profile
    rng: Random
    decks: Decks
    directory: Directory
    agent: str = ""
    steps: list[Step] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)  # flags set so far; setting one twice would write nothing

    # --- saying ------------------------------------------------------------------------------------------------

    def say(self, bank: Sequence[str], **more: str) -> str:
        """One sentence of a bank, with this lead's words in its slots."""
        agent = {"agent": BY_LOGIN[self.agent].first} if self.agent else {}
        return self.decks.deal(tuple(bank), {**self.profile.words, **agent, **self.words, **more})

    # --- telling -----------------------------------------------------------------------------------------------

    def do(
        self,
        verb: str,
        *,
        actor: str | None = None,
        source: str = "page",
        after: float = 0.0,
        minutes: float | None = None,
        late_hours: float = 0.0,
        since: tuple[Step, float] | None = None,
        evening: bool = False,
        **fields: Any,
    ) -> Step:
        """Appends one step; by the lead's own agent unless another actor is named."""
        step = Step(
            verb,
            self.agent if actor is None else actor,
            fields,
            source,
            gap=after,
            minutes=minutes,
            since=since,
            evening=evening,
            late_hours=late_hours,
        )
        self.steps.append(step)
        return step

    def name_of(self, step: Step) -> str:
        """What later steps call this one: the voided move, the corrected reason."""
        return f"{self.slug}/{next(i for i, s in enumerate(self.steps) if s is step):03d}"

    @property
    def days(self) -> float:
        """How long the story is, from the first step to the last."""
        return sum(step.gap for step in self.steps)

    # --- placing -----------------------------------------------------------------------------------------------

    def place(self, calendar: Calendar, last_days_ago: float) -> list[Intent]:
        """The steps as dated intents, the last of them so many days before the end."""
        age = last_days_ago + self.days
        if age > OLDEST_DAY:
            raise ValueError(f"{self.slug} would begin {age:.0f} days ago")
        told: list[Intent] = []
        moments: dict[int, datetime] = {}
        previous: datetime | None = None
        for number, step in enumerate(self.steps):
            age -= step.gap
            share = self.rng.random()
            moment = self._moment(step, calendar, age, share, previous)
            if step.since is not None:
                step.fields["due"] = moments[id(step.since[0])] + timedelta(minutes=int(step.since[1]))
                moment = moments[id(step.since[0])] + timedelta(seconds=round(60 * step.since[1]))
            newest = calendar.end - SECOND * (20 + 15 * (len(self.steps) - number))
            moment = moment if step.ago is not None else min(moment, newest)
            previous = moments[id(step)] = moment
            told.append(self._intent(number, step, moment, told[0].at if told else moment))
        return told

    def _moment(self, step: Step, calendar: Calendar, age: float, share: float, previous: datetime | None) -> datetime:
        jitter = SECOND * int(share * 59)
        if step.ago is not None:
            return calendar.end - step.ago
        if step.minutes is not None and previous is not None:
            return previous + timedelta(seconds=round(60 * step.minutes))
        if step.fixed is not None:
            return calendar.clock(*step.fixed) + jitter
        place = calendar.evening if step.evening else calendar.at
        moment = place(int(age), share)
        if previous is not None and moment <= previous + 2 * timedelta(minutes=1):
            moment = previous + timedelta(minutes=4 + 34 * share)
        return moment.replace(microsecond=0)

    def _intent(self, number: int, step: Step, at: datetime, created: datetime) -> Intent:
        occurred = None
        if step.late_hours:
            occurred = max(at - timedelta(hours=step.late_hours), created + timedelta(minutes=1))
        return Intent(f"{self.slug}/{number:03d}", step.verb, at, step.actor, dict(step.fields), step.source, occurred)
