"""The line over the board of whoever was handed leads, and its page."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle import service
from lifecycle.events import Source
from tests.browser.hands import breaches, fits, repeated_ids, see
from tests.factories import LeadFactory, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ana_follows_the_line_reads_and_is_rid_of_it(open_page: Open, scheme: str) -> None:
    given: dict[str, Any] = {"reason": "territory", "actor": bruna(), "source": Source.PAGE}
    for name in ("محمد العربي", "Wolfeschlegelsteinhausenbergerdorff" * 3, "Dana Ortiz"):
        service.assign_lead(lead_id=LeadFactory.create(agent=ben(), name=name).pk, to_agent=ana(), **given)
    page = open_page(ana(), "/", color_scheme=scheme, reduced_motion="reduce", viewport={"width": 320, "height": 640})
    line = page.locator("#handed")
    assert "3 leads were handed to you by Bruna Barros since" in line.inner_text()
    assert breaches(page) == [] and repeated_ids(page) == []
    line.get_by_role("link", name="Show them").click()
    page.wait_for_url("**/handed/")
    see(page, ".packet-link").to_have_count(3)
    fits(page, 320)
    assert breaches(page) == [] and repeated_ids(page) == []
    page.get_by_role("button", name="I have looked at them").click()
    page.wait_for_url("**/")
    see(page, "#handed").to_have_count(0)
