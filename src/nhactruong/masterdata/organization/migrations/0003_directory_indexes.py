"""People are found by any part of their name or by its initials, whatever the size of the directory.

`office_fold` is `kernel/text.py::fold` for Vietnamese letters, inside the database; a test compares
the two. Capitals are translated here: a database of locale C lowers plain letters only. The folded
name is a generated column: an index on the expression alone folds a name anew for every candidate,
28 seconds for two letters among a million people.
"""

import django.contrib.postgres.indexes
import django.db.models
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

import nhactruong.masterdata.organization.models

_MARKED = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_BARE = "aaaaaaaaaaaaaaaaadeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyy"

_FORWARD = f"""
CREATE FUNCTION office_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(translate(words, '{_MARKED}{_MARKED.upper()}', '{_BARE}{_BARE}'));
CREATE FUNCTION office_named(full_name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ' ' || office_fold(full_name) || ' '
    || regexp_replace(office_fold(full_name), '(\\S)\\S*\\s*', '\\1', 'g');
"""

_BACKWARD = """
DROP FUNCTION office_named(text);
DROP FUNCTION office_fold(text);
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0002_drafter_may_seal")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(_FORWARD, _BACKWARD),
        migrations.AddField(
            model_name="person",
            name="named",
            field=django.db.models.GeneratedField(
                db_persist=True,
                expression=nhactruong.masterdata.organization.models.Named("full_name"),
                output_field=django.db.models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["named"], name="person_named", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.db.models.Index(fields=["sort_key", "id"], name="person_order"),
        ),
    ]
