"""Second steps for tests: somebody who has one, the code of a moment, and a login made by hand."""

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from leads.models import User
from tests import proofs

PASSWORD = "nine lemons on a blue roof"
SECRET = base64.b32encode(b"twenty bytes of test").decode()


def code_of(secret: str = SECRET, later: int = 0) -> str:
    """The six digits that an app shows, `later` half minutes from now (RFC 6238, written from the RFC)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + later)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def wrong_code() -> str:
    """Six digits that fit at no moment near this one."""
    near = {code_of(later=n) for n in range(-3, 4)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if code not in near
    )


def with_password(user: User) -> User:
    """This person, with a password that the test knows."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def with_phone(user: User) -> User:
    """This person, with SECRET in an app on the phone, and recovery codes."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def in_person(user: User, **extra: Any) -> Client:
    """A browser in which this person has just typed the password, which is a fresh proof of who they are."""
    client = Client(**extra)
    with_password(user)
    answer = client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def earlier(user: User, **extra: Any) -> Client:
    """A browser in which this person logged in long ago: nothing is proven any more."""
    client = Client(**extra)
    client.force_login(user)
    proofs.long_ago(client, user)
    return client
