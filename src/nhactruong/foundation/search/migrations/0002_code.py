"""The number and symbol of every card as they are compared, also among its words."""

from django.db import migrations, models

from nhactruong.foundation.search.rules import code_key

BATCH = 5_000
FILL = """
    UPDATE search_searchcard SET code = %s,
        words = setweight(to_tsvector('simple', %s), 'A') || coalesce(words, ''::tsvector)
    WHERE id = %s
"""


def fill(apps, schema_editor):
    """The key of each card that has a number and symbol."""
    cards = apps.get_model("search", "SearchCard").objects.exclude(reference="")
    rows = cards.values_list("id", "reference").iterator(chunk_size=BATCH)
    batch = []
    with schema_editor.connection.cursor() as cursor:
        for key, reference in rows:
            code = code_key(reference)
            batch.append((code, code, key))
            if len(batch) == BATCH:
                cursor.executemany(FILL, batch)
                batch.clear()
        cursor.executemany(FILL, batch)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="searchcard",
            name="code",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="searchcard",
            index=models.Index(
                fields=["code"], name="card_code", opclasses=["varchar_pattern_ops"]
            ),
        ),
    ]
