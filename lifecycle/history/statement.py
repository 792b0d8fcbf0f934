"""A statement of SQL that is put together piece by piece, with its parameters in the order of the text."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection


@dataclass(slots=True)
class Statement:
    """Reads only. Instants among the parameters are put into the form in which this engine compares them."""

    parts: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, text: str, *params: Any) -> None:
        """One more piece; ``%s`` stands for each parameter."""
        self.parts.append(text)
        self.params += [connection.ops.adapt_datetimefield_value(p) if isinstance(p, datetime) else p for p in params]

    def add_compiled(self, sql: str, params: Collection[Any]) -> None:
        """A query that Django has compiled, with its parameters as they are."""
        self.parts.append(sql)
        self.params += params

    @property
    def sql(self) -> str:
        return " ".join(self.parts)

    def rows(self) -> list[tuple[Any, ...]]:
        """Everything that it finds."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
