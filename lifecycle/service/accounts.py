"""Accounts that are closed take no leads: one of the two, whoever writes or whoever closes, waits for the other."""

from typing import Any

from . import store


def hold_writers_off() -> None:
    """Until the transaction ends nobody writes a fact; for whoever closes an account after a look at its leads."""
    store.hold_everybody_out()


def gone(agent: Any) -> str:
    """The name of an agent who is deactivated and cannot take leads; ``""`` for anybody else and for the pool.

    To be asked under the order lock.
    """
    if agent is None or type(agent)._default_manager.filter(pk=agent.pk, is_active=True).exists():
        return ""
    return str(agent)
