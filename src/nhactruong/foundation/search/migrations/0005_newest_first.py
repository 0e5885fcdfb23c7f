"""The newest cards of all, walked for questions with many hits; made beside a running office."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("search", "0004_parts_of_file_names")]

    operations = [
        AddIndexConcurrently(
            "searchcard", models.Index(fields=["-occurred_on", "-id"], name="card_newest")
        ),
    ]
