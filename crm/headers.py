"""The headers that every answer carries, whoever gives it: a page, a file, a redirect, a refusal, a fault of ours.

django-csp, SecurityMiddleware and XFrameOptionsMiddleware set most of them, but only on what comes out through them; a
host that is not ours, for one, is refused before. So this stands around everything and adds what is missing.
"""

from collections.abc import Callable

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

#: Nothing of these is used here, so no page, and nothing that ever got into one, may ask for it. Only what
#: browsers know stands here: of any other name they complain on every page.
_UNUSED = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope", "hid"),
    *("idle-detection", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock"),
    *("serial", "storage-access", "usb", "xr-spatial-tracking"),
)
PERMISSIONS = ", ".join(f"{name}=()" for name in _UNUSED)


def headers(*, secure: bool) -> dict[str, str]:
    """By name, for an answer to a question that came by https or not: a browser takes "https only" by https alone."""
    said = {
        "Content-Security-Policy": build_policy(),
        "Cross-Origin-Opener-Policy": str(settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }
    if secure and settings.SECURE_HSTS_SECONDS:
        subdomains = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
        said["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}{subdomains}"
    return said


class OnEveryAnswer:
    """Middleware, the outermost: what an answer does not say for itself it says here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.headers = {secure: headers(secure=secure) for secure in (False, True)}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`."""
        answer = self.get_response(request)
        for name, value in self.headers[bool(request.is_secure())].items():
            answer.headers.setdefault(name, value)
        return answer
