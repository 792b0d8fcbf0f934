"""A small memory that all processes and servers of the office share: tries at the login, codes that were used.

In the memory of one process each of them would count for itself, and an attacker would have as many tries as there are
processes. Entries are rows of Django's table of sessions, which has what a cache needs: a key, a text, the moment after
which it counts no more, and a command that removes what is over (`clearsessions`). Not Django's own cache in a table:
it would be one more table to make, and it keeps Python objects, so that whoever may write to the database could run
code here. These rows are signed text, and a row that anybody else wrote is no entry.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

#: No session has a hyphen in its key, so that the two kinds of rows can never be taken for each other.
PREFIX = "cache-"
#: Once in so many writings what is over goes, so that nobody who tries many names fills the table until the night.
SWEPT_EVERY = 200
_FOR_EVER = datetime(2999, 1, 1, tzinfo=UTC)
_SALT = "crm.shared_cache"


def _row(key: str) -> str:
    """The key of the row. Nobody without SECRET_KEY can name one, for instance in a cookie."""
    return PREFIX + salted_hmac(_SALT, key, algorithm="sha256").hexdigest()[:34]


class SharedCache(BaseCache):
    """Holds what JSON can say. `add` is decided by the database: of many at once one is told yes."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keeps `value` where there is none; True if it did."""
        name = self.make_and_validate_key(key, version=version)
        try:
            with transaction.atomic():
                self._rows(name).filter(expire_date__lte=timezone.now()).delete()
                self._entry(name, value, timeout).save(force_insert=True)
        except IntegrityError:
            return False
        return True

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default` where there is none, where its time is over, and where the row is not ours."""
        name = self.make_and_validate_key(key, version=version)
        text = self._rows(name).filter(expire_date__gt=timezone.now()).values_list("session_data", flat=True).first()
        if text is None:
            return default
        try:
            return signing.loads(text, salt=f"{_SALT}:{_row(name)}")["value"]
        except signing.BadSignature:
            return default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keeps `value`, whatever was there."""
        if secrets.randbelow(SWEPT_EVERY) == 0:
            _model().objects.filter(session_key__startswith=PREFIX, expire_date__lte=timezone.now()).delete()
        entry = self._entry(self.make_and_validate_key(key, version=version), value, timeout)
        _model().objects.bulk_create(
            [entry],
            update_conflicts=True,
            unique_fields=["session_key"],
            update_fields=["session_data", "expire_date"],
        )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Lets the value live on; False where there is none."""
        name = self.make_and_validate_key(key, version=version)
        living = self._rows(name).filter(expire_date__gt=timezone.now())
        return bool(living.update(expire_date=self._until(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forgets the value; False where there was none."""
        return bool(self._rows(self.make_and_validate_key(key, version=version)).delete()[0])

    def clear(self) -> None:
        """Forgets everything, and no session."""
        _model().objects.filter(session_key__startswith=PREFIX).delete()

    def _rows(self, name: str) -> Any:
        return _model().objects.filter(session_key=_row(name))

    def _entry(self, name: str, value: Any, timeout: Any) -> Any:
        row = _row(name)
        text = signing.dumps({"value": value}, salt=f"{_SALT}:{row}")
        return _model()(session_key=row, session_data=text, expire_date=self._until(timeout))

    def _until(self, timeout: Any) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return _FOR_EVER if seconds is None else timezone.now() + timedelta(seconds=seconds)


def _model() -> Any:
    # A cache is made before the models are.
    from django.contrib.sessions.models import Session

    return Session
