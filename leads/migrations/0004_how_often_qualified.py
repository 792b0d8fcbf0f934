"""How often each lead has come into Qualified, counted once from the log for the leads that are there already."""

from typing import Any

from django.db import migrations, models

#: The kinds that lead into Qualified, as the log has them for ever.
_WAYS = "'motivation_confirmed', 'deal_collapsed', 'contract_voided', 'history_imported'"


def count_from_the_log(apps: Any, schema_editor: Any) -> None:
    """One statement on either engine. A move that was voided did not bring the lead there."""
    quoted = schema_editor.quote_name
    leads = quoted(apps.get_model("leads", "Lead")._meta.db_table)
    events = quoted(apps.get_model("lifecycle", "LeadEvent")._meta.db_table)
    schema_editor.execute(
        f"UPDATE {leads} SET times_qualified = counted.times FROM ("
        f"SELECT moved.lead_id, count(*) AS times FROM {events} moved"
        f" WHERE moved.to_status = 'QUALIFIED' AND moved.kind IN ({_WAYS}) AND NOT EXISTS ("
        f"SELECT 1 FROM {events} undone WHERE undone.target_id = moved.id AND undone.kind = 'move_voided')"
        f" GROUP BY moved.lead_id) counted WHERE counted.lead_id = {leads}.id"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0003_names_of_columns"),
        ("lifecycle", "0002_names_of_columns"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="times_qualified",
            field=models.IntegerField(default=0, editable=False, verbose_name="times qualified"),
        ),
        migrations.RunPython(count_from_the_log, migrations.RunPython.noop),
    ]
