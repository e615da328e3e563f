from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("artists", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="installation",
            name="sealed_proof",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="installation",
            name="secret_print",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
