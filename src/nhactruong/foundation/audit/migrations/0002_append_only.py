"""The record cannot be changed or deleted; readings go to monthly partitions."""

from django.db import migrations

_FORWARD = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are append-only (% on %)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_row_append_only BEFORE UPDATE OR DELETE ON audit_auditrow
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE ON audit_auditlink
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();

CREATE TABLE audit_reading (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    action varchar(80) NOT NULL,
    object_type varchar(60) NOT NULL,
    object_id uuid NOT NULL,
    agency_id bigint,
    secrecy smallint NOT NULL DEFAULT 0,
    user_id bigint,
    person_name varchar(200) NOT NULL,
    session_id varchar(64) NOT NULL DEFAULT '',
    client_address varchar(64) NOT NULL DEFAULT ''
) PARTITION BY RANGE (at);
CREATE INDEX audit_reading_object ON audit_reading (object_id, at);
CREATE TABLE audit_reading_rest PARTITION OF audit_reading DEFAULT;
CREATE TRIGGER audit_reading_append_only BEFORE UPDATE OR DELETE ON audit_reading
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();

CREATE FUNCTION audit_open_month(first_day date) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public AS $$
DECLARE
    month date := date_trunc('month', first_day);
    name text := 'audit_reading_' || to_char(month, 'YYYYMM');
BEGIN
    IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF audit_reading FOR VALUES FROM (%L) TO (%L)',
                       name, month, (month + interval '1 month')::date);
    END IF;
END $$;
SELECT audit_open_month((now() + make_interval(months => n))::date) FROM generate_series(0, 2) AS n;
"""

_BACKWARD = """
DROP FUNCTION audit_open_month(date);
DROP TABLE audit_reading;
DROP TRIGGER audit_link_append_only ON audit_auditlink;
DROP TRIGGER audit_row_append_only ON audit_auditrow;
DROP FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
