"""What a person sends never becomes a part of a statement: it goes to the database beside it, as a value."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from crm.urls import urlpatterns as of_the_product
from tests.factories import bruna
from tests.input.asking import Browser
from tests.input.finding import Target
from tests.input.scene import set_up
from tests.input.spoiling import FORM, Bad
from tests.input.trying import browsers, find_targets

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

#: A word that no page and no table has, and a number that none of ours is.
WORD, NUMBER = "zqxcanary", "7310457291"


def planted(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT '{request.GET.get('a', '')}'")
    return HttpResponse("Done.")


urlpatterns = [path("planted/", planted), *of_the_product]


class Ear:
    """Hears every statement, and remembers those in which the word or the number stands."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.statements = self.as_values = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        self.as_values += WORD in str(params) or NUMBER in str(params)
        if WORD in str(sql) or NUMBER in str(sql):
            self.heard.append(str(sql)[:300])
        return execute(sql, params, many, context)


def ask(hand: Browser, target: Target, value: str, turn: int = 0) -> None:
    """The question or form with this value in one of its fields, each in its turn, and in all of them."""
    names = [name for name, _ in target.fields]
    for spoilt in ({names[turn % len(names)]}, set(names)):
        said = urlencode([(name, value if name in spoilt else kept) for name, kept in target.fields]).encode()
        query, body = (said, b"") if target.method == "GET" else (b"", said)
        hand.ask(Bad(target.who, target.method, target.path, query, body, FORM if body else ""))


def test_nothing_that_is_sent_is_ever_a_part_of_a_statement() -> None:
    scene, ear = set_up(), Ear()
    hands = browsers(scene)
    found = find_targets(scene, hands, 90, ("bruna",), ("/admin", "/help", "/planted"))
    targets = [target for target in found if target.fields and target.path not in ("/language/", "/accounts/logout/")]
    with connection.execute_wrapper(ear):
        for n, target in enumerate(targets):
            ask(hands["bruna"], target, WORD if n % 2 else NUMBER, n // 2)
    assert ear.heard == [], "\n".join(ear.heard[:10])
    assert len(targets) > 30 and ear.statements > 500 and ear.as_values > 5


def test_a_page_that_puts_it_into_a_statement_is_heard() -> None:
    ear, hand = Ear(), Browser(bruna())
    with connection.execute_wrapper(ear):
        ask(hand, Target("bruna", "GET", "/planted/", (("a", ""),)), WORD)
    assert ear.heard == [f"SELECT '{WORD}'"] * 2
