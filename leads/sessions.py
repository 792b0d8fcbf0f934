"""Where a person is logged in, and how that ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from .models import User

_SENTENCES = SessionStorage.session_key
#: How browsers give themselves away, the narrower name before the wider one that it also carries.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Place:
    """One login that still counts. `pk` names it in a form; it is no secret and opens nothing."""

    pk: int
    since: datetime
    address: str
    browser: str
    is_this: bool


def places_of(user: User, current_key: str | None) -> list[Place]:
    """Where this person is logged in: this browser first, then the newest. Nothing is written."""
    noted = list(UserSession.objects.filter(user=user).order_by("-created_at", "-pk"))
    living = {
        s.session_key for s in _living().filter(session_key__in=[n.session_key for n in noted]) if _is_of(s, user)
    }
    places = [
        Place(
            pk=n.pk,
            since=n.created_at,
            address=n.ip,
            browser=browser_of(n.user_agent),
            is_this=n.session_key == current_key,
        )
        for n in noted
        if n.session_key in living
    ]
    return sorted(places, key=lambda place: not place.is_this)


def end_one(user: User, pk: int) -> bool:
    """Ends one login of this person; False where it had ended already, or is another's."""
    noted = UserSession.objects.filter(user=user, pk=pk).first()
    if noted is None:
        return False
    noted.end()
    return True


def end_sessions(user: User, *, except_key: str | None = None) -> int:
    """Ends every login of this person but that one; how many there were.

    Also logins that nobody noted, from before they were.
    """
    keys = [s.session_key for s in _living().iterator() if _names(s, user) and s.session_key != except_key]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=user).exclude(session_key=except_key or "").delete()
    return len(keys)


def end_others_at_first_second_factor(sender: Any, request: Any, user: Any, authenticator: Any, **rest: Any) -> None:
    """Called by django-allauth: with the first second step end the logins that were made with a password alone."""
    counts = sender.objects.filter(user_id=user.pk, type__in=("totp", "webauthn"))
    if authenticator.type in ("totp", "webauthn") and counts.count() == 1:
        end_sessions(user, except_key=request.session.session_key)


def rename_at_proof(sender: Any, request: Any, user: Any, **rest: Any) -> None:
    """Called by django-allauth: after a proof in between the session gets a new name, as it does at the login.

    So nobody who knew the old name comes in behind the proof. The list of logins follows: it is the same one.
    """
    if not rest.get("reauthenticated"):
        return
    before = request.session.session_key
    with transaction.atomic():
        request.session.cycle_key()
        UserSession.objects.filter(user_id=user.pk, session_key=before).update(session_key=request.session.session_key)


def forget_sentences() -> None:
    """Takes away, from everybody, what a page was still going to say to them: it may name somebody."""
    for session in _living().iterator():
        said = session.get_decoded()
        if said.pop(_SENTENCES, None) is not None:
            session.session_data = Session.objects.encode(said)
            session.save(update_fields=["session_data"])


def browser_of(user_agent: str) -> str:
    """“Chrome on Windows”, as far as the browser says what it is."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("A browser that does not say what it is")


def _living() -> Any:
    # Rows with a hyphen in their key are no sessions but what `crm.shared_cache` keeps in the same table.
    return Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key__contains="-")


def _names(session: Session, user: User) -> bool:
    return bool(session.get_decoded().get(SESSION_KEY) == str(user.pk))


def _is_of(session: Session, user: User) -> bool:
    """Whether it still opens: a changed password ends all that were made with the old one."""
    digest = session.get_decoded().get(HASH_SESSION_KEY, "")
    return _names(session, user) and constant_time_compare(digest, user.get_session_auth_hash())
