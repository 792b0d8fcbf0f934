"""Every page that shows leads, asked for in this process: which of them are a fault."""

from typing import Any

#: Pages of the office; ``{lead}`` is each of the leads that are asked for.
OFFICE = (
    "/", "/?as_of=2026-11-01T12:00", "/board/column/QUALIFIED/", "/changes/", "/reports/", "/reports/collapses/",
    "/reports/funnel/", "/reports/flow/", "/reports/paths/", "/reports/time/", "/reports/agents/",
    "/reports/first-response/", "/custody/", "/consent/", "/handed/", "/search/?q=Dana", "/reassign/", "/import/",
)  # fmt: skip
OF_A_LEAD = (
    "/leads/{lead}/", "/leads/{lead}/at/", "/leads/{lead}/move/", "/leads/{lead}/custody/", "/leads/{lead}/consent/",
    "/leads/{lead}/packet/", "/leads/{lead}/edit/",
)  # fmt: skip
FEED = "/board/changes?since=0&tail=0&drawn={now}&ticked={now}"


def addresses(leads: list[int]) -> list[str]:
    """All of them, for these leads."""
    import time

    feed = FEED.format(now=int(time.time()))
    return [*OFFICE, feed, *(path.format(lead=pk) for pk in leads for path in OF_A_LEAD)]


def visit(leads: list[int] | None = None) -> dict[str, Any]:
    """Asks for all of them as Bruna does, for these leads or three; in a process with the product's settings."""
    from django.conf import settings
    from django.test import Client

    from leads.models import Lead, User

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    client = Client(raise_request_exception=False, headers={"x-forwarded-proto": "https"})
    client.force_login(User.objects.get(username="bruna"))
    leads = leads or list(Lead.objects.order_by("id").values_list("id", flat=True)[:3])
    return {"statuses": {path: client.get(path, secure=True).status_code for path in addresses(leads)}}
