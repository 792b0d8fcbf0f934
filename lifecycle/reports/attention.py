"""What to look at first: rules over the figures of the dashboard, in the order of how soon somebody must act. Pure.

Every rule is a function of what was seen and gives what it found, or nothing. Numbers below which nothing is said stand
beside the rules with the reason. Of promises that were broken and leads that nobody works even one is worth a word; of
everything else fewer than three are chance.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: More than this nobody looks at first.
MOST = 6
#: One or two of anything happen in every office every week.
FEW = 3
#: From so many stale leads in a hundred of a stage on it is the stage and no longer single leads; a smaller share is
#: what any office carries along.
STALE_PERCENT = 20
#: Two stages at most: the third and fourth would push away what is not about waiting at all.
STALE_STAGES = 2
#: Whoever has less than a third of them is not where they come from; to name somebody for it would be unfair.
NAMED_PART = 3
#: Of fewer answers than this a share says nothing (the reports print none below five; a comparison needs more).
ANSWERS = 10
#: Weeks differ by some points by themselves; ten are one answer in ten that comes too late and did not before.
FALL_POINTS = 10
#: Fewer reasons than this are no picture of how reasons are chosen.
REASONS = 10
#: One reason in seven that says nothing hides as much as a whole group of reasons.
OTHER_PERCENT = 15


class Concern(StrEnum):
    """What a finding is about."""

    OVERDUE = "overdue"
    LEFT = "left"
    ANSWERS_FELL = "answers_fell"
    FELL_BACK = "fell_back"
    STALE = "stale"
    OTHER_REASONS = "other_reasons"


@dataclass(frozen=True, slots=True)
class Finding:
    """``count`` leads or deals (of a share: the percent now). ``who`` has ``of_them`` of these: an agent's id, None the
    pool; 0 where nobody in particular has them. ``people``: how many have any, the pool apart. ``about``: the stage, or
    the group of reasons, which then has ``of_them``. ``before``: the percent then.
    """

    concern: Concern
    count: int
    who: int | None = None
    of_them: int = 0
    people: int = 0
    about: str = ""
    before: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int = 0
    whole: int = 0

    @property
    def percent(self) -> int:
        """To the whole number, a half up; nothing of nothing is 0."""
        return (200 * self.part + self.whole) // (2 * self.whole) if self.whole else 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rules look at. Counts are by agent, None for the pool.

    ``overdue``: leads in New whose first contact is late and has not been made. ``left``: open leads by people who have
    left the office. ``stale``: by stage; ``standing``: how many leads stand in each. ``fell_back``: the deals of the
    last seven days by group of reasons, quick returns apart. ``reasons``: those of the quarter that are "other".
    """

    overdue: Mapping[int | None, int] = field(default_factory=dict)
    left: Mapping[int, int] = field(default_factory=dict)
    stale: Mapping[str, Mapping[int | None, int]] = field(default_factory=dict)
    standing: Mapping[str, int] = field(default_factory=dict)
    fell_back: Mapping[str, int] = field(default_factory=dict)
    reasons: Share = Share()
    in_time: Share = Share()
    in_time_before: Share = Share()


def findings(seen: Seen) -> list[Finding]:
    """What to look at first, the most urgent before; empty when all is well."""
    return [found for rule in RULES for found in rule(seen)][:MOST]


def _overdue(seen: Seen) -> Iterable[Finding]:
    """Somebody waits for a first call at this moment."""
    if count := sum(seen.overdue.values()):
        yield Finding(Concern.OVERDUE, count, *_named(seen.overdue))


def _left(seen: Seen) -> Iterable[Finding]:
    """Open leads that nobody works, because their agent is gone."""
    if count := sum(seen.left.values()):
        yield Finding(Concern.LEFT, count, *_named(seen.left))


def _answers_fell(seen: Seen) -> Iterable[Finding]:
    """First contacts became slower: the next leads will wait too."""
    now, before = seen.in_time, seen.in_time_before
    if min(now.whole, before.whole) >= ANSWERS and before.percent - now.percent >= FALL_POINTS:
        yield Finding(Concern.ANSWERS_FELL, now.percent, before=before.percent)


def _fell_back(seen: Seen) -> Iterable[Finding]:
    """Deals of this week; the group of reasons is named when it explains at least half of them."""
    count = sum(seen.fell_back.values())
    if count < FEW:
        return
    group, of_them = max(seen.fell_back.items(), key=lambda pair: (pair[1], pair[0]))
    if of_them * 2 < count or of_them < 2:
        group, of_them = "", 0
    yield Finding(Concern.FELL_BACK, count, of_them=of_them, about=group)


def _stale(seen: Seen) -> Iterable[Finding]:
    """Stages where many leads have not moved for longer than the office likes, the fullest ones first."""
    counts = {stage: sum(by_agent.values()) for stage, by_agent in seen.stale.items()}
    many = [
        stage
        for stage, count in counts.items()
        if count >= FEW and count * 100 >= STALE_PERCENT * seen.standing.get(stage, count)
    ]
    for stage in sorted(many, key=lambda stage: -counts[stage])[:STALE_STAGES]:
        yield Finding(Concern.STALE, counts[stage], *_named(seen.stale[stage]), about=stage)


def _other_reasons(seen: Seen) -> Iterable[Finding]:
    """Nothing burns, but next quarter's figures will not say why either."""
    if seen.reasons.whole >= REASONS and seen.reasons.percent >= OTHER_PERCENT:
        yield Finding(Concern.OTHER_REASONS, seen.reasons.percent)


#: From what cannot wait an hour to what can wait until the next meeting.
RULES: tuple[Callable[[Seen], Iterable[Finding]], ...] = (
    _overdue,
    _left,
    _answers_fell,
    _fell_back,
    _stale,
    _other_reasons,
)


def _named(by_agent: "Mapping[int | None, int] | Mapping[int, int]") -> tuple[int | None, int, int]:
    """Who has most of them, how many that are, and how many people have any, the pool apart.

    Of two with as many it is who came to the office first, the pool last; nobody (0 of them) is named for a small part.
    """
    pairs: list[tuple[int | None, int]] = [(who, count) for who, count in by_agent.items() if count]
    holder, most = max(pairs, key=lambda pair: (pair[1], pair[0] is not None, -(pair[0] or 0)))
    worth_a_word = most * NAMED_PART >= sum(count for _, count in pairs)
    people = sum(who is not None for who, _ in pairs)
    return (holder, most, people) if worth_a_word else (None, 0, people)
