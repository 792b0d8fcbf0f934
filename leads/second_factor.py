"""Somebody's second step, looked at and taken off by others: for whoever lost the phone."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext, ngettext

from .models import User
from .sessions import end_sessions


def steps_of(user: User) -> list[str]:
    """What this person has set up, in words; empty for nothing. Recovery codes only stand in for the others."""
    types = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    passkeys = types.count(Authenticator.Type.WEBAUTHN)
    steps = [gettext("a code from the phone")] if Authenticator.Type.TOTP in types else []
    if passkeys:
        steps.append(ngettext("%(n)d passkey", "%(n)d passkeys", passkeys) % {"n": passkeys})
    return steps


@transaction.atomic
def take_off(user: User) -> list[str]:
    """Removes every second step of this person and ends their logins: the phone may be in other hands.

    Out: what was there, in words; empty where there was nothing.
    """
    steps = steps_of(user)
    Authenticator.objects.filter(user=user).delete()
    if steps:
        end_sessions(user)
    return steps
