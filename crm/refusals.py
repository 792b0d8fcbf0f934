"""What gunicorn refuses by itself (half a request, a header without an end) is refused and logged in our manner too.

Its own answer quotes what was sent and carries none of our headers; and no application is asked for such an answer.
`deploy/gunicorn.conf.py` puts this in its place.
"""

import logging
import socket
from http import HTTPStatus
from typing import Any

from django.conf import settings

from crm.headers import headers
from crm.logs import WithoutRows


def refusal(status: int) -> bytes:
    """The whole answer as it goes over the wire. It may stand before a proxy that speaks https, so it says so."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Refused"
    body = f"Error {status}: {phrase}. Hindsight cannot read this request. Nothing was changed.\n".encode()
    said = {
        "Connection": "close",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        **headers(secure=bool(settings.SECURE_HSTS_SECONDS)),
    }
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def write_refusal(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    """As gunicorn's `util.write_error`; `reason` and `mesg` may quote what was sent and are left out."""
    sock.setblocking(False)
    sock.sendall(refusal(status_int))


def take_over(gunicorn_util: Any, log: logging.Logger) -> None:
    """From now on gunicorn's workers refuse like this and log as we do; it has no setting for either."""
    gunicorn_util.write_error = write_refusal
    for handler in log.handlers:
        handler.setFormatter(WithoutRows("%(asctime)s [%(process)d] [%(levelname)s] %(message)s"))
