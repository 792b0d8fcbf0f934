"""What every action of the service takes besides its own arguments."""

from datetime import datetime
from typing import Any, NotRequired, Required, TypedDict
from uuid import UUID

from ..errors import BadInput
from ..events import Source
from ..speech import gettext
from .record import Call


class Common(TypedDict):
    actor: Required[Any]
    source: Required[str]
    expected_version: NotRequired[int | None]
    uuid: NotRequired[UUID | None]
    batch: NotRequired[UUID | None]
    now: NotRequired[datetime | None]


def call(common: Common) -> Call:
    """The common arguments in one value. Raises ``BadInput`` for an unknown source."""
    if common["source"] not in set(Source):
        raise BadInput(gettext("There is no such way in."), field="source")
    return Call(**common)
