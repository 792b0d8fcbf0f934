from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0007_indexes_of_the_dashboard"),
    ]

    operations = [
        migrations.CreateModel(
            name="TallyMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upto", models.BigIntegerField(null=True)),
                ("begun_at", models.BigIntegerField(null=True)),
                ("done_to", models.BigIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TallyPlace",
            fields=[
                ("lead", models.BigIntegerField(primary_key=True, serialize=False)),
                ("holder", models.BigIntegerField()),
                ("status", models.CharField(max_length=16)),
                ("way", models.CharField(max_length=24)),
                ("day", models.DateField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.BigIntegerField()),
                ("status", models.CharField(max_length=16)),
                ("way", models.CharField(max_length=24)),
                ("leads", models.IntegerField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("holder", "status", "way"), name="tally_cell")],
            },
        ),
        migrations.CreateModel(
            name="TallyDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(max_length=16)),
                ("day", models.DateField()),
                ("leads", models.IntegerField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("status", "day"), name="tally_day_cell")],
            },
        ),
    ]
