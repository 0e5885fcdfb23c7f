"""Agency and readers in one index, made beside a running office."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("incoming", "0004_pinned_to_a_procedure"),
        ("persistence", "0002_numbers_in_inverted_indexes"),
    ]

    operations = [
        AddIndexConcurrently(
            "incomingdocument",
            GinIndex(fields=["agency", "readers"], fastupdate=False, name="incoming_sight"),
        ),
        RemoveIndexConcurrently("incomingdocument", "incoming_readers"),
    ]
