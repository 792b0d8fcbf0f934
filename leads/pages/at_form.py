"""The question "how did it stand then?" as a form: the field as typed, the chosen clock, what was wrong."""

from dataclasses import dataclass, field
from datetime import UTC

from django.utils.http import urlencode

from lifecycle.history import Clock

from ..asked_time import AskedTime, days_before, field_value
from ..lead_page import Desk


@dataclass(frozen=True, slots=True)
class AtForm:
    """``choices``: of an hour that came twice, the two addresses to ask again with. ``plain``: a field for any text."""

    value: str
    clock: Clock
    zone: str
    refusal: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    plain: bool = False

    @property
    def clocks(self) -> list[Clock]:
        return list(Clock)


def fresh_ask(desk: Desk) -> AtForm:
    """The form before anything was asked: a week ago at this time."""
    week_ago = days_before(desk.now, 7, desk.zone).astimezone(UTC).replace(second=0, microsecond=0)
    return AtForm(field_value(week_ago, desk.zone), Clock.HAPPENED, str(desk.zone))


def asked_again(asked: AskedTime, clock: Clock, desk: Desk, path: str) -> AtForm:
    """The form of a question that was asked: filled in, and with what was wrong about it."""
    known = [("clock", clock.value)] if clock is Clock.KNOWN else []
    choices = [(f"{path}?{urlencode([('t', text), *known])}", words) for text, words in asked.choices]
    if asked.moment is not None:
        return AtForm(field_value(asked.moment, desk.zone), clock, str(desk.zone))
    return AtForm(asked.text, clock, str(desk.zone), asked.refusal, choices, plain=bool(asked.text and not choices))
