from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fans", "0006_writing_turns"),
    ]

    operations = [
        migrations.AddField(
            model_name="presave",
            name="asked_again_at",
            field=models.DateTimeField(null=True),
        ),
    ]
