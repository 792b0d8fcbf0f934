"""A second step at the login: whom it is asked of, and how its secrets are kept."""

import base64
import secrets
from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from crm.accounts import WRONG_CODE

#: What somebody without a second step still reaches: setting one up, the proof that this asks for, and the way out.
REACHED_WITHOUT = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "account_logout",
        "admin:logout",
    }
)
#: What counts as one. Recovery codes only stand in for it.
COUNTS = ("totp", "webauthn")


def is_required(user: Any) -> bool:
    """Whether this person's password alone is not enough (SECOND_FACTOR_FOR)."""
    named: frozenset[str] = settings.SECOND_FACTOR_FOR
    return bool(named) and (user.is_superuser or user.role in named)


class SecondFactorRequired:
    """Leads whoever needs a second step and has none to the page that sets one up; nothing else answers them.

    Asked of the database at every request, so that it holds from the moment when a role or the setting changes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """None where the request may go on; pages that need no login are everybody's."""
        if not settings.SECOND_FACTOR_FOR or not getattr(view_func, "login_required", True):
            return None
        user: Any = request.user
        if not user.is_authenticated or not is_required(user):
            return None
        # For the templates: what they say to somebody who cannot do without.
        request.second_factor_required = True  # type: ignore[attr-defined]
        if is_mfa_enabled(user, COUNTS):
            return None
        request.second_factor_missing = True  # type: ignore[attr-defined]
        if request.resolver_match is not None and request.resolver_match.view_name in REACHED_WITHOUT:
            return None
        address = resolve_url("mfa_index")
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(address)
        return HttpResponseRedirect(address)


def _boxes() -> MultiFernet:
    """The keys that seal the secrets: of SECRET_KEY, and of those before it that still count."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("crm.second_factor", "seal", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SecondFactors(DefaultMFAAdapter):
    """django-allauth's rules for second steps: secrets are sealed, and the words are ours."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": _("Set up a second step first: recovery codes stand in for it."),
    }

    def encrypt(self, text: str) -> str:
        """Sealed: a copy of the database alone lets nobody in."""
        return _boxes().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where it cannot be opened (another SECRET_KEY) one that nobody has, so that no code fits."""
        try:
            return _boxes().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def build_totp_svg(self, url: str) -> str:
        """The square for the phone's camera as part of the page: its policy takes no picture from inside an address."""
        import qrcode  # type: ignore[import-untyped]

        code = qrcode.QRCode(border=4)
        code.add_data(url)
        code.make(fit=True)
        rows = code.get_matrix()
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        return format_html(
            '<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}"><path d="{path}"/></svg>',
            size=len(rows),
            label=gettext("The square to scan"),
            path=path,
        )

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a new passkey is called until its owner says something better."""
        from allauth.mfa.models import Authenticator

        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey") if not count else gettext("Passkey %(number)d") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom a passkey is for, as the phone shows it."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}
