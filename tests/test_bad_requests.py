"""Bad requests over every address and every form: a sentence comes back, never a fault, and nothing is written.

CI tries a sample; all of them: `python -m tests.input --requests 20000 --engine postgresql`.
"""

import os
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from crm.urls import urlpatterns as of_the_product
from leads.models import SavedMapping, User
from tests.factories import bruna
from tests.input.asking import Browser
from tests.input.finding import Target, addresses, patterns
from tests.input.judging import Kept
from tests.input.scene import Scene, set_up
from tests.input.spoiling import Bad, spoil
from tests.input.trying import attempt, browsers, find_targets, try_them

pytestmark = pytest.mark.django_db

#: Seed, first number, how many: what CI tries, over the pages of the two who may do most.
SAMPLE = "1,0,240"


def test_no_bad_request_breaks_or_leaves_anything(capsys: pytest.CaptureFixture[str]) -> None:
    asked = os.environ.get("HINDSIGHT_BAD_REQUESTS", "")
    seed, first, many = map(int, (asked or SAMPLE).split(","))
    scene = set_up()
    few = None if asked else find_targets(scene, browsers(scene), 180, ("bruna", "root"))
    tried, targets = try_them(scene, range(first, first + many), seed, targets=few)
    if asked:
        with capsys.disabled():
            print(f"\n{connection.vendor}, seed {seed}: {tried}, over {len(targets)} forms and addresses")
    assert tried.faults == [], "\n".join(tried.faults[:40])
    assert tried.sent == many and (many < 100 or tried.refused > many / 2)


# --- that it finds what there is to find


def breaks(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(int(request.GET.get("n", "1"))))


def half(request: HttpRequest) -> HttpResponse:
    SavedMapping.objects.create(name="left behind", saved_at="2026-01-01T00:00Z")
    return HttpResponse("No.", status=422)


def changes(request: HttpRequest) -> HttpResponse:
    User.objects.filter(username="bruna").update(display_name="Somebody else")
    return HttpResponse("No.", status=422)


def silent(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=422)


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        '<form method="post" action="/planted/half/"><input name="a" value="1"><input type="radio" name="b" value="2">'
        '<select name="c"><option value="3"><option value="4" selected></select><textarea name="d"></textarea></form>'
        '<a href="/planted/breaks/?n=1">more</a>'
    )


urlpatterns = [
    path("planted/", form),
    path("planted/breaks/", breaks),
    path("planted/half/", half),
    path("planted/changes/", changes),
    path("planted/silent/", silent),
    *of_the_product,
]
handler500 = "crm.errors.server_error"


def wrong_with(address: str, method: str = "GET", query: bytes = b"") -> list[str]:
    hands, kept = {"bruna": Browser(bruna())}, Kept()
    bad = Bad("bruna", method, address, query, b"", "")
    return attempt(hands, bad, kept, (kept.counts(), kept.contents()), True)[1]


@pytest.mark.urls(__name__)
def test_pages_that_break_or_write_are_found_out() -> None:
    assert wrong_with("/planted/breaks/", query=b"n=1") == []
    broken = wrong_with("/planted/breaks/", query=b"n=x")
    assert "ValueError" in broken[0] and broken[1] == "answered with 500"
    assert wrong_with("/planted/half/", "POST") == ["leads_savedmapping: 0 → 1"]
    assert wrong_with("/planted/changes/", "POST") == ["leads_user was changed"]
    assert wrong_with("/planted/silent/") == ["refused with 422 and without a word"]
    assert SavedMapping.objects.count() == 0


@pytest.mark.urls(__name__)
def test_a_new_form_and_a_new_question_are_found_by_themselves() -> None:
    scene = Scene({"bruna": bruna()})
    others = tuple(f"/{one.partition('/')[0]}" for one, _ in patterns() if not one.startswith("planted") and one)
    found = find_targets(scene, browsers(scene), 30, ("bruna",), others)
    fields = (("a", "1"), ("b", "2"), ("c", "4"), ("d", ""))
    assert Target("bruna", "POST", "/planted/half/", fields) in found
    assert Target("bruna", "GET", "/planted/breaks/", (("n", "1"),)) in found


def test_every_address_of_the_resolver_is_asked_for() -> None:
    scene = Scene({"bruna": bruna()})
    assert len(list(addresses(scene))) >= len(list(patterns())) > 140


def test_a_number_says_all_about_a_bad_request() -> None:
    target = Target("bruna", "POST", "/leads/new/", (("name", "Dana"), ("phone", "")))
    many: list[Any] = [spoil([target], 3, number) for number in range(300)]
    assert many == [spoil([target], 3, number) for number in range(300)]
    assert len({str(bad) for bad in many}) > 280
    assert many != [spoil([target], 4, number) for number in range(300)]
