from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("artists", "0002_keys")]

    operations = [
        migrations.AddField(
            model_name="installation",
            name="push_print",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
