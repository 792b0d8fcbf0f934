"""Bad requests over every address and every form: a sentence comes back, never a fault, and nothing is written.

CI tries a sample; all of them: `python -m tests.input --requests 20000 --engine postgresql`.
"""

import os

import pytest
from django.db import connection

from tests.input.scene import set_up
from tests.input.trying import try_them

pytestmark = pytest.mark.django_db

SAMPLE = "1,0,350"


@pytest.fixture(autouse=True)
def few_hashes(settings: object) -> None:
    """Nobody waits for letters or rate limits here."""


def test_no_bad_request_breaks_or_leaves_anything(capsys: pytest.CaptureFixture[str]) -> None:
    seed, first, many = map(int, os.environ.get("HINDSIGHT_BAD_REQUESTS", SAMPLE).split(","))
    tried, targets = try_them(set_up(), range(first, first + many), seed)
    with capsys.disabled():
        if "HINDSIGHT_BAD_REQUESTS" in os.environ:
            print(f"\n{connection.vendor}, seed {seed}: {tried}, over {len(targets)} forms and addresses")
    assert tried.faults == [], "\n".join(tried.faults[:40])
    assert tried.sent == many
