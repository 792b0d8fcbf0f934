"""Writers and databases that are killed, readers meanwhile, and a restored copy: the short versions."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.failures import crashed, drill, killed, readers
from tests.failures.place import Place, place

ENGINE = settings.TEST_ENGINE


def quiet(line: str) -> None:
    """What the long versions tell while they run."""


@pytest.fixture(scope="module")
def office() -> Iterator[Place]:
    """An office of our own: one database for all of these tests, because to make one takes the most time."""
    with place(ENGINE, leads=14) as made:
        yield made


def test_what_killed_writers_had_acknowledged_is_there_and_nothing_is_half(office: Place) -> None:
    found = killed.run(office, killed.SHORT_RUNS, least=5, tell=quiet)
    assert found.holds, found
    assert found.acknowledged > 2 * 3 * 5


def test_whoever_reads_on_by_the_horizon_misses_nothing_while_processes_write(office: Place) -> None:
    found = readers.run(office, 0.5, writers=2, tell=quiet)
    assert found.holds, found
    assert found.more["read"] > 30


@pytest.mark.skipif(ENGINE != "postgresql", reason="SQLite has no server that could be killed")
def test_what_was_acknowledged_survives_the_database_being_killed(office: Place) -> None:
    found = crashed.run(office, 1, writers=2, tell=quiet)
    assert found.holds, found
    assert found.more["fsync"] == "on"


def test_a_copy_taken_while_people_write_is_the_office_with_its_guards(office: Place) -> None:
    found = drill.run(office, 1, tell=quiet)
    assert found.holds, found
