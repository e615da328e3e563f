from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_services_on_the_page")]

    operations = [
        migrations.AlterField(
            model_name="servicelink",
            name="service_id",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
