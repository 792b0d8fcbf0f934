"""The index behind "everything that this agent ever held", newest first."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class AddIndex(AddIndexConcurrently):
    """On PostgreSQL nobody who writes has to wait while the index is built; SQLite has one writer anyway."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        else:
            migrations.AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        else:
            migrations.AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    # An index cannot be built beside other work inside a transaction.
    atomic = False

    dependencies = [("lifecycle", "0002_names_of_columns")]

    operations = [
        AddIndex(
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
