"""People are found by any part of their name or by its initials, whatever the size of the directory.

`office_fold` is `kernel/text.py::fold` for Vietnamese letters, inside the database, so that no
column repeats the name; a test compares the two. Capitals are translated here: a database of
locale C lowers plain letters only.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

_MARKED = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_BARE = "aaaaaaaaaaaaaaaaadeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyy"

_FORWARD = f"""
CREATE FUNCTION office_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(translate(words, '{_MARKED}{_MARKED.upper()}', '{_BARE}{_BARE}'));
CREATE FUNCTION office_named(full_name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN office_fold(full_name) || ' '
    || regexp_replace(office_fold(full_name), '(\\S)\\S*\\s*', '\\1', 'g');
CREATE INDEX person_named ON organization_person USING gin (office_named(full_name) gin_trgm_ops);
CREATE INDEX person_order ON organization_person (sort_key, id);
"""

_BACKWARD = """
DROP INDEX person_order;
DROP INDEX person_named;
DROP FUNCTION office_named(text);
DROP FUNCTION office_fold(text);
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0002_drafter_may_seal")]
    operations = [TrigramExtension(), migrations.RunSQL(_FORWARD, _BACKWARD)]
