"""The few verbs in which a story is told by hand: on this day, at that hour, so many days before the end."""

from typing import Any, Self

from .office import BROKER
from .storyline import SCRIBE, Step, Storyline


class Tale:
    """Tells a ``Storyline`` with days and hours; ``on`` names the day, a verb after it the deed.

    A second verb without ``on`` follows some minutes later. Every verb returns its step, for voids and corrections.
    """

    def __init__(self, s: Storyline, agent: str) -> None:
        self.s = s
        self.s.agent = agent
        self._fixed: tuple[int, int, int] | None = None

    def on(self, days_ago: int, clock: str) -> Self:
        hour, minute = clock.split(":")
        self._fixed = (days_ago, int(hour), int(minute))
        return self

    def _do(self, verb: str, **fields: Any) -> Step:
        step = self.s.do(verb, **fields)
        if self._fixed is not None:
            step.fixed, self._fixed = self._fixed, None
        elif step.minutes is None and step.since is None:
            step.minutes = 3.5
        return step

    # --- arriving ----------------------------------------------------------------------------------------------

    def asks(self, inquiry: str, note: str, *, typed_by: str = "", pool: bool = False) -> Step:
        """The inquiry: by itself, or typed in by somebody."""
        source = "page" if typed_by else {"portal": "api", "social": "api"}.get(inquiry, "form")
        agent = "" if pool else self.s.agent
        return self._do("create", actor=typed_by or SCRIBE, source=source, inquiry=inquiry, agent=agent, note=note)

    def nobody_called(self, created: Step) -> Step:
        return self._do("breach", actor=SCRIBE, source="schedule", since=(created, 5.4))

    # --- talking -----------------------------------------------------------------------------------------------

    def called(self, note: str, outcome: str = "spoke", **more: Any) -> Step:
        return self._do("contact", channel="call", outcome=outcome, note=note, **more)

    def voicemail(self, note: str = "", **more: Any) -> Step:
        return self.called(note, "voicemail", **more)

    def no_answer(self, note: str = "", **more: Any) -> Step:
        return self.called(note, "no_answer", **more)

    def texted(self, note: str, **more: Any) -> Step:
        return self._do("contact", channel="text", outcome="sent", note=note, **more)

    def mailed(self, note: str, **more: Any) -> Step:
        return self._do("contact", channel="email", outcome="sent", note=note, **more)

    def met(self, note: str, **more: Any) -> Step:
        return self._do("contact", channel="in_person", outcome="met", note=note, **more)

    def heard(self, note: str, channel: str = "text", **more: Any) -> Step:
        return self._do("contact", channel=channel, direction="inbound", outcome="replied", note=note, **more)

    def noted(self, note: str, document: str = "", **more: Any) -> Step:
        return self._do("note", note=note, document=document, **more)

    # --- moving ------------------------------------------------------------------------------------------------

    def moved(self, to: str, note: str = "", *, reason: str = "", document: str = "", **more: Any) -> Step:
        source = more.pop("source", "board")
        return self._do("move", source=source, to=to, note=note, reason=reason, document=document, **more)

    def archived(self, reason: str, note: str) -> Step:
        return self.moved("ARCHIVED", note, reason=reason, kind="archived_manually")

    def closed(self, note: str, document: str) -> Step:
        return self.moved("CLOSED", note, document=document, closed_days_before=0)

    def undone(self, step: Step, reason: str, note: str, *, by: str = "", **more: Any) -> Step:
        target = self.s.name_of(step)
        return self._do("void", actor=by or None, source="board", target=target, reason=reason, note=note, **more)

    def corrected(self, step: Step, reason: str, note: str, *, by: str = BROKER) -> Step:
        return self._do("correct", actor=by, target=self.s.name_of(step), reason=reason, note=note)

    # --- hands and channels --------------------------------------------------------------------------------------

    def handed(self, to: str, reason: str, note: str, *, by: str = BROKER) -> Step:
        step = self._do("assign", actor=by, to=to, reason=reason, note=note)
        self.s.agent = to
        return step

    def flagged(self, flag: str, reason: str, note: str = "") -> Step:
        by_machine = reason in ("unsubscribe_link", "sms_stop", "hard_bounce", "spam_complaint")
        actor, source = (SCRIBE, "api") if by_machine else (None, "page")
        return self._do("flag", actor=actor, source=source, flag=flag, reason=reason, note=note)

    def cleared(self, flag: str, reason: str, note: str = "", *, by: str = "") -> Step:
        return self._do("clear", actor=by or None, flag=flag, reason=reason, note=note)
