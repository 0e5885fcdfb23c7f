"""A row cannot come without waiting for its place in the chain: the database sees to it."""

from django.db import migrations

_FORWARD = """
CREATE FUNCTION audit_wait_for_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_auditpending (row_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_row_waits AFTER INSERT ON audit_auditrow
    FOR EACH ROW EXECUTE FUNCTION audit_wait_for_chain();
"""

_BACKWARD = """
DROP TRIGGER audit_row_waits ON audit_auditrow;
DROP FUNCTION audit_wait_for_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
