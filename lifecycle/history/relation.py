"""A queryset of leads that stand where they stood: its table is exchanged for a query of the past.

Everything that filters, counts and slices leads works on it unchanged; the objects that come out are never saved.
"""

from typing import Any, Self, TypeVar, cast

from django.db.models import Model, QuerySet
from django.db.models.sql.datastructures import BaseTable

M = TypeVar("M", bound=Model)


class PastTable(BaseTable):
    """A subquery in the place of a table. Its columns have the table's names."""

    def __init__(self, table_name: str, alias: str, sql: str, params: tuple[Any, ...]) -> None:
        super().__init__(table_name, alias)
        self.sql, self.params = sql, params

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """``(SELECT …) "alias"``."""
        return f"({self.sql}) {connection.ops.quote_name(self.table_alias)}", self.params

    def relabeled_clone(self, change_map: dict[str | None, str]) -> Self:
        """The same under another alias."""
        alias = str(self.table_alias)
        return type(self)(str(self.table_name), change_map.get(alias, alias), self.sql, self.params)


def in_place_of(leads: QuerySet[M], sql: str, params: tuple[Any, ...]) -> QuerySet[M]:
    """A queryset that reads its table's columns from this query. In: a fresh queryset of all rows."""
    past = leads.all()

    def table(name: str, alias: str | None) -> PastTable:
        return PastTable(name, alias or name, sql, params)

    cast(Any, past.query).base_table_class = table
    return past
