"""Every change of the directory is written down by the database, in the transaction of the act."""

from django.db import migrations

_FORWARD = """
CREATE FUNCTION http_api_note_change(kind text, object_id uuid, agency bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    here bigint := (SELECT system_identifier FROM pg_control_system());
    lineage bigint;
BEGIN
    SELECT id INTO lineage FROM http_api_changelineage WHERE system_identifier = here;
    IF lineage IS NULL THEN
        INSERT INTO http_api_changelineage (system_identifier) VALUES (here)
            ON CONFLICT (system_identifier) DO NOTHING;
        SELECT id INTO lineage FROM http_api_changelineage WHERE system_identifier = here;
    END IF;
    INSERT INTO http_api_directorychange (lineage_id, xid, kind, object_id, agency_id, changed_at)
    VALUES (lineage, pg_current_xact_id()::text::bigint, kind, object_id, agency, clock_timestamp());
END $$;

CREATE FUNCTION http_api_agency_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM http_api_note_change('agency', NEW.public_id, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER http_api_told AFTER INSERT OR UPDATE ON organization_agency
    FOR EACH ROW EXECUTE FUNCTION http_api_agency_changed();

CREATE FUNCTION http_api_agency_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM http_api_note_change('agency', public_id, id)
        FROM organization_agency WHERE id = NEW.agency_id;
    RETURN NULL;
END $$;
CREATE TRIGGER http_api_told AFTER INSERT OR UPDATE ON organization_agencyname
    FOR EACH ROW EXECUTE FUNCTION http_api_agency_renamed();

CREATE FUNCTION http_api_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM http_api_note_change(TG_ARGV[0], NEW.public_id, NEW.agency_id);
    IF TG_OP = 'UPDATE' AND OLD.agency_id IS DISTINCT FROM NEW.agency_id THEN
        PERFORM http_api_note_change(TG_ARGV[0], NEW.public_id, OLD.agency_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER http_api_told AFTER INSERT OR UPDATE ON organization_organ
    FOR EACH ROW EXECUTE FUNCTION http_api_part_changed('organ');
CREATE TRIGGER http_api_told AFTER INSERT OR UPDATE ON organization_unit
    FOR EACH ROW EXECUTE FUNCTION http_api_part_changed('unit');
CREATE TRIGGER http_api_told AFTER INSERT OR UPDATE ON organization_post
    FOR EACH ROW EXECUTE FUNCTION http_api_part_changed('post');

CREATE FUNCTION http_api_role_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM http_api_note_change('post', public_id, agency_id)
        FROM organization_post WHERE id = COALESCE(NEW.post_id, OLD.post_id);
    RETURN NULL;
END $$;
CREATE TRIGGER http_api_told AFTER INSERT OR UPDATE OR DELETE ON organization_postrole
    FOR EACH ROW EXECUTE FUNCTION http_api_role_changed();

CREATE FUNCTION http_api_holding_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM http_api_note_change('post', post.public_id, post.agency_id),
            http_api_note_change('person', person.public_id, post.agency_id)
        FROM organization_post post, organization_person person
        WHERE post.id = NEW.post_id AND person.id = NEW.person_id;
    RETURN NULL;
END $$;
CREATE TRIGGER http_api_told AFTER INSERT OR UPDATE ON organization_holding
    FOR EACH ROW EXECUTE FUNCTION http_api_holding_changed();

CREATE FUNCTION http_api_person_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM http_api_note_change('person', NEW.public_id, held.agency_id)
        FROM (SELECT DISTINCT post.agency_id FROM organization_holding holding
              JOIN organization_post post ON post.id = holding.post_id
              WHERE holding.person_id = NEW.id) held;
    RETURN NULL;
END $$;
CREATE TRIGGER http_api_told AFTER UPDATE OF full_name ON organization_person
    FOR EACH ROW EXECUTE FUNCTION http_api_person_changed();
"""

_TABLES = ("agency", "agencyname", "organ", "unit", "post", "postrole", "holding", "person")
_FUNCTIONS = (
    "agency_changed()",
    "agency_renamed()",
    "part_changed()",
    "role_changed()",
    "holding_changed()",
    "person_changed()",
    "note_change(text, uuid, bigint)",
)
_BACKWARD = "".join(
    f"DROP TRIGGER http_api_told ON organization_{table};" for table in _TABLES
) + "".join(f"DROP FUNCTION http_api_{function};" for function in _FUNCTIONS)

#: The directory as it stands when the feed begins: a program that starts from nothing gets all.
_FIRST = """
SELECT http_api_note_change('agency', public_id, id) FROM organization_agency ORDER BY id;
SELECT http_api_note_change('organ', public_id, agency_id) FROM organization_organ ORDER BY id;
SELECT http_api_note_change('unit', public_id, agency_id) FROM organization_unit ORDER BY id;
SELECT http_api_note_change('post', public_id, agency_id) FROM organization_post ORDER BY id;
SELECT http_api_note_change('person', person.public_id, held.agency_id)
    FROM organization_person person
    JOIN (SELECT DISTINCT holding.person_id, post.agency_id FROM organization_holding holding
          JOIN organization_post post ON post.id = holding.post_id) held
      ON held.person_id = person.id;
"""


class Migration(migrations.Migration):
    dependencies = [("http_api", "0002_service_keys"), ("organization", "0002_drafter_may_seal")]
    operations = [
        migrations.RunSQL(_FORWARD, _BACKWARD),
        migrations.RunSQL(_FIRST, migrations.RunSQL.noop),
    ]
