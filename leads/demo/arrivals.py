"""First days of a story: the inquiry, the first call in time or not, the tries, the talk that made it real. Pure."""

from .office import ANSWERS, BROKER
from .storyline import SCRIBE, Step, Storyline
from .ways import contact
from .words import arriving, leaving

#: Where leads come from: (inquiry, how often, the bank of its words, whether a person types it in, the door).
_INQUIRIES: tuple[tuple[str, int, tuple[str, ...], bool, str], ...] = (
    ("website", 32, arriving.WEBSITE, False, "form"),
    ("portal", 26, arriving.PORTAL, False, "api"),
    ("open_house", 12, arriving.OPEN_HOUSE, True, "page"),
    ("referral", 11, arriving.REFERRAL, True, "page"),
    ("phone", 7, arriving.PHONE, True, "page"),
    ("social", 5, arriving.SOCIAL, False, "api"),
    ("walk_in", 4, arriving.WALK_IN, True, "page"),
    ("sign_call", 3, arriving.SIGN_CALL, True, "page"),
)
#: Ways to try, how often each, and what is noted the first time; the second bank joins in from the second try on.
_TRIES: tuple[tuple[str, str, int, tuple[str, ...], tuple[str, ...]], ...] = (
    ("call", "voicemail", 34, arriving.VOICEMAIL, arriving.VOICEMAIL_AGAIN),
    ("call", "no_answer", 26, arriving.NO_ANSWER, ()),
    ("text", "sent", 26, arriving.TEXTED, arriving.TEXTED_AGAIN),
    ("email", "sent", 14, arriving.MAILED, ()),
)
#: First talks that need no call: the lead stands there, or is on the line.
_ON_THE_SPOT: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "walk_in": ("in_person", "met", arriving.RIGHT_THERE),
    "open_house": ("in_person", "met", arriving.RIGHT_THERE),
    "phone": ("call", "spoke", arriving.CALLED_BACK),
    "sign_call": ("call", "spoke", arriving.CALLED_BACK),
}
#: Minutes that a late first call took.
_DELAYS = (9, 14, 17, 26, 48, 75, 130, 190, 320)


def arrive(s: Storyline, *, inquiry: str = "", in_pool: bool = False, by_day: bool = False) -> Step:
    """The inquiry comes in: by itself at any hour, or typed by whoever was at the desk."""
    kinds = [row for row in _INQUIRIES if inquiry in ("", row[0])]
    name, _often, bank, typed, source = s.rng.choices(kinds, [row[1] for row in kinds])[0]
    born_with = "" if in_pool or (not typed and s.rng.random() < 0.18) else s.agent
    return s.do(
        "create",
        actor=s.agent if typed else SCRIBE,
        source=source,
        evening=not typed and not by_day and s.rng.random() < 0.1,
        inquiry=name,
        agent=born_with,
        note=s.say(bank),
    )


def take(s: Storyline, created: Step, *, after: float = 0.0, minutes: float | None = None) -> None:
    """A lead from the pool gets its agent: they take it, or the broker gives it to them."""
    if created.fields["agent"] or not s.agent:
        return
    by = s.agent if s.rng.random() < 0.6 else BROKER
    minutes = s.rng.uniform(0.4, 1.1) if minutes is None and not after else minutes
    s.do(
        "assign", actor=by, source="board", after=after, minutes=minutes,
        to=s.agent, reason="initial_routing", note=s.say(leaving.HAND_OFFS["initial_routing"]),
    )  # fmt: skip


def first_contact(s: Storyline, created: Step) -> Step:
    """The first call, in time, or after Scribe has noted that it was not."""
    low, high, share_late = ANSWERS[s.agent]
    from_pool = not created.fields["agent"]
    if (step := _right_there(s, created)) is not None:
        return step
    if created.evening or s.rng.random() < share_late:
        return _late_contact(s, created, from_pool)
    take(s, created)
    # Taking it from the pool has cost a minute already.
    minutes = s.rng.uniform(low, high) - (1.2 if from_pool else 0)
    return _try(s, 0, minutes=max(0.4, minutes))


def _right_there(s: Storyline, created: Step) -> Step | None:
    """Who walks in or calls has been answered before the card exists."""
    found = _ON_THE_SPOT.get(created.fields["inquiry"])
    if found is None:
        return None
    channel, outcome, bank = found
    return s.do("contact", minutes=s.rng.uniform(0.5, 4.5), channel=channel, outcome=outcome, note=s.say(bank))


def _late_contact(s: Storyline, created: Step, from_pool: bool) -> Step:
    breach(s, created)
    days = 1.0 if created.evening else 0.0
    delay = None if created.evening else s.rng.choice(_DELAYS) * s.rng.uniform(0.9, 1.3)
    if from_pool:
        take(s, created, after=days, minutes=delay)
        return _try(s, 0, minutes=s.rng.uniform(1, 6))
    return _try(s, 0, after=days, minutes=delay)


def breach(s: Storyline, since: Step) -> Step:
    """Scribe's note that nobody was there in time; it runs once a minute, so some seconds after the due time."""
    return s.do("breach", actor=SCRIBE, source="schedule", since=(since, 5 + s.rng.uniform(0.05, 0.95)))


def _try(s: Storyline, number: int, *, after: float = 0.0, minutes: float | None = None) -> Step:
    tries = [row for row in _TRIES if s.profile.email or row[0] != "email"]
    channel, outcome, _often, first, again = s.rng.choices(tries, [row[2] for row in tries])[0]
    note = s.say(first + again if number else first)
    if minutes is not None:
        return s.do("contact", minutes=minutes, channel=channel, outcome=outcome, note=note)
    return contact(s, after, note, (channel, outcome, "outbound"))


def attempts(s: Storyline, count: int, days: float) -> None:
    """Outreach that nobody answers, spread over so many days."""
    for number in range(count):
        after = days / count * s.rng.uniform(0.75, 1.2)
        if number == count - 1 and count > 3 and s.rng.random() < 0.6:
            contact(s, after, s.say(arriving.LAST_TRY))
        else:
            _try(s, number + 1, after=after)


def answered(s: Storyline, after: float) -> None:
    """They answer: a call, a text back, a coffee."""
    way = s.rng.random()
    if way < 0.55:
        s.do("contact", after=after, channel="call", outcome="spoke", note=s.say(arriving.SPOKE))
    elif way < 0.85:
        contact(s, after, s.say(arriving.REPLIED))
        s.do("contact", minutes=s.rng.uniform(6, 200), channel="call", outcome="spoke", note=s.say(arriving.SPOKE))
    else:
        s.do("contact", after=after, channel="in_person", outcome="met", note=s.say(arriving.COFFEE))


def qualify(s: Storyline, *, again: bool = False) -> Step:
    """The move to QUALIFIED, with what confirmed it."""
    bank = arriving.REQUALIFYING if again else arriving.QUALIFYING
    after = s.rng.choice((0.0, 0.0, 1.2, 2.1, 3.4))
    return s.do("move", source="board", after=after, to="QUALIFIED", note=s.say(bank).replace("..", "."))


def to_qualified(s: Storyline) -> Step:
    """From the inquiry to QUALIFIED in the ordinary way."""
    first_contact(s, arrive(s))
    attempts(s, s.rng.choice((0, 0, 1, 1, 2, 3)), s.rng.uniform(1, 7))
    answered(s, s.rng.uniform(0.2, 2.5))
    return qualify(s)
