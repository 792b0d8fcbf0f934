"""One page after another through rows that are ordered by an instant, newest first."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext

M = TypeVar("M", bound=Model)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
#: Microseconds since 1970, to the year 2286, and a key.
_PLACE = re.compile(r"(-?\d{1,16})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class After:
    """Goes on after the row of this instant and key; None: from the newest one on."""

    place: tuple[datetime, int] | None = None

    def of(self, rows: QuerySet[M], column: str) -> QuerySet[M]:
        """The rows that come after, in order. In: the name of their instant, which none of them lacks."""
        rows = rows.order_by(f"-{column}", "-pk")
        if self.place is None:
            return rows
        moment, pk = self.place
        return rows.filter(Q(**{f"{column}__lt": moment}) | Q(**{column: moment, "pk__lt": pk}))


def read_after(query: QueryDict, refusals: list[str]) -> After:
    """Where the address goes on; a place that means nothing is added to the refusals."""
    texts = [text for text in query.getlist("after") if text]
    if not texts:
        return After()
    place = _PLACE.fullmatch(texts[0])
    if place is None or len(texts) > 1:
        refusals.append(gettext("The address goes on after a line that cannot be. Begin again with the newest ones."))
        return After()
    return After((_EPOCH + int(place[1]) * _TICK, int(place[2])))


def place_of(row: Any, column: str) -> str:
    """A row's place, as an address carries it."""
    return f"{(getattr(row, column) - _EPOCH) // _TICK}-{row.pk}"
