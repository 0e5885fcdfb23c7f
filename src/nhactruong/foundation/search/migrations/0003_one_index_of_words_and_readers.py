"""Words and readers in one index, made beside a running office."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("search", "0002_code")]

    operations = [
        AddIndexConcurrently(
            "searchcard", GinIndex(fields=["readers", "words"], name="card_found")
        ),
        RemoveIndexConcurrently("searchcard", "card_words"),
        RemoveIndexConcurrently("searchcard", "card_readers"),
    ]
