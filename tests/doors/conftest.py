"""One office for all tests of a file: what a request writes is taken back at once."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.doors.office import Office, open_office


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any) -> Iterator[Office]:
    """Built once, and gone with the last test of the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield open_office()
        transaction.set_rollback(True)
