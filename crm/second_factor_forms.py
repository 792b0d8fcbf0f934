"""The forms of the second step: codes count once, and what a passkey says is read with care."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

#: No browser sends more; what is longer is not read.
MOST_CHARACTERS = 20_000
NAME_LENGTH = 60


def _as_code(field: Any, help_text: Any) -> None:
    """How a code is typed: digits, from a phone or out of a drawer."""
    field.label = _("Code")
    field.help_text = help_text
    field.max_length = 40
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(inputmode="numeric", autocapitalize="off", spellcheck="false")


class _EachOnce(forms.Form):
    """A code that was taken is taken no more, for as long as it would fit.

    django-allauth remembers it for its own half minute, and ours counts for three of them (MFA_TOTP_TOLERANCE).
    """

    user: Any
    authenticator: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(
            self.fields["code"], _("Six digits from the app on your phone, or one of the recovery codes that you kept.")
        )

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            span = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
            if not cache.add(f"totp:{self.user.pk}:{normalize_user_code(code)}", 1, timeout=span):
                raise get_adapter().validation_error("incorrect_code")
        return code


class CodeAtLogin(_EachOnce, AuthenticateForm):
    """After the password."""


class CodeAgain(_EachOnce, ReauthenticateForm):
    """Asked of somebody who is logged in, before what matters."""


class FirstCode(ActivateTOTPForm):
    """Shows that phone and server agree, before anybody depends on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self.fields["code"], "")


# --- passkeys -----------------------------------------------------------------------------------------------


class Credential(forms.JSONField):
    """What the browser says of a passkey: an object of bounded size that a database can keep."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (len(value) > MOST_CHARACTERS or "\\u0000" in value):
            raise get_adapter().validation_error("incorrect_code")
        try:
            read = super().to_python(value)
        except RecursionError:
            read = None
        if not isinstance(read, dict):
            raise get_adapter().validation_error("incorrect_code")
        return read


@contextmanager
def _only_a_refusal() -> Iterator[None]:
    """Whatever the library stumbles over in what was sent (a missing key, a wrong type, cut bytes) is a refusal."""
    try:
        yield
    except (ValidationError, DatabaseError):
        raise
    except Exception as error:
        raise get_adapter().validation_error("incorrect_code") from error


class _ReadWithCare(forms.Form):
    def clean_credential(self) -> Any:
        with _only_a_refusal():
            return super().clean_credential()  # type: ignore[misc]


class PasskeyAtLogin(_ReadWithCare, AuthenticateWebAuthnForm):
    """After the password."""

    credential = Credential()


class PasskeyAgain(_ReadWithCare, ReauthenticateWebAuthnForm):
    """Asked of somebody who is logged in, before what matters."""

    credential = Credential()


class PasskeyInsteadOfPassword(_ReadWithCare, LoginWebAuthnForm):
    """Two steps in one: the device, and the finger, face or PIN that it asks for."""

    credential = Credential()


class NewPasskey(AddWebAuthnForm):
    """A passkey for an account."""

    credential = Credential()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field()
        alone = self.fields["passwordless"]
        alone.label = _("Log in with it alone, without the password")
        alone.help_text = ""
        alone.initial = True

    def clean(self) -> dict[str, Any]:
        with _only_a_refusal():
            cleaned: dict[str, Any] = super().clean()
            return cleaned


class NamedPasskey(EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field(required=True)


def _name_field(*, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        required=required,
        help_text=_("So that you can tell it from others, for example “Work phone”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
