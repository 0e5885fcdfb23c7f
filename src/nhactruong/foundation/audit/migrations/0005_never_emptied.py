"""The record cannot be emptied: TRUNCATE is refused like UPDATE and DELETE, in every partition.

A trigger of statements is not handed down to partitions: each has its own, months opened later too.
"""

from django.db import migrations

_OPEN_MONTH = """
CREATE OR REPLACE FUNCTION audit_open_month(kept text, first_day date) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public SET timezone = 'UTC' SET lock_timeout = '5s' AS $$
DECLARE
    low timestamptz := date_trunc('month', first_day::timestamp);
    high timestamptz := low + interval '1 month';
    parent text := 'audit_auditrow_' || kept;
    leaf text := parent || '_' || to_char(low, 'YYYYMM');
    rest text := parent || '_rest';
    moved bigint;
    grantee text;
BEGIN
    IF audit_keep_months(kept) IS NULL OR NOT isfinite(low) THEN
        RAISE EXCEPTION 'no such kind or month: % %', kept, first_day;
    END IF;
    IF to_regclass(leaf) IS NOT NULL THEN RETURN false; END IF;
    PERFORM pg_advisory_xact_lock(4711002);
    IF to_regclass(leaf) IS NOT NULL THEN RETURN false; END IF;
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', rest);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
                   leaf, parent);
    EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE at >= %L AND at < %L',
                   leaf, rest, low, high);
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved > 0 THEN
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', rest);
        EXECUTE format('DELETE FROM %I WHERE at >= %L AND at < %L', rest, low, high);
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', rest);
    END IF;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   parent, leaf, low, high);
    --GUARD
    -- Rows are written and read through the whole table only.
    FOR grantee IN SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC'
            ELSE a.grantee::regrole::text END
        FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.oid = to_regclass(leaf) AND a.grantee <> c.relowner
    LOOP
        EXECUTE format('REVOKE ALL ON %I FROM %s', leaf, grantee);
    END LOOP;
    RETURN true;
END $$;
"""

_GUARD = """
    EXECUTE format('CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON %I'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()', leaf);
"""

_EVERY_TABLE = """
DO $$
DECLARE held regclass;
BEGIN
    FOR held IN SELECT relid FROM pg_partition_tree('audit_auditrow')
        UNION ALL SELECT 'audit_auditlink'::regclass
    LOOP
        EXECUTE format({statement}, held);
    END LOOP;
END $$;
"""

_FORWARD = (
    _EVERY_TABLE.format(
        statement="'CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON %s FOR EACH STATEMENT"
        " EXECUTE FUNCTION audit_refuse_change()'"
    ),
    _OPEN_MONTH.replace("    --GUARD", _GUARD.strip("\n")),
)
_BACKWARD = (
    _EVERY_TABLE.format(statement="'DROP TRIGGER audit_never_emptied ON %s'"),
    _OPEN_MONTH.replace("    --GUARD\n", ""),
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_partitions")]
    operations = [
        migrations.RunSQL(forward, backward)
        for forward, backward in zip(_FORWARD, _BACKWARD, strict=True)
    ]
