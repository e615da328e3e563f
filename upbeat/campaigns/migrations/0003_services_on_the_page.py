from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_held_and_local")]

    operations = [
        migrations.AddField(
            model_name="campaign", name="switched", field=models.JSONField(blank=True, default=dict)
        )
    ]
