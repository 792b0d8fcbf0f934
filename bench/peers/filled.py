"""What all Django peers have in common: empty tables made, one agent, so many leads."""

import functools
from typing import Any

from bench.peers.columns import new_lead


def prepare(model: Any, leads: int) -> None:
    """In: a database without any table. Leads are numbered from 1 and stand where `steps.FIRST` says."""
    make_tables()
    agent = person()
    model.objects.bulk_create([new_lead(model, n, agent) for n in range(1, leads + 1)], batch_size=500)


def make_tables() -> None:
    """The tables of the libraries first: the apps here have no migrations, and a key's table has to exist."""
    from django.apps import apps
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    if apps.is_installed("pgtrigger"):
        call_command("pgtrigger", "install", verbosity=0)


@functools.cache
def person() -> Any:
    """Who holds every lead and does every move; read once, as a request has its user anyway."""
    from django.contrib.auth.models import User

    return User.objects.get_or_create(username="ana", defaults={"first_name": "Ana", "last_name": "Alvarez"})[0]


def successive(pairs: Any) -> list[list[str]]:
    """(lead, state) in the order of recording → the states of each lead."""
    states: dict[Any, list[str]] = {}
    for lead, state in pairs:
        states.setdefault(lead, []).append(state)
    return list(states.values())
