from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("artists", "0004_ids")]

    operations = [
        migrations.AddField(
            model_name="installation", name="looked_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="installation", name="looks", field=models.JSONField(blank=True, default=dict)
        ),
    ]
