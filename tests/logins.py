"""People who have just said once more who they are, so that nobody asks them."""

import time

from django.test import Client

from leads.models import User


def log_in(client: Client, user: User, *, ago: float = 0) -> None:
    """A login, and the password once more, so many seconds ago."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - ago, "username": user.username, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
