"""What happens around every page: method, caches, readable input, a login, language and time zone, a busy database."""

from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from crm.content_type import UNREADABLE
from crm.errors import BAD_REQUEST, NOT_ALLOWED, NOT_UTF8, Problem, page, trouble
from lifecycle.models import OfficeSettings

#: What Django puts where bytes are no UTF-8.
REPLACED = "\ufffd"

GetResponse = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]


#: All that browsers do here. What a form claims to be besides (`_method`, an override header) is never read.
METHODS = ("GET", "HEAD", "POST")


class KnownMethods:
    """405 for every other method, whatever the address and whoever asks.

    Views of libraries take a PUT for a POST or a DELETE for a GET; here no page has to be trusted to refuse them.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`, or refuse it before anything of it is looked up."""
        if request.method in METHODS:
            return self.get_response(request)
        answer = _refusal(request, NOT_ALLOWED)
        answer["Allow"] = ", ".join(METHODS)
        return answer


class KeptNowhere:
    """What does not say how long it may be kept is kept by no browser and no proxy, so that a logout ends it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`; pages, forms, redirects and refusals alike."""
        answer = self.get_response(request)
        if not answer.has_header("Cache-Control"):
            add_never_cache_headers(answer)
        return answer


class RefuseUnreadable:
    """400 for a NUL byte in path, query or cookie, a content type that nobody can read, and a form that is not UTF-8.

    No name holds a NUL and PostgreSQL takes none. What is not UTF-8 (half a character, another encoding) Django would
    turn into replacement characters, and the log would keep for ever what nobody wrote.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`, or refuse it unread."""
        query = request.META.get("QUERY_STRING", "")
        if (
            "\x00" in request.path
            or "%00" in query
            or "\x00" in query
            or any("\x00" in value for value in request.COOKIES.values())
            or request.content_type == UNREADABLE
        ):
            return _refusal(request, BAD_REQUEST)
        if request.method == "POST" and not _is_utf8(request):
            return _refusal(request, NOT_UTF8)
        _read_in_pieces(request)
        answer = self.get_response(request)
        is_bare = answer.status_code == NOT_ALLOWED.code and not getattr(answer, "content", b"")
        return _in_words(request, answer) if is_bare else answer


class _Pieces:
    """What is sent, to be read by size alone."""

    def __init__(self, sent: Any) -> None:
        self.read = sent.read


def _read_in_pieces(request: HttpRequest) -> None:
    """Makes Django throw away the rest of an upload in pieces, and refuse a field of it that is not UTF-8.

    It would go through it line by line, and one line of hundreds of megabytes would stand in memory.
    """
    parse = request.parse_file_upload

    def parse_in_pieces(META: Any, post_data: Any) -> Any:
        fields, files = parse(META, _Pieces(post_data))  # type: ignore[arg-type]
        if any(REPLACED in said for name, values in fields.lists() for said in (name, *values)):
            raise MultiPartParserError("A field holds half a character or another encoding than UTF-8.")
        return fields, files

    request.parse_file_upload = parse_in_pieces  # type: ignore[method-assign]


def _refusal(request: HttpRequest, problem: Problem) -> HttpResponse:
    # This far out nobody has chosen a language yet: the thread would still speak that of whoever came before.
    with translation.override(translation.get_language_from_request(request)):
        return page(problem)


def _in_words(request: HttpRequest, bare: HttpResponseBase) -> HttpResponse:
    """405 as a page; Django says it with a header alone."""
    answer = _refusal(request, NOT_ALLOWED)
    if "Allow" in bare:
        answer["Allow"] = bare["Allow"]
    return answer


def _is_utf8(request: HttpRequest) -> bool:
    if request.content_type != "application/x-www-form-urlencoded":
        return True
    try:
        unquote_to_bytes(request.body).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class LoginRequired(LoginRequiredMiddleware):
    """Django's rule "every page wants a login", told to htmx in a way that moves the whole page.

    A plain redirect would be followed inside the request, and the login page would land in a card.
    """

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """None where the request may go on, else the way to the login page."""
        try:
            answer = super().process_view(request, view_func, view_args, view_kwargs)
        except Exception as error:
            # Reading the session is the first question to the database.
            if (answer := trouble(error)) is None:
                raise
            return answer
        if isinstance(answer, HttpResponseRedirect) and request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(answer.url)
        return answer

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> HttpResponseRedirect:
        """The way to the login page, and back to the page that the viewer is on."""
        return redirect_to_login(
            page_of(request),
            resolve_url(self.get_login_url(view_func)),
            self.get_redirect_field_name(view_func),
        )


def page_of(request: HttpRequest) -> str:
    """Path and query of the page on the viewer's screen: where to return after a login.

    Not always the address asked for: htmx asks for parts, and a form posts to where nothing can be read.
    """
    if request.headers.get("HX-Request") == "true":
        shown = request.headers.get("HX-Current-URL", "")
    elif request.method in ("GET", "HEAD"):
        return request.get_full_path()
    else:
        shown = request.headers.get("Referer", "")
    if not shown or not url_has_allowed_host_and_scheme(shown, {request.get_host()}):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(shown)
    # A path that begins with two slashes would be read as the name of another host.
    path = "/" + parts.path.lstrip("/")
    return f"{path}{'?' + parts.query if parts.query else ''}"


class ViewerLanguage:
    """Speaks the language that the viewer chose; without a choice Django's rule holds (cookie, then browser)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`; the middleware of Django around this one puts the language of the process back."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> None:
        """Switch the language on; pages without a login are spared the question who looks."""
        chosen = getattr(request.user, "language", "") if getattr(view_func, "login_required", True) else ""
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen


class ViewerTimeZone:
    """Shows times in the viewer's zone, or the office's where they chose none; before the login in UTC."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`; whatever zone `process_view` chose ends with it."""
        with timezone.override(None):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Choose the zone; pages without a login are spared the question and work without a database."""
        if not getattr(view_func, "login_required", True):
            return None
        try:
            name = getattr(request.user, "time_zone", "") or OfficeSettings.load().time_zone
        except Exception as error:
            if (answer := trouble(error)) is None:
                raise
            return answer
        timezone.activate(zone(name))
        return None


def zone(name: str) -> tzinfo:
    """The zone called `name`; UTC for a name that means nothing, or the page to mend it could not open."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


class BusyDatabase:
    """503 where a view could not get its lock or its connection in time, 507 where the disk is full."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to a database in trouble; None leaves every other fault to Django."""
        return trouble(exception)
