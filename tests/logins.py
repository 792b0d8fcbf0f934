"""People who have just logged in, so that nobody asks them once more who they are."""

import time

from django.test import Client

from leads.models import User


def log_in(client: Client, user: User, *, ago: float = 0) -> None:
    """A login with a password, so many seconds ago."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - ago, "username": user.username}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
