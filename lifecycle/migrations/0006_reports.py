from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models

from ._beside_writers import AddIndexBesideWriters


class Migration(migrations.Migration):
    # An index is not built beside writers inside a transaction.
    atomic = False

    dependencies = [
        ("lifecycle", "0005_bulk_actions"),
    ]

    operations = [
        migrations.AddField(
            model_name="officesettings",
            name="quick_return_minutes",
            field=models.PositiveSmallIntegerField(
                default=60,
                help_text="An offer that was only replaced. Reports of collapses show these apart; 0: none.",
                validators=[MinValueValidator(0), MaxValueValidator(10080)],
                verbose_name="minutes within which a deal that is back counts as a quick return",
            ),
        ),
        AddIndexBesideWriters(
            model_name="leadevent",
            index=models.Index(
                fields=["occurred_at", "kind", "reason", "agent", "actor", "lead", "version", "recorded_at", "id"],
                name="event_demotions",
                condition=models.Q(("kind__in", ["contract_voided", "deal_collapsed"])),
            ),
        ),
        AddIndexBesideWriters(
            model_name="leadevent",
            index=models.Index(
                fields=["to_status", "occurred_at", "agent", "actor", "lead", "version", "recorded_at", "id"],
                name="event_deals",
                condition=models.Q(("to_status__in", ["COMMITTED", "IN_CONTRACT"]))
                & models.Q(("kind", "move_voided"), _negated=True),
            ),
        ),
        AddIndexBesideWriters(
            model_name="leadevent",
            index=models.Index(
                fields=["target", "recorded_at"],
                name="event_voids",
                condition=models.Q(("kind", "move_voided")),
            ),
        ),
        AddIndexBesideWriters(
            model_name="leadevent",
            index=models.Index(
                fields=["target", "-version", "recorded_at", "reason"],
                name="event_mended",
                condition=models.Q(("kind", "reason_corrected")),
            ),
        ),
        # ``event_moves`` and two columns more; the old one goes when the new one is there.
        AddIndexBesideWriters(
            model_name="leadevent",
            index=models.Index(
                fields=[
                    "lead",
                    "-version",
                    "occurred_at",
                    "recorded_at",
                    "to_status",
                    "kind",
                    "id",
                    "from_status",
                    "agent",
                ],
                name="event_ways",
                condition=models.Q(("to_status", ""), _negated=True) & models.Q(("kind", "move_voided"), _negated=True),
            ),
        ),
        migrations.RemoveIndex(model_name="leadevent", name="event_moves"),
    ]
