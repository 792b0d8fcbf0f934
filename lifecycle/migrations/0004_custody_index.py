from django.db import migrations, models

from ._beside_writers import AddIndexBesideWriters


class Migration(migrations.Migration):
    # An index is not built beside writers inside a transaction.
    atomic = False

    dependencies = [
        ("lifecycle", "0003_indexes_of_the_past"),
    ]

    operations = [
        AddIndexBesideWriters(
            model_name="leadevent",
            index=models.Index(
                models.F("to_agent"),
                models.F("occurred_at").desc(),
                models.F("id").desc(),
                models.F("lead"),
                name="event_custody",
                condition=models.Q(to_agent__isnull=False),
            ),
        ),
    ]
