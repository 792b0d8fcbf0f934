"""Where the numbers of the dashboard lead: the board as it stands or stood, the other reports, the leads themselves."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from lifecycle.reports.scope import Whose
from lifecycle.states import FOLDED, State

from ..asked_time import link_form
from ..board.filters import POOL
from ..lead_page.desk import Desk
from .asked import Asked
from .glance import Days


class Links:
    """In: the question, and who asks it. Every address keeps whose figures are asked for, and as known when."""

    def __init__(self, asked: Asked, desk: Desk) -> None:
        self.asked, self.desk = asked, desk
        scope = asked.scope
        self.known = {} if scope.known_at is None else {"known_at": asked.kept["known_at"]}
        self.agent = {"agent": asked.kept["agent"]} if asked.kept["agent"] else {}

    def board(self, state: State | None = None, *, agent: int | None = None, **filters: str) -> str:
        """The board of now, or as it was known at the instant that is asked for, at one of its columns."""
        past = {}
        if self.asked.scope.known_at is not None:
            past = {"as_of": link_form(self.asked.scope.known_at, self.asked.scope.zone), "clock": "known"}
        return self._board(state, {**self._whose(agent), **filters, **past})

    def board_at(self, moment: datetime, way: str = "") -> str:
        """The board as it was at an instant, with those who came to Qualified in one way; ``""`` for what was known
        then: no board shows one instant as it was known at another.
        """
        if self.known:
            return ""
        as_of = {"as_of": link_form(moment, self.asked.scope.zone)}
        return self._board(State.QUALIFIED, {**self._whose(None), **({"provenance": way} if way else {}), **as_of})

    def _board(self, state: State | None, query: dict[str, str]) -> str:
        if state in FOLDED:
            query = {**query, "open": state.value}
        asked = f"?{urlencode(query)}" if query else ""
        return f"{reverse('board')}{asked}{f'#column-{state.value}' if state else ''}"

    def _whose(self, agent: int | None) -> dict[str, str]:
        if not self.desk.viewer.is_broker:
            return {"mine": "true"}
        if agent is not None:
            return {"agent": str(agent)}
        whose = self.asked.scope.whose
        if whose is Whose.EVERYBODY:
            return {}
        return {"agent": POOL if whose is Whose.POOL else str(whose)}

    def report(self, name: str, days: Days | None = None, **more: str) -> str:
        """Another report about some days; ``""`` where this release has no such page."""
        try:
            address = reverse(name)
        except NoReverseMatch:
            return ""
        window = {"from": days.first.isoformat(), "through": days.last.isoformat()} if days else {}
        query = {**window, **self.known, **self.agent, **more}
        return f"{address}?{urlencode(query)}" if query else address

    def leads(self, of: str) -> str:
        """The leads behind one of the dashboard's own numbers."""
        return self.report("report-glance-leads", of=of)
