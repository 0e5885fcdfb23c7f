"""A worker's sign of life, read by the health page."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE TABLE worker_beat (id smallint PRIMARY KEY, at timestamptz NOT NULL)",
            "DROP TABLE worker_beat",
        )
    ]
