"""Plain numbers may stand in an inverted index beside arrays."""

from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("persistence", "0001_initial")]

    operations = [BtreeGinExtension()]
