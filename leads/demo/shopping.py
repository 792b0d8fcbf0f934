"""Weeks in QUALIFIED: tours, check-ins, replies, notes; and the silence that a timeout grows from. Pure."""

from .storyline import Storyline
from .wants import house
from .ways import contact
from .words import searching


def new_house(s: Storyline) -> None:
    """Another house comes into the story; the words speak of it from here on."""
    s.words |= house(s.rng, float(s.profile.words["k"]) / 1000)


def search(s: Storyline, count: int, days: float) -> None:
    """So many facts of shopping within about so many days."""
    liked = False
    for _ in range(count):
        after = days / max(1, count) * s.rng.uniform(0.6, 1.25)
        if not s.words.get("street"):
            new_house(s)
        way = s.rng.random()
        if way < 0.42:
            liked = tour(s, after, again=liked and s.rng.random() < 0.4)
        elif way < 0.68:
            contact(s, after, s.say(searching.CHECK_INS))
        elif way < 0.87:
            contact(s, after, s.say(searching.THEIR_REPLIES))
        else:
            s.do("note", after=after, note=s.say(searching.NOTES))


def tour(s: Storyline, after: float, *, again: bool = False) -> bool:
    """A showing: what it was, what was good, what was not. Returns whether nothing spoke against the house."""
    if not again:
        new_house(s)
    parts = [s.say(searching.SECOND_LOOKS if again else searching.TOUR_OPENINGS)]
    good, bad = s.rng.random() < 0.72, s.rng.random() < 0.66
    if good or not bad:
        parts.append(s.say(searching.TOUR_LIKED))
    if bad:
        parts.append(s.say(searching.TOUR_DISLIKED))
    contact(s, after, " ".join(parts), ("in_person", "met", "outbound"))
    return not bad


def quiet(s: Storyline, count: int, days: float) -> None:
    """The lead has stopped answering; the office has not stopped trying."""
    for _ in range(count):
        if not s.words.get("street"):
            new_house(s)
        contact(s, days / count * s.rng.uniform(0.8, 1.2), s.say(searching.QUIET))
