from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0005_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="address_normalised",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=300, verbose_name="address normalised"
            ),
        ),
    ]
