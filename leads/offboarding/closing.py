"""An account is closed: no password, no second factor, no session of it opens anything any more."""

from allauth.mfa.models import Authenticator

from ..models import User
from ..sessions import end_sessions


def close_account(person: User) -> int:
    """Deactivates an account and takes away all that could let somebody in; out: how many sessions were ended.

    Inside the caller's transaction. An account that is closed already stays so.
    """
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=person).delete()
    return end_sessions(person)
