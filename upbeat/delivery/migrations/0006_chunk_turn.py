from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0005_listed_in_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="chunk",
            name="turn",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
