"""Rows lie in partitions by how long they are kept and by month; readings are rows like others.

Rows of stage 1 keep their hashes and their places in the chain; readings get both now.
"""

from __future__ import annotations

import uuid
from datetime import UTC
from typing import Any

from django.db import migrations, models

from nhactruong.foundation.audit.engine.hashing import row_hash, time_text

_READINGS_AT_ONCE = 2000

#: The old tables step aside; what hung on their keys lets go.
_ASIDE = """
SET CONSTRAINTS ALL IMMEDIATE;
DROP TRIGGER audit_row_waits ON audit_auditrow;
DROP FUNCTION audit_wait_for_chain();
DROP TRIGGER audit_row_append_only ON audit_auditrow;
DROP TRIGGER audit_link_append_only ON audit_auditlink;
DROP FUNCTION audit_open_month(date);
DO $$
DECLARE fixed record;
BEGIN
    FOR fixed IN SELECT conrelid::regclass AS held, conname FROM pg_constraint
        WHERE contype = 'f' AND confrelid = 'audit_auditrow'::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', fixed.held, fixed.conname);
    END LOOP;
END $$;
ALTER TABLE audit_auditrow RENAME TO audit_auditrow_stage1;
ALTER TABLE audit_auditpending RENAME TO audit_auditpending_stage1;
DROP INDEX audit_object;
"""

_TABLES = """
CREATE SEQUENCE audit_row_number;
CREATE TABLE audit_auditrow (
    id bigint NOT NULL DEFAULT nextval('audit_row_number'),
    event_id uuid NOT NULL,
    at timestamptz NOT NULL,
    keep varchar(5) NOT NULL,
    action varchar(80) NOT NULL,
    outcome varchar(10) NOT NULL,
    reason_code varchar(80) NOT NULL,
    object_type varchar(60) NOT NULL,
    object_id uuid,
    agency_id bigint,
    secrecy smallint NOT NULL CHECK (secrecy >= 0),
    user_id bigint,
    person_name varchar(200) NOT NULL,
    post_id bigint,
    post_title varchar(300) NOT NULL,
    on_behalf_of varchar(300) NOT NULL,
    service varchar(60) NOT NULL,
    session_id varchar(64) NOT NULL,
    auth_method varchar(60) NOT NULL,
    client_address varchar(64) NOT NULL,
    device varchar(200) NOT NULL,
    request_id varchar(36) NOT NULL,
    reason varchar(1000) NOT NULL,
    facts jsonb NOT NULL,
    version smallint NOT NULL,
    hash varchar(64) NOT NULL,
    PRIMARY KEY (at, id, keep)
) PARTITION BY LIST (keep);
ALTER SEQUENCE audit_row_number OWNED BY audit_auditrow.id;
CREATE INDEX audit_by_object ON audit_auditrow (object_id, at, id);
CREATE INDEX audit_by_person ON audit_auditrow (user_id, at, id);
CREATE INDEX audit_by_agency ON audit_auditrow (agency_id, at, id);
CREATE INDEX audit_by_action ON audit_auditrow
    (action varchar_pattern_ops, at timestamptz_ops, id int8_ops);
CREATE INDEX audit_refused ON audit_auditrow (at, id) WHERE NOT outcome = 'ok';
DO $$
DECLARE kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['read', 'short', 'long'] LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF audit_auditrow FOR VALUES IN (%L)'
                       ' PARTITION BY RANGE (at)', 'audit_auditrow_' || kept, kept);
        EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT',
                       'audit_auditrow_' || kept || '_rest', 'audit_auditrow_' || kept);
    END LOOP;
END $$;
CREATE TABLE audit_auditpending (
    row_id bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    keep varchar(5) NOT NULL,
    hash varchar(64) NOT NULL
);
"""

_FUNCTIONS = """
CREATE FUNCTION audit_keep_months(kept text) RETURNS int IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE kept WHEN 'read' THEN 24 WHEN 'short' THEN 24 WHEN 'long' THEN 120 END
$$;

-- Months are months of UTC. Rows that came before their month was opened move out of the rest.
CREATE FUNCTION audit_open_month(kept text, first_day date) RETURNS boolean LANGUAGE plpgsql
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

-- How many months were opened: this one, the `ahead` after it, and those of rows in the rest.
CREATE FUNCTION audit_open_months(ahead int DEFAULT 3) RETURNS int LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public SET timezone = 'UTC' AS $$
DECLARE
    kept text;
    wanted date;
    months date[];
    opened int := 0;
BEGIN
    FOREACH kept IN ARRAY ARRAY['read', 'short', 'long'] LOOP
        -- Collected first: a table that is being read cannot let go of rows.
        EXECUTE format(
            'SELECT array_agg(month ORDER BY month) FROM ('
            ' SELECT date_trunc(''month'', at)::date AS month FROM %I UNION'
            ' SELECT (date_trunc(''month'', now()) + make_interval(months => n))::date'
            ' FROM generate_series(0, %s) AS n) wanted',
            'audit_auditrow_' || kept || '_rest', ahead) INTO months;
        FOREACH wanted IN ARRAY months LOOP
            opened := opened + audit_open_month(kept, wanted)::int;
        END LOOP;
    END LOOP;
    RETURN opened;
END $$;

-- A month leaves the store only after its time; `now()` is the database's own.
CREATE FUNCTION audit_drop_month(kept text, first_day date) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public SET timezone = 'UTC' SET lock_timeout = '5s' AS $$
DECLARE
    low timestamptz := date_trunc('month', first_day::timestamp);
    months int := audit_keep_months(kept);
BEGIN
    IF months IS NULL OR low + make_interval(months => months + 1) > now() THEN
        RAISE EXCEPTION 'audit rows of % % are still to be kept', kept, first_day
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('DROP TABLE %I', 'audit_auditrow_' || kept || '_' || to_char(low, 'YYYYMM'));
END $$;
REVOKE ALL ON FUNCTION audit_open_month(text, date), audit_open_months(int),
    audit_drop_month(text, date) FROM PUBLIC;
"""

#: Text of `rules.keep_of` as it stood: rows of stage 1 are sorted once and for all.
_KEEP = """
CASE WHEN split_part(action, '.', 1)
          IN ('signing', 'numbering', 'sealing', 'disposal', 'break_glass', 'audit')
       OR substr(action, strpos(action, '.') + 1) IN ('signed', 'numbered', 'registered', 'issued',
          'sealed', 'seal_requested', 'seal_failed', 'voided', 'void_requested', 'disposed',
          'destroyed')
     THEN 'long' ELSE 'short' END
"""

_OLD_ROWS = f"""
INSERT INTO audit_auditrow (id, event_id, at, keep, action, outcome, reason_code, object_type,
    object_id, agency_id, secrecy, user_id, person_name, post_id, post_title, on_behalf_of,
    service, session_id, auth_method, client_address, device, request_id, reason, facts, version,
    hash)
SELECT id, event_id, at, {_KEEP}, action, outcome, '', object_type, object_id, agency_id, secrecy,
    user_id, person_name, post_id, post_title, on_behalf_of, service, session_id, '',
    client_address, '', '', reason, facts, 1, hash
FROM audit_auditrow_stage1;
SELECT setval('audit_row_number', coalesce((SELECT max(id) FROM audit_auditrow_stage1), 0) + 1,
              false);
INSERT INTO audit_auditpending (row_id, at, keep, hash)
SELECT r.id, r.at, r.keep, r.hash FROM audit_auditrow r
    JOIN audit_auditpending_stage1 p ON p.row_id = r.id;
ALTER TABLE audit_auditlink ADD COLUMN keep varchar(5), ADD COLUMN at timestamptz;
UPDATE audit_auditlink l SET keep = r.keep, at = r.at FROM audit_auditrow r WHERE r.id = l.row_id;
ALTER TABLE audit_auditlink ALTER COLUMN keep SET NOT NULL, ALTER COLUMN at SET NOT NULL;
DROP TABLE audit_auditpending_stage1;
DROP TABLE audit_auditrow_stage1;
"""  # noqa: S608 (our own words)

_TRIGGERS = """
CREATE FUNCTION audit_wait_for_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_auditpending (row_id, at, keep, hash)
        VALUES (NEW.id, NEW.at, NEW.keep, NEW.hash);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_row_waits AFTER INSERT ON audit_auditrow
    FOR EACH ROW EXECUTE FUNCTION audit_wait_for_chain();
CREATE TRIGGER audit_row_append_only BEFORE UPDATE OR DELETE ON audit_auditrow
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE ON audit_auditlink
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
SELECT audit_open_months();
"""

_TAKE_OVER = """
INSERT INTO audit_auditrow (event_id, at, keep, action, outcome, reason_code, object_type,
    object_id, agency_id, secrecy, user_id, person_name, post_id, post_title, on_behalf_of,
    service, session_id, auth_method, client_address, device, request_id, reason, facts,
    version, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
    %s, %s, %s)
"""


def forward(apps: Any, schema_editor: Any) -> None:
    """Tables in partitions with every row, reading and link of the old ones."""
    with schema_editor.connection.cursor() as cursor:
        for statements in (_ASIDE, _TABLES, _FUNCTIONS, _OLD_ROWS, _TRIGGERS):
            cursor.execute(statements)
        _take_over_readings(cursor)
        cursor.execute("DROP TABLE audit_reading")


def _take_over_readings(cursor: Any) -> None:
    last = 0
    while True:
        cursor.execute(
            "SELECT id, at, action, object_type, object_id, agency_id, secrecy, user_id,"
            " person_name, session_id, client_address FROM audit_reading WHERE id > %s"
            " ORDER BY id LIMIT %s",
            [last, _READINGS_AT_ONCE],
        )
        found = cursor.fetchall()
        if not found:
            # Their months may lie before those opened so far.
            cursor.execute("SELECT audit_open_months()")
            return
        last = found[-1][0]
        for _, at, action, kind, thing, agency, secrecy, user, name, session, address in found:
            text = [
                *(str(uuid.uuid4()), time_text(at.astimezone(UTC)), "read", action, "ok", ""),
                *(kind, str(thing), _number(agency), str(secrecy), _number(user), name, None),
                *("", "", "", session, "", address, "", "", "", "{}"),
            ]
            cursor.execute(_TAKE_OVER, [*text, 2, row_hash(2, text)])


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _row_fields() -> list[Any]:
    text, ids = models.CharField, models.BigIntegerField
    return [
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        ("event_id", models.UUIDField()),
        ("at", models.DateTimeField()),
        ("keep", text(max_length=5)),
        ("action", text(max_length=80)),
        ("outcome", text(default="ok", max_length=10)),
        ("reason_code", text(blank=True, max_length=80)),
        ("object_type", text(blank=True, max_length=60)),
        ("object_id", models.UUIDField(null=True)),
        ("agency_id", ids(null=True)),
        ("secrecy", models.PositiveSmallIntegerField(default=0)),
        ("user_id", ids(null=True)),
        ("person_name", text(max_length=200)),
        ("post_id", ids(null=True)),
        ("post_title", text(blank=True, max_length=300)),
        ("on_behalf_of", text(blank=True, max_length=300)),
        ("service", text(blank=True, max_length=60)),
        ("session_id", text(blank=True, max_length=64)),
        ("auth_method", text(blank=True, max_length=60)),
        ("client_address", text(blank=True, max_length=64)),
        ("device", text(blank=True, max_length=200)),
        ("request_id", text(blank=True, max_length=36)),
        ("reason", text(blank=True, max_length=1000)),
        ("facts", models.JSONField(default=dict)),
        ("version", models.PositiveSmallIntegerField()),
        ("hash", text(max_length=64)),
    ]


def _indexes() -> list[Any]:
    return [
        models.Index(fields=["object_id", "at", "id"], name="audit_by_object"),
        models.Index(fields=["user_id", "at", "id"], name="audit_by_person"),
        models.Index(fields=["agency_id", "at", "id"], name="audit_by_agency"),
        models.Index(
            fields=["action", "at", "id"],
            name="audit_by_action",
            opclasses=["varchar_pattern_ops", "timestamptz_ops", "int8_ops"],
        ),
        models.Index(fields=["at", "id"], name="audit_refused", condition=~models.Q(outcome="ok")),
    ]


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_every_row_waits")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forward)],
            state_operations=[
                migrations.DeleteModel("AuditLink"),
                migrations.DeleteModel("AuditPending"),
                migrations.DeleteModel("AuditRow"),
                migrations.CreateModel(
                    "AuditRow", fields=_row_fields(), options={"indexes": _indexes()}
                ),
                migrations.CreateModel(
                    "AuditPending",
                    fields=[
                        ("row_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("keep", models.CharField(max_length=5)),
                        ("hash", models.CharField(max_length=64)),
                    ],
                ),
                migrations.CreateModel(
                    "AuditLink",
                    fields=[
                        ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("row_id", models.BigIntegerField(unique=True)),
                        ("keep", models.CharField(max_length=5)),
                        ("at", models.DateTimeField()),
                        ("previous", models.CharField(max_length=64)),
                        ("row_hash", models.CharField(max_length=64)),
                        ("hash", models.CharField(max_length=64)),
                        ("sealed_at", models.DateTimeField()),
                    ],
                ),
            ],
        )
    ]
