"""What was published is never reworded: the database refuses when code is wrong."""

from django.db import migrations

_FORWARD = """
CREATE FUNCTION procedures_refuse_rewording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version of a procedure is closed (version %)', OLD.id
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER procedures_published_is_closed BEFORE UPDATE ON procedures_procedureversion
    FOR EACH ROW
    WHEN (OLD.state IN ('published', 'replaced')
          AND (NEW.content IS DISTINCT FROM OLD.content
               OR NEW.number IS DISTINCT FROM OLD.number
               OR NEW.procedure_id IS DISTINCT FROM OLD.procedure_id
               OR NEW.state NOT IN ('published', 'replaced')
               OR (OLD.state = 'replaced' AND NEW.state <> 'replaced')))
    EXECUTE FUNCTION procedures_refuse_rewording();
"""

_BACKWARD = """
DROP TRIGGER procedures_published_is_closed ON procedures_procedureversion;
DROP FUNCTION procedures_refuse_rewording();
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
