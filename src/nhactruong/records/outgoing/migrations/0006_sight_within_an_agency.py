"""Agency and readers in one index, made beside a running office."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("outgoing", "0005_pinned_to_a_procedure"),
        ("persistence", "0002_numbers_in_inverted_indexes"),
    ]

    operations = [
        AddIndexConcurrently(
            "outgoingdocument",
            GinIndex(fields=["agency", "readers"], fastupdate=False, name="outgoing_sight"),
        ),
        RemoveIndexConcurrently("outgoingdocument", "outgoing_readers"),
    ]
