"""Error pages in the product's look: what happened, and what to do next.

`templates/errors/<code>.html` gets `code`, `title`, `sentence`, `next_step` and `language`, all plain text, and no
request: an error page must render while the database is down, so no context processor runs.
"""

import logging
import sys
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from crm.busy import is_busy, is_full

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True)
class Problem:
    """What an error page says, in whatever language is active when it is shown.

    `code` is the status of the answer and the name of the template.
    """

    code: int
    title: Promise
    sentence: Promise
    next_step: Promise

    @property
    def words(self) -> dict[str, str]:
        """All that the template needs."""
        return {
            "code": str(self.code),
            "title": str(self.title),
            "sentence": str(self.sentence),
            "next_step": str(self.next_step),
            "language": translation.get_language() or settings.LANGUAGE_CODE,
        }


BAD_REQUEST = Problem(
    400,
    _("That request cannot be read"),
    _("The address or the form holds something that Hindsight cannot read. Nothing was changed."),
    _("Go back, check what you entered, and try again."),
)
NOT_UTF8 = Problem(
    400,
    _("That text cannot be read"),
    _(
        "What you sent holds half a character or another encoding than UTF-8, so it cannot be kept exactly."
        " Nothing was changed."
    ),
    _("Go back, type the text again instead of pasting it, and save."),
)
FORBIDDEN = Problem(
    403,
    _("Not yours to see"),
    _("Your role does not open this page, or this is another agent's lead. Nothing was changed."),
    _("Go back to the board, or ask a broker of your office."),
)
FORM_EXPIRED = Problem(
    403,
    _("This form is too old"),
    _("The page was open for too long, or you logged in again elsewhere. Nothing was changed."),
    _("Load the page again, then repeat what you did."),
)
NOT_FOUND = Problem(
    404,
    _("Nothing here"),
    _("No page and no lead has this address."),
    _("Go back to the board, or search for the lead by name, e-mail or phone."),
)
NOT_ALLOWED = Problem(
    405,
    _("This address is not for that"),
    _("This page can be looked at or be sent a form, but not both. Nothing was changed."),
    _("Go back to the board, and use the links and forms of the pages."),
)
TOO_MANY = Problem(
    429,
    _("Too many tries"),
    _("There were too many tries in a short time. Nothing was changed."),
    _("Wait five minutes, then try again."),
)
BROKEN = Problem(
    500,
    _("Something broke on our side"),
    _("What you did was not saved. The fault is written down for whoever runs Hindsight."),
    _("Try again; if it happens twice, tell whoever runs Hindsight what you did and when."),
)
BUSY = Problem(
    503,
    _("The database is busy"),
    _("Hindsight could not reach its database in time. What you did was not saved."),
    _("Wait a few seconds, then try again."),
)
FULL = Problem(
    507,
    _("There is no room left to save anything"),
    _("The disk that Hindsight writes to is full. What you did was not saved; nothing that was saved before is lost."),
    _("Tell whoever runs Hindsight. When there is room again, load the page and repeat what you did."),
)


def page(problem: Problem) -> HttpResponse:
    """The answer that shows `problem`; plain words without a template where the template itself fails."""
    try:
        content = loader.get_template(f"errors/{problem.code}.html").render(problem.words)
    except Exception:
        # The last line of defence: whatever broke the template must not hide what happened.
        logger.exception("errors/%s.html cannot be rendered", problem.code)
        content = format_html(
            '<!doctype html><html lang="{language}"><title>{title}</title><h1>{title}</h1><p>{sentence}</p>'
            "<p>{next_step}</p></html>",
            **problem.words,
        )
    return HttpResponse(content, status=problem.code)


def busy() -> HttpResponse:
    """503: the database did not answer in time; the header tells machines when to come back."""
    response = page(BUSY)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def trouble(error: BaseException) -> HttpResponse | None:
    """The answer to a database that is busy or away, or to a full disk; None for every other fault."""
    if is_full(error):
        # Its class only: the words may carry names of files.
        logger.error("the disk is full (%s)", type(error).__name__)
        response = page(FULL)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return busy() if is_busy(error) else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, called by Django."""
    with translation.override(_language_of(request)):
        return page(BAD_REQUEST)


def _language_of(request: HttpRequest) -> str:
    """The language that was chosen for this request; what failed before that must not speak the last visitor's."""
    return getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, called by Django."""
    return page(FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token does not fit, called by Django; `reason` is for developers and not shown."""
    return page(FORM_EXPIRED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, called by Django."""
    return page(NOT_FOUND)


def too_many(request: HttpRequest) -> HttpResponse:
    """429, called by django-allauth's rate limits."""
    return page(TOO_MANY)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, called by Django; 503 when the fault is a busy database, 507 when it is a full disk.

    BusyDatabase sees only what a view raises; a session that cannot be saved fails further out and ends here.
    """
    error = sys.exc_info()[1]
    return (trouble(error) if error is not None else None) or page(BROKEN)
