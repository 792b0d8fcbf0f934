"""The whole demo as a list of dated calls, from a fixed seed and an end that moves with today. Pure: no database."""

from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from . import stories
from .endings import BOARD, ENDINGS, Teller
from .endings.early import contacting_stale
from .leave import give_on
from .names import Directory
from .office import SPAN, Calendar
from .parting import part
from .storyline import Decks, Intent, PlannedLead, Storyline
from .wants import TOWNS, Profile, invent

SEED = "lake-and-larkin-1"
#: Who gets how much of the work in their towns.
_SHARES = {"ana": 1.7, "ben": 1.0, "chloe": 1.6, "darnell": 0.9, "mei": 1.2, "ryan": 0.75}
_SAME_PERSON = {"kenji-again": "kenji"}  # the one deliberate duplicate: same address, same number


@dataclass(frozen=True, slots=True)
class Plan:
    """``batches``: the calls that give many leads on at once."""

    start: datetime
    end: datetime
    leads: tuple[PlannedLead, ...]
    batches: tuple[Intent, ...] = ()

    def in_order(self) -> list[tuple[PlannedLead | None, Intent]]:
        """Every call in the order of the clock, so that the ids of events follow their times; None for many leads."""
        calls: list[tuple[PlannedLead | None, Intent]] = [(None, batch) for batch in self.batches]
        calls += [(lead, intent) for lead in self.leads for intent in lead.intents]
        return sorted(calls, key=lambda call: (call[1].at, call[1].name))


def build_plan(end: datetime) -> Plan:
    """The same office, leads and stories for every end; only the dates move with it."""
    directory, decks, calendar = Directory(SEED), Decks(SEED), Calendar(end)
    told = _by_hand(directory, decks, calendar)
    told += _by_recipe(directory, decks, calendar)
    told, parting = part(told, calendar)
    told, batches = give_on(told, calendar)
    return Plan(end - SPAN, end, tuple(told), (parting, *batches))


def _by_hand(directory: Directory, decks: Decks, calendar: Calendar) -> list[PlannedLead]:
    told: dict[str, PlannedLead] = {}
    for slug, given, family, headline, ending, tell in stories.STORIES:
        directory.reserve(given, family)
        twin = told.get(_SAME_PERSON.get(slug, ""))
        email = twin.profile.email if twin else directory.email(given, family)
        phone = twin.profile.phone if twin else directory.phone()
        profile = Profile(given, f"{given} {family}", email, phone, headline, TOWNS[0], {})
        s = Storyline(slug, profile, Random(f"{SEED}/{slug}"), decks, directory)
        tell(s, calendar)
        told[slug] = PlannedLead(slug, profile, ending, tuple(s.place(calendar, 0)))
    return list(told.values())


def _by_recipe(directory: Directory, decks: Decks, calendar: Calendar) -> list[PlannedLead]:
    told: list[PlannedLead] = []
    for ending, count, tell in ENDINGS:
        for _ in range(count):
            slug = f"{len(told) + 1:03d}-{ending.lower()}"
            told.append(_tell(slug, ending, tell, directory, decks, calendar))
    return told


def _tell(slug: str, ending: str, tell: Teller, directory: Directory, decks: Decks, calendar: Calendar) -> PlannedLead:
    rng = Random(f"{SEED}/{slug}")
    profile = _reachable_by(rng, invent(rng, directory), ending)
    agent = rng.choices(profile.town.agents, [_SHARES[a] for a in profile.town.agents])[0]
    if tell is contacting_stale and rng.random() < 0.55:
        agent = "darnell"
    s = Storyline(slug, profile, rng, decks, directory, agent=agent)
    last_days_ago = tell(s)
    return PlannedLead(slug, profile, ending, tuple(s.place(calendar, last_days_ago)))


def _reachable_by(rng: Random, profile: Profile, ending: str) -> Profile:
    """Most leave both; of those just begun, some left only a number or only an address."""
    chance = rng.random()
    if chance < 0.2 and ending == "NEW":
        return replace(profile, phone="")
    return replace(profile, email="") if chance < 0.4 and ending in ("NEW", "CONTACTING") else profile


def counts() -> dict[str, int]:
    """How many leads the plan ends with in each stage; equal to ``BOARD`` or the recipe is wrong."""
    found = dict.fromkeys(BOARD, 0)
    for ending, count, _tell in ENDINGS:
        found[ending] += count
    for *_rest, ending, _story in stories.STORIES:
        found[ending] += 1
    return found
