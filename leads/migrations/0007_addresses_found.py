"""The addresses of the leads that are there, as they are compared, and their index; nobody is kept from writing."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations, models, transaction
from django.db.models import Q

from leads.addresses import normalised_address
from lifecycle.migrations._beside_writers import AddIndexBesideWriters

_AT_ONCE = 5000


def fill(apps: Any, schema_editor: Any) -> None:
    """A few thousand leads a transaction; begun again after an interruption, it goes on where it stopped."""
    connection, lead = schema_editor.connection, apps.get_model("leads", "Lead")
    table = schema_editor.quote_name(lead._meta.db_table)
    # An address that somebody corrects meanwhile has its own writer.
    sql = f"UPDATE {table} SET address_normalised = %s WHERE id = %s AND address = %s"
    for chunk in _chunks(lead._default_manager.using(connection.alias)):
        rows = [(normalised_address(address), key, address) for key, address in chunk]
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def _chunks(leads: Any) -> Iterator[list[tuple[int, str]]]:
    last = 0
    waiting = leads.filter(address_normalised="").exclude(address="").order_by("pk").values_list("pk", "address")
    while chunk := list(waiting.filter(pk__gt=last)[:_AT_ONCE]):
        yield chunk
        last = chunk[-1][0]


class Migration(migrations.Migration):
    # Neither the chunks nor an index beside writers fit into one transaction.
    atomic = False

    dependencies = [
        ("leads", "0006_addresses_compared"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexBesideWriters(
            model_name="lead",
            index=models.Index(fields=["address_normalised"], name="lead_address", condition=~Q(address_normalised="")),
        ),
    ]
