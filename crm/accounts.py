"""Who may have an account: those whom an admin of the office gives one."""

import logging
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

WRONG_CODE = _("That code does not fit. Look for the newest one, and use each only once.")

_WAYS_TO_PROVE = {
    "reauthenticate": _("With your password"),
    "mfa_reauthenticate": _("With a code"),
    "mfa_reauthenticate:webauthn": _("With a passkey"),
}


class OfficeAccounts(DefaultAccountAdapter):
    """django-allauth's account rules, with the public door closed."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("That is not your password."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: users are made in the admin."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's address. Whoever came past one of the proxies is counted by the address that is certain."""
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            address = clean_client_ip(request.META.get("REMOTE_ADDR", ""))
            if not address:
                raise PermissionDenied("The visitor has no address.") from None
            return str(address)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter that cannot be sent stops nobody, and tells a stranger nothing about whether an account exists."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            # The kind of fault alone: its text may hold the address.
            logger.error("A letter (%s) could not be sent: %s", template_prefix, type(error).__name__)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """In the language of whoever gets it, who may be somebody else than whoever acts."""
        mine = translation.get_language() if user == self.request.user else settings.LANGUAGE_CODE
        with translation.override(user.language or mine):
            super().send_notification_mail(template_prefix, user, context, email)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever logged in within the last minutes has just proven who they are, and is not asked again."""
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove who one is, in our words."""
        ways = super().get_reauthentication_methods(user)
        return [{**way, "description": _WAYS_TO_PROVE.get(way["id"], way["description"])} for way in ways]
