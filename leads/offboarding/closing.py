"""An account is closed: no password, no second factor, no session of it opens anything any more."""

from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from ..models import User


def close_account(person: User) -> int:
    """Deactivates an account and takes away all that could let somebody in; out: how many sessions were ended.

    Inside the caller's transaction. An account that is closed already stays so.
    """
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    for app, model in (("mfa", "Authenticator"), ("usersessions", "UserSession")):
        if apps.is_installed(f"allauth.{app}"):
            apps.get_model(app, model)._default_manager.filter(user=person).delete()
    return _end_sessions(person)


def _end_sessions(person: User) -> int:
    """A closed account is nobody to its old sessions already; here they are removed as well."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    living = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    own = [s.session_key for s in living if s.get_decoded().get(SESSION_KEY) == str(person.pk)]
    for key in own:
        store(key).delete()
    return len(own)
