from django.db import migrations, models

_OLD = ("spotify", "deezer")


def into_one(apps, schema_editor):
    for artist in apps.get_model("artists", "Artist").objects.all():
        artist.ids = {name: getattr(artist, f"{name}_id") for name in _OLD if getattr(artist, f"{name}_id")}
        artist.save(update_fields=["ids"])


def apart(apps, schema_editor):
    for artist in apps.get_model("artists", "Artist").objects.all():
        for name in _OLD:
            setattr(artist, f"{name}_id", artist.ids.get(name, "")[:40])
        artist.save(update_fields=[f"{name}_id" for name in _OLD])


class Migration(migrations.Migration):
    dependencies = [("artists", "0003_notifications")]

    operations = [
        migrations.AddField(
            model_name="artist",
            name="ids",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(into_one, apart),
        migrations.RemoveField(model_name="artist", name="spotify_id"),
        migrations.RemoveField(model_name="artist", name="deezer_id"),
    ]
