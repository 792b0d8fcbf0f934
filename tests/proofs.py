"""When the person of a test client last proved who they are, as django-allauth keeps it in the session."""

import time
from typing import Any

from allauth.account.internal.flows import login
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client


def now(client: Client, user: Any) -> None:
    """Just now, by the password."""
    _keep(client, [{"method": "password", "at": time.time(), "reauthenticated": True}], user)


def long_ago(client: Client, user: Any) -> None:
    """So long ago that it counts for nothing any more."""
    _keep(client, [{"method": "password", "at": time.time() - 86_400, "reauthenticated": True}], user)


def _keep(client: Client, records: list[dict[str, Any]], user: Any) -> None:
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
