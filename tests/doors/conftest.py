"""One office for all tests of a file: what a request writes is taken back at once."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test.utils import override_settings

from leads.proof.keys import new_key
from tests.doors.office import Office, open_office


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Built once, and gone with the last test of the file. It has a key to sign checkpoints with."""
    key = tmp_path_factory.mktemp("keys") / "checkpoints.key"
    new_key(key, "crm.example.com")
    with (
        override_settings(CHECKPOINT_KEY_FILE=str(key)),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield open_office()
        transaction.set_rollback(True)
