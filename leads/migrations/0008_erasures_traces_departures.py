"""When a lead's person was forgotten (no log has such a fact yet, so nothing is counted), traces, departures."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leads.models.traces


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0007_addresses_found"),
        ("lifecycle", "0006_reports"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="personal data erased at"),
        ),
        migrations.CreateModel(
            name="Departure",
            fields=[
                ("uuid", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False, verbose_name="uuid")),
                ("actor_name", models.CharField(max_length=150, verbose_name="actor name")),
                ("takers", models.JSONField(default=list, verbose_name="takers")),
                ("came_late", models.PositiveIntegerField(default=0, verbose_name="came late")),
                ("sessions", models.PositiveIntegerField(default=0, verbose_name="sessions ended")),
                ("began_at", models.DateTimeField(verbose_name="began at")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="actor",
                    ),
                ),
                (
                    "batch",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departure",
                        to="lifecycle.batch",
                        verbose_name="bulk action",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departures",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "departure",
                "verbose_name_plural": "departures",
            },
        ),
        migrations.CreateModel(
            name="Trace",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("who_name", models.CharField(max_length=150, verbose_name="name then")),
                (
                    "what",
                    models.CharField(choices=leads.models.traces.what_choices, max_length=12, verbose_name="what"),
                ),
                ("page", models.CharField(max_length=80, verbose_name="page")),
                ("batch", models.UUIDField(null=True, verbose_name="import or bulk action")),
                ("leads", models.PositiveIntegerField(null=True, verbose_name="rows")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="network address")),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="leads.lead",
                        verbose_name="lead",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="whose leads",
                    ),
                ),
                (
                    "who",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "trace",
                "verbose_name_plural": "traces",
                "indexes": [
                    models.Index(fields=["-at"], name="trace_newest"),
                    models.Index(fields=["who", "-at"], name="trace_newest_of_person"),
                ],
            },
        ),
    ]
