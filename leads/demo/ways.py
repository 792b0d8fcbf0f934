"""By which channel a sentence was said: the note and the channel of a contact must tell the same story. Pure."""

from .storyline import Step, Storyline
from .words import leaving

Way = tuple[str, str, str]  # channel, outcome, direction

_SPOKE: Way = ("call", "spoke", "outbound")
#: How a note begins, and what that says of the contact. The first match counts; anything else was a talk by phone.
_BEGINNINGS: tuple[tuple[tuple[str, ...], Way], ...] = (
    (('"', "Replied", "Texted back", "Texted out", "Answer came", "Sent me ", "Finally a text", "Got a thumbs"), ("text", "replied", "inbound")),
    (("Wrote back", "Answered a mail", "Sends me", "Sent a referral", "Photo of"), ("email", "replied", "inbound")),
    (("LVM", "Voicemail", "Left a message", "Left two messages", "Message left", "Left word", "Left the office", "Another voicemail", "One more voicemail", "Last attempt", "Last try"), ("call", "voicemail", "outbound")),
    (("No answer", "Nothing since", "Rang", "Hard to reach", "Listing agent stopped", "Tried a different", "Quiet."), ("call", "no_answer", "outbound")),
    (("Texted", "Text", "Short text", "Final text", "Sent a map pin"), ("text", "sent", "outbound")),
    (("Sent", "Mailed", "E-mail", "Long e-mail", "Mail:", "Wrote the", "Open house list", "Widened", "Light touch"), ("email", "sent", "outbound")),
    (("Met", "Sat down", "Coffee", "Drove", "Dropped off", "Housewarming", "Brought back", "Very quiet in the car", "Long talk with", "Third tour", "Presented in person", "Walk-through", "Final walk-through", "General inspection", "Signing", "Three hours at", "Lunch"), ("in_person", "met", "outbound")),
)  # fmt: skip


def way_of(note: str) -> Way:
    """Channel, outcome and direction that fit what the note says."""
    for beginnings, way in _BEGINNINGS:
        if note.startswith(beginnings):
            return way
    return _SPOKE


def contact(s: Storyline, after: float, note: str, way: Way | None = None) -> Step:
    """A contact by the way its note speaks of; now and then logged a day or two late, and saying so."""
    channel, outcome, direction = way or way_of(note)
    hours = 0.0
    if direction == "outbound" and s.rng.random() < 0.07:
        # About the same hour a day or two before, so that nobody seems to have called at four in the morning.
        hours = s.rng.choice((23.0, 24.6, 25.3, 47.4))
        hours = hours if after > hours / 24 + 0.7 else 0.0
    if hours:
        note = s.say(leaving.LATE) + (note or "Called, nobody there.")
    return s.do(
        "contact", after=after, channel=channel, outcome=outcome, direction=direction, note=note, late_hours=hours
    )
