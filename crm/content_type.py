"""What a request says about its body is made readable before Django sees it.

Django reads type, encoding and length while it makes the request, outside of all that turns a fault into a page: an
encoding such as "hex" would break off there, without an answer. `RefuseUnreadable` then says 400 in our words.
"""

import codecs
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

#: Stands for a type that cannot be read; no browser sends it.
UNREADABLE = "unreadable/unreadable"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Asgi = Callable[[Any, Any, Any], Awaitable[None]]


def readable(application: Wsgi) -> Wsgi:
    """The same WSGI application, never asked with a type or length that it cannot read."""

    def ask(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = as_readable(environ.get("CONTENT_TYPE", ""))
        length = environ.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            environ |= {"CONTENT_TYPE": UNREADABLE, "CONTENT_LENGTH": "0"}
        return application(environ, start_response)

    return ask


def readable_asgi(application: Asgi) -> Asgi:
    """The same for an ASGI application, whose server has judged the length."""

    async def ask(scope: Any, receive: Any, send: Any) -> None:
        headers = [
            (name, as_readable(value.decode("latin-1")).encode("latin-1") if name == b"content-type" else value)
            for name, value in scope.get("headers", ())
        ]
        await application({**scope, "headers": headers}, receive, send)

    return ask


def as_readable(content_type: str) -> str:
    """The content type without its encoding where that is UTF-8, as everything is here; else `UNREADABLE`.

    Whoever names an encoding makes Django read the address at once, and in that encoding.
    """
    try:
        kind, said = parse_header_parameters(content_type)
        if "charset" not in said:
            return content_type
        is_ours = codecs.lookup(str(said["charset"])).name == "utf-8"
    except Exception:
        # Python's parser of letters does the work, which stumbles over many a thing and in many a way.
        return UNREADABLE
    return kind if is_ours and kind != "multipart/form-data" else UNREADABLE
