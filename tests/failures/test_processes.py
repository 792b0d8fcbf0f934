"""Processes, databases and servers that are killed or begun anew, and a restored copy: the short versions.

One office for all of them: to begin a process and to make a database takes the most time here.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.failures import crashed, drill, killed, readers, served
from tests.failures.place import Place, place

ENGINE = settings.TEST_ENGINE

on_sqlite_alone = pytest.mark.skipif(ENGINE != "sqlite", reason="PostgreSQL is killed itself while somebody reads on")
on_postgresql_alone = pytest.mark.skipif(ENGINE != "postgresql", reason="SQLite has no server that could be killed")


def quiet(line: str) -> None:
    """Says nothing of what the long versions tell while they run."""


@pytest.fixture(scope="module")
def office() -> Iterator[Place]:
    """An office of our own."""
    with place(ENGINE, leads=14) as made:
        yield made


def test_what_killed_writers_had_acknowledged_is_there_and_nothing_is_half(office: Place) -> None:
    found = killed.run(office, 1, writers=2, least=10, tell=quiet)
    assert found.holds, found
    assert found.acknowledged > 20


@on_sqlite_alone
def test_whoever_reads_on_by_the_horizon_misses_nothing_while_processes_write(office: Place) -> None:
    found = readers.run(office, 0.3, writers=2, tell=quiet)
    assert found.holds, found
    assert found.more["read"] > 30


@on_postgresql_alone
def test_what_was_acknowledged_and_what_was_read_survives_the_database_being_killed(office: Place) -> None:
    found = crashed.run(office, 1, writers=2, tell=quiet)
    assert found.holds, found
    assert found.more["fsync"] == "on" and found.more["read"] > 30


def test_a_copy_taken_while_people_write_is_the_office_with_its_guards(office: Place) -> None:
    found = drill.run(office, 1, writers=1, least=10, most_ways=1, tell=quiet)
    assert found.holds, found


@on_postgresql_alone
def test_people_are_told_to_wait_while_the_database_is_stopped_and_nothing_is_lost(office: Place) -> None:
    found = served.away(office, 1, people=2, tell=quiet)
    assert found.holds, found


@on_sqlite_alone
def test_people_lose_nothing_while_the_server_is_begun_anew(office: Place) -> None:
    found = served.begun_anew(office, 1, people=1, reload=False, tell=quiet)
    assert found.holds, found
