"""The forms that ask for a password."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _


class _SaidOnce(forms.Form):
    """django-allauth's form without its placeholders: they only say once more what the labels say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class OfficeLogin(_SaidOnce, LoginForm):
    """With a label that says what to type."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail")


class PasswordAgain(_SaidOnce, ReauthenticateForm):
    """Asked of somebody who is logged in, before what matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Your password")


class AnotherPassword(_SaidOnce, ChangePasswordForm):
    """The one of now, and a new one."""


class FirstPassword(_SaidOnce, SetPasswordForm):
    """For whoever has none, and came in by a passkey."""


class ForgottenPassword(_SaidOnce, ResetPasswordForm):
    """Where the letter goes."""


class PasswordByLetter(_SaidOnce, ResetPasswordKeyForm):
    """A new one, by the link in the letter."""
