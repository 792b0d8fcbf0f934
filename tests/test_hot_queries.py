"""No hot query reads the log as a whole: each finds its facts along an index, on either engine."""

import contextlib
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from bench import filling, hot_queries
from bench.hot_queries import Hot
from lifecycle.models import LeadEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> None:
    """Some hundred leads with all that happened to them, and the planner's statistics of them."""
    with contextlib.redirect_stdout(io.StringIO()):
        filling.fill(300, datetime(2026, 11, 1, tzinfo=UTC), long_story=False)
    if connection.vendor == "postgresql":
        # A log that fits into a few pages is rightly read as a whole; in earnest it never does.
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")


def scans(hot: Hot) -> list[str]:
    """The statements that read all of the log, with their plans."""
    found = hot_queries.plans(hot)
    assert found, f"{hot.what}: nothing was asked"
    return ["\n".join([hot.what, p.sql, *p.lines]) for p in found if p.scans]


def test_no_hot_query_reads_the_whole_log(office: None) -> None:
    asked = list(hot_queries.hot_queries())
    assert len(asked) == 15
    before = LeadEvent.objects.count()
    assert [scan for hot in asked for scan in scans(hot)] == []
    # A move was made and taken back, the minute's round found nothing to do.
    assert LeadEvent.objects.count() == before


#: What any careless query would do.
CARELESS: dict[str, Callable[[], Any]] = {
    "by what no index knows": lambda: list(LeadEvent.objects.filter(actor_name="Agent 050")),
    "in no order that an index has": lambda: list(LeadEvent.objects.order_by("source", "reason")[:5]),
    "one kind of all": lambda: list(LeadEvent.objects.filter(kind="note_added").values_list("lead_id")),
}


@pytest.mark.parametrize("way", CARELESS)
def test_a_query_that_reads_the_whole_log_is_found_out(way: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        filling.fill(30, datetime(2026, 11, 1, tzinfo=UTC), long_story=False)
    assert len(scans(Hot(way, "", CARELESS[way]))) == 1


def test_the_page_about_them_names_every_hot_query() -> None:
    with open("docs/hot-queries.md", encoding="utf-8") as file:
        said = set(re.findall(r"^## (.+)$", file.read(), re.MULTILINE))
    with open(hot_queries.__file__, encoding="utf-8") as file:
        named = set(re.findall(r'Hot\(\s*"([^"]+)"', file.read()))
    assert said == named
