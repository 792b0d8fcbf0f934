"""A trace of whatever is handed out in bulk: who got which file or list, when, of whom, and where it went.

A trace is left before the answer goes out, so nothing leaves without one: a database that cannot take the trace gives
no file. Files are for whoever has proved lately that it is really them.

Downloads stay GET. They are links, they can be opened anew after logging in or proving oneself again, and asking for
the same file twice changes nothing that anybody sees: a note in a book of who looked is the very thing that HTTP lets a
safe method do (RFC 9110, 9.2.1, names access logs). What a GET never does is write to the log of leads. The pages whose
GET leaves a trace are declared here, in ``TRACED_GETS``, and a test holds the list equal to what is decorated.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from ipaddress import ip_address
from typing import Any, cast
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from .models import Trace, User, What

View = Callable[..., HttpResponseBase]

#: How long a trace is kept.
KEPT = timedelta(days=365)

#: The addresses (as ``resolver_match.view_name``) whose GET leaves a trace: the declared exceptions from "a GET writes
#: nothing". None of them writes anything else.
TRACED_GETS = frozenset(
    {
        # files
        *("reports", "report-collapses", "report-funnel", "report-flow", "report-paths", "report-time"),
        *("report-agent", "report-first-response", "agent-custody", "lead-consent-csv", "import-errors"),
        # lists and sheets
        *("lead-packet", "reassign-packets", "lead-consent-letter", "reassign", "import-run"),
        *("report-glance-leads", "report-collapses-facts", "report-funnel-leads", "report-flow-facts"),
        *("report-paths-leads", "report-time-facts", "report-time-leads", "report-agent-facts"),
        "report-first-response-facts",
        # the office admin
        *("admin:leads_lead_changelist", "admin:leads_importedrow_changelist", "admin:lifecycle_leadevent_changelist"),
    }
)

#: And those whose POST leaves one, beside whatever else it does.
TRACED_POSTS = frozenset({"lead-proof"})


def leave(
    request: HttpRequest,
    what: What,
    *,
    leads: int | None = None,
    lead: int | None = None,
    person: int | None = None,
    batch: UUID | None = None,
) -> None:
    """Leaves one trace of what ``request.user`` is about to be handed.

    In: how many rows (None: not counted); the ids of the one lead or of the person whose leads they are; the bulk
    action or import that they belong to.
    """
    viewer = cast(User, request.user)
    found = request.resolver_match
    Trace.objects.create(
        at=timezone.now(),
        who=viewer,
        who_name=viewer.display_name,
        what=what.value,
        page=found.view_name if found else "",
        leads=leads,
        lead_id=lead,
        person_id=person,
        batch=batch,
        address=_address(request),
    )


def count(answer: HttpResponseBase, rows: int) -> None:
    """Tells whoever leaves the trace of this answer how many rows it holds."""
    answer.rows_handed_out = rows  # type: ignore[attr-defined]


def is_file(answer: HttpResponseBase) -> bool:
    """Whether the answer is a file to be saved."""
    return answer.has_header("Content-Disposition")


def gives_files(what: What, shown: What | None = None) -> Callable[[View], View]:
    """For a view that answers with a file, always or when asked: the file needs a fresh proof of who asks, and leaves
    a trace. ``shown`` is the trace of the page where that is one of its own."""

    def decorate(view: View) -> View:
        @wraps(view)
        def traced(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # The view judges first: who may not have the file hears that, and is not asked for a password before.
            answer = view(request, *args, **kwargs)
            if answer.status_code != 200 or request.method == "HEAD":
                return answer
            if is_file(answer):
                return _handed(request, what, answer, kwargs)
            if shown is not None:
                _leave_of(request, shown, answer, kwargs)
            return answer

        traced.leaves = what  # type: ignore[attr-defined]
        return traced

    return decorate


@reauthentication_required
def _handed(request: HttpRequest, what: What, answer: HttpResponseBase, kwargs: dict[str, Any]) -> HttpResponseBase:
    _leave_of(request, what, answer, kwargs)
    return answer


def shows_many(what: What, when: Callable[[HttpRequest], bool] = lambda request: True) -> Callable[[View], View]:
    """For a page that lists leads or prints them: each look leaves a trace, where ``when`` says that it lists them."""

    def decorate(view: View) -> View:
        @wraps(view)
        def traced(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = view(request, *args, **kwargs)
            if request.method == "GET" and answer.status_code == 200 and when(request):
                _leave_of(request, what, answer, kwargs)
            return answer

        traced.leaves = what  # type: ignore[attr-defined]
        return traced

    return decorate


def remove_old(now: datetime) -> int:
    """Removes the traces of which a year is over; out: how many. ``run_due`` sees to it."""
    return Trace.objects.remove_over(now - KEPT)


def _leave_of(request: HttpRequest, what: What, answer: HttpResponseBase, kwargs: dict[str, Any]) -> None:
    """The trace of an answer, with what the address says of whom it is about."""
    person = kwargs.get("agent") or _asked_for(request)
    rows = getattr(answer, "rows_handed_out", None)
    leave(request, what, leads=rows, lead=kwargs.get("pk"), person=person, batch=kwargs.get("uuid"))


def _asked_for(request: HttpRequest) -> int | None:
    """The person that a query such as ``?agent=7`` names."""
    text = request.GET.get("agent", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return User.objects.filter(pk=int(text)).values_list("pk", flat=True).first()


def _address(request: HttpRequest) -> str | None:
    """Where the answer goes, behind as many proxies as the office says it has; None where nobody knows."""
    try:
        return str(ip_address(get_adapter().get_client_ip(request)))
    except (PermissionDenied, ValueError):
        return None
