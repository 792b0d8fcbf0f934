"""The query string of the page of changes: which window, by which clock, whose leads, which group."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext

from lifecycle.history import Clock, Group, read_clock

from ..board.filters import POOL, agent_choices
from ..models import User
from .presets import last_meeting
from .window import Edge, at, read_edge

_PLACE = re.compile(r"(\d{1,18})-(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and the form's choices. ``after``: the place of the last line shown, for the next page.

    ``agent`` is ``""``, ``pool`` or a person's id as text. ``refusals``: sentences, empty when the page can be drawn.
    """

    since: Edge
    until: Edge
    clock: Clock
    agent: str
    agents: list[tuple[str, str]]
    group: Group | None
    after: tuple[int, int] | None
    refusals: list[str]

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Of each hour that occurs twice the parameter and the two links that say which one is meant."""
        asked = (("from", self.since), ("to", self.until))
        return [
            (name, [(self.query(**{name: text}), words) for text, words in edge.choices])
            for name, edge in asked
            if edge.choices
        ]

    def query(self, **changes: object) -> str:
        """The query string with these parts changed: ``from``, ``to``, ``clock``, ``agent``, ``group``, ``after``."""
        parts = {
            "from": self.since.text,
            "to": self.until.text,
            "clock": self.clock.value if self.clock is Clock.KNOWN else "",
            "agent": self.agent,
            "group": self.group.value if self.group else "",
            "after": "",
            **changes,
        }
        return f"?{urlencode([(name, value) for name, value in parts.items() if value])}"


def read_asked(query: QueryDict, viewer: User, zone: tzinfo, office: tzinfo, now: datetime) -> Asked:
    """What a query string asks for; one query. Without a window it is the one since the last meeting."""
    until = read_edge(query, "to", zone, now, ends=True)
    since = read_edge(query, "from", zone, now, ends=False)
    if not since.text:
        since = at(last_meeting(until.moment or now, office), zone)
    agents = _agents(viewer)
    agent = query.get("agent", "")
    group = query.get("group", "")
    return Asked(
        since=since,
        until=until,
        clock=read_clock(query.get("clock")),
        agent=agent if agent in dict(agents) else "",
        agents=agents,
        group=Group(group) if group in set(Group) else None,
        after=_place(query.get("after", "")),
        refusals=_refusals(since, until),
    )


def _refusals(since: Edge, until: Edge) -> list[str]:
    said = [edge.refusal for edge in (since, until) if edge.refusal]
    if since.moment and until.moment and since.moment > until.moment:
        said.append(gettext("The window ends before it begins. Choose a beginning that lies before the end."))
    return said


def _agents(viewer: User) -> list[tuple[str, str]]:
    """Whose leads can be asked for; an agent's page holds nobody else's."""
    if viewer.is_broker:
        return [("", gettext("Everybody")), (POOL, gettext("Pool, nobody yet")), *agent_choices()]
    return [("", gettext("Mine and pool")), (str(viewer.pk), gettext("Mine")), (POOL, gettext("Pool, nobody yet"))]


def _place(text: str) -> tuple[int, int] | None:
    match = _PLACE.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None
