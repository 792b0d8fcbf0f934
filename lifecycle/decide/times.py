"""When a fact happened and when it counts as written: the two clocks. Pure."""

from datetime import UTC, datetime

from ..errors import TypedTime
from ..fold import LeadState
from ..intents import Intent, Rules
from ..speech import gettext

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


def recorded_at(state: LeadState, rules: Rules) -> datetime:
    """The server's clock, never before the lead's last fact: two servers a little apart refuse nobody."""
    moments = (rules.now, state.last_recorded_at, state.last_occurred_at)
    return max(t.astimezone(UTC) for t in moments if t is not None)


def occurred_at(state: LeadState, intent: Intent, rules: Rules, *, tracked: bool) -> datetime:
    """The typed time, judged, or else the moment of recording.

    A tracked fact may not be dated before the lead's last tracked one; others may carry any time since creation.
    """
    typed = intent.occurred_at
    if typed is None:
        return recorded_at(state, rules)
    if typed.tzinfo is None:
        raise TypedTime(gettext("This time has no time zone."), field="occurred_at")
    if typed > recorded_at(state, rules):
        raise TypedTime(
            gettext("This time is in the future. Facts are recorded after they happened."), field="occurred_at"
        )
    if typed < EARLIEST:
        raise TypedTime(gettext("This time is before 1900. Check the year."), field="occurred_at")
    # In the zone it was typed in, an hour that occurs twice compares by the clock on the wall.
    typed = typed.astimezone(UTC)
    if tracked and state.last_occurred_at is not None and typed < state.last_occurred_at:
        raise TypedTime(
            gettext("Something newer is already recorded for this lead, so this cannot have come before it."),
            field="occurred_at",
            blocked_by_tracked=True,
        )
    if not tracked and state.created_at is not None and typed < state.created_at:
        raise TypedTime(
            gettext("This is before the lead existed here."), field="occurred_at", created_at=state.created_at
        )
    return typed
