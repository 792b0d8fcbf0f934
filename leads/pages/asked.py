"""One request to move a lead: which lead, where to, from which page, and what it says about itself."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from lifecycle.errors import BadInput, ClosedLead, IllegalMove
from lifecycle.events import Source
from lifecycle.explain import why_not
from lifecycle.states import State
from lifecycle.transitions import Transition, for_person

from ..access import visible_leads
from ..models import Lead, User
from .answers import board_of, page_on_screen


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to move: the lead as it is now, where to, and how the request came."""

    request: HttpRequest
    lead: Lead
    to: State | None

    @property
    def user(self) -> User:
        """Who asks; LoginRequired lets nobody else through."""
        return cast(User, self.request.user)

    @property
    def on_board(self) -> bool:
        return board_of(self.request) is not None

    @property
    def on_lead_page(self) -> bool:
        """Whether htmx asks from the page of this very lead, which can be drawn anew in parts."""
        return page_on_screen(self.request).partition("?")[0] == reverse("lead", args=[self.lead.pk])

    @property
    def back(self) -> str:
        """Where to go afterwards: the page that asked for the move, else the board."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next") or ""
        wanted = wanted or page_on_screen(self.request)
        safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None)
        return wanted if safe else reverse("board")

    @property
    def fresh(self) -> Lead:
        """The lead as it is now; as it was, where a colleague was given it while this request was under way."""
        seen = visible_leads(self.user).select_related("agent").filter(pk=self.lead.pk).first()
        return seen or self.lead

    @property
    def source(self) -> str:
        """Through which door the fact comes in."""
        return (Source.BOARD if self.on_board else Source.PAGE).value

    def transition(self) -> Transition:
        """The move that is asked for; raises the refusal of a pair that no person can move."""
        if self.to is None:
            raise BadInput(gettext("There is no such stage. Choose one from the list."), field="to")
        found = for_person(self.lead.status, self.to)
        if not found:
            refusal = ClosedLead if self.lead.status == State.CLOSED else IllegalMove
            if self.to == self.lead.status:
                said = gettext("%(name)s is already in %(stage)s.")
                raise IllegalMove(said % {"name": self.lead.name, "stage": self.to.label}, field="to")
            raise refusal(why_not(self.lead.status, self.to), field="to")
        return found[0]


def go(request: HttpRequest, to: str) -> HttpResponse:
    """On to another page, also where htmx asked for a part of this one."""
    return (HttpResponseClientRedirect if request.htmx else HttpResponseRedirect)(to)  # type: ignore[attr-defined]


def read_version(text: str) -> int:
    """The version that the page showed; refused when there is none or it is no number of ours."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    sentence = gettext("This page does not say which version of the lead it shows. Load it again.")
    raise BadInput(sentence, field="version")


def read_uuid(text: str) -> UUID | None:
    """The key of the form; None where a page sends none."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(gettext("This form is damaged. Load it again."), field="uuid") from None
