"""What an office needs of django-allauth: no sign-up, no e-mail management, no social accounts."""

from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.decorators import rate_limit
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import path, re_path, reverse, reverse_lazy


class PasskeyAgain(passkeys.ReauthenticateWebAuthnView):
    """django-allauth sends whoever failed to the login, which leads somebody who is logged in to the board."""

    def form_invalid(self, form: Any) -> HttpResponseRedirect:
        for words in form.errors.get("credential", []):
            messages.error(self.request, words)
        return HttpResponseRedirect(self.passthrough_next_url(reverse("mfa_reauthenticate_webauthn")))


_limited = rate_limit(action="passkey_question", limit_get=True)

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    # Asks for the password of now, which is the proof.
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", reauthentication_required(account.password_set), name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # A fresh proof of who is there, before what matters.
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("reauthenticate/passkey/", PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    # The second step at the login.
    path("login/second/", second_factor.authenticate, name="mfa_authenticate"),
    path("login/passkey/", _limited(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("second/", second_factor.index, name="mfa_index"),
    path("second/phone/", totp.activate_totp, name="mfa_activate_totp"),
    path("second/phone/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second/passkey/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "second/passkey/<int:pk>/",
        passkeys.EditWebAuthnView.as_view(success_url=reverse_lazy("mfa_index")),
        name="mfa_edit_webauthn",
    ),
    path(
        "second/passkey/<int:pk>/remove/",
        passkeys.RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index")),
        name="mfa_remove_webauthn",
    ),
    path("second/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second/codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
