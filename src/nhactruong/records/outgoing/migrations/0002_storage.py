"""Statistics and vacuum of a large register. Source: docs/adr/0001."""

from django.db import migrations

_TABLE = "outgoing_outgoingdocument"


class Migration(migrations.Migration):
    dependencies = [("outgoing", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"""
            ALTER TABLE {_TABLE} ALTER readers SET STATISTICS 1000, ALTER folded SET STATISTICS 1000;
            ALTER TABLE {_TABLE} SET (
                fillfactor = 90,
                autovacuum_vacuum_scale_factor = 0.02,
                autovacuum_vacuum_insert_scale_factor = 0.02,
                autovacuum_analyze_scale_factor = 0.02
            );
            """,
            migrations.RunSQL.noop,
        )
    ]
