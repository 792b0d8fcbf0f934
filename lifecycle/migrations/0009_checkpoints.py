from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0008_tally"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                ("size", models.BigIntegerField(verbose_name="facts")),
                ("upto", models.BigIntegerField(verbose_name="up to id")),
                ("note", models.TextField(verbose_name="signed text")),
                ("made_at", models.DateTimeField(verbose_name="made")),
            ],
            options={
                "verbose_name": "checkpoint",
                "verbose_name_plural": "checkpoints",
                "ordering": ["-number"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ran_at", models.DateTimeField(db_index=True, verbose_name="ran")),
                ("took", models.DurationField(verbose_name="took")),
                ("exit_code", models.PositiveSmallIntegerField(verbose_name="result")),
                ("leads", models.BigIntegerField(verbose_name="leads")),
                ("events", models.BigIntegerField(verbose_name="facts")),
                ("checkpoints", models.PositiveIntegerField(verbose_name="checkpoints compared")),
                ("found", models.PositiveIntegerField(verbose_name="findings")),
                ("drifted", models.PositiveIntegerField(verbose_name="of them cached columns")),
                ("findings", models.JSONField(default=list, verbose_name="first findings")),
            ],
            options={
                "verbose_name": "verification",
                "verbose_name_plural": "verifications",
                "ordering": ["-ran_at"],
                "default_permissions": ("view",),
            },
        ),
    ]
