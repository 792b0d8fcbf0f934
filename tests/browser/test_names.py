"""Whatever people are called, the board shows it whole, the right way round, inside its card, and runs none of it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from leads.models import Lead
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Inquiry, Source
from lifecycle.states import State
from tests.browser.hands import card_of, drag, fits, posted, see, sticking_out
from tests.factories import LeadFactory, ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = {
    "two hundred letters without a break": "W" * 200,
    "two hundred letters in words": ("Maria del Carmen " * 12)[:200],
    "from right to left": "عبد الرحمن بن محمد الفيصل",
    "both directions": "Dana مرحبا (Ortiz) שלום!",
    "turns the direction around": "Dana \u202eztirO",
    "families of emoji": "👩‍👩‍👧‍👦" * 25,
    "marks upon marks": "Z̸̡̛a̷͓͠l̵̰̈g̴̜̈́o̵͉͂ " * 8,
    "markup": "<b>Dana</b> <script>window.ran = 1</script> &amp; {{ 7|add:7 }}",
    "one letter": "X",
}


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_names_of_every_kind_stay_inside_their_cards(open_page: Open, phone: bool) -> None:
    leads = {why: LeadFactory.create(name=name, headline=name, agent=ana()) for why, name in NAMES.items()}
    page = open_page(ana(), phone=phone, **({"viewport": {"width": 360, "height": 740}} if phone else {}))
    for why, lead in leads.items():
        card = page.locator(card_of(lead))
        assert card.locator(".card-name").text_content() == lead.name, why
        assert card.locator(".card-name").get_attribute("dir") == "auto"
    assert sticking_out(page, ".card", ".card-name, .card-want, .card-more, .card-foot") == []
    fits(page, 360 if phone else 1440)
    assert page.evaluate("window.ran") is None


def test_a_lead_whose_name_is_markup_is_dragged_and_told_like_any_other(open_page: Open) -> None:
    for why in ("markup", "from right to left", "families of emoji"):
        LeadFactory.create(name=NAMES[why], status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    for lead in Lead.objects.all():
        with posted(page, lead):
            drag(page, lead, State.IN_CONTRACT)
        page.locator(f"#column-IN_CONTRACT {card_of(lead)}").wait_for()
        see(page, "#say").to_have_text(f"{lead.name} moved to In contract.")
    assert page.evaluate("window.ran") is None


def naughty_leads(data: Path) -> Iterator[Lead]:
    """A lead for every naughty string that may be a name at all."""
    for name in json.loads((data / "strings" / "blns.json").read_text()):
        lead = Lead(name=name[:200], email="dana@example.com", headline=name[:200])
        try:
            service.create_lead(lead=lead, inquiry=Inquiry.WEBSITE, actor=bruna(), source=Source.PAGE)
        except Refused:
            continue
        yield Lead.objects.get(pk=lead.pk)


def test_the_big_list_of_naughty_strings_on_the_board(open_page: Open, test_data: Path) -> None:
    leads = {str(lead.pk): lead for lead in naughty_leads(test_data)}
    assert len(leads) > 400
    page = open_page(bruna())
    page.on("dialog", lambda dialog: pytest.fail(f"A name opened a dialog: {dialog.message}"))
    more = page.locator("#column-NEW .show-more")
    while more.count():
        shown = page.locator("#column-NEW .card").count()
        more.first.click()
        # Four hundred cards, drawn by a server in this very process: longer than other answers.
        page.wait_for_function(
            "n => document.querySelectorAll('#column-NEW .card').length > n", arg=shown, timeout=20_000
        )
    names = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('#column-NEW .card')]"
        ".map(c => [c.id.slice(5), c.querySelector('.card-name').textContent]))"
    )
    assert names == {pk: lead.name for pk, lead in leads.items()}
    assert sticking_out(page, ".card", ".card-name, .card-want, .card-more, .card-foot") == []
