from django.db import migrations, models

from ._beside_writers import AddIndexBesideWriters


class Migration(migrations.Migration):
    # An index is not built beside writers inside a transaction.
    atomic = False

    dependencies = [
        ("lifecycle", "0002_names_of_columns"),
    ]

    operations = [
        AddIndexBesideWriters(
            model_name="leadevent",
            index=models.Index(
                fields=["lead", "-version", "occurred_at", "recorded_at", "to_status", "kind", "id"],
                name="event_moves",
                condition=models.Q(("to_status", ""), _negated=True) & models.Q(("kind", "move_voided"), _negated=True),
            ),
        ),
        AddIndexBesideWriters(
            model_name="leadevent",
            index=models.Index(
                fields=["lead", "-version", "occurred_at", "recorded_at", "to_agent"],
                name="event_holders",
                condition=models.Q(("kind", "agent_assigned")),
            ),
        ),
        AddIndexBesideWriters(
            model_name="leadevent",
            index=models.Index(
                fields=["lead", "flag", "-version", "occurred_at", "recorded_at"],
                name="event_flags",
                condition=models.Q(("flag", ""), _negated=True),
            ),
        ),
    ]
