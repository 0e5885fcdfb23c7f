"""The parts of titles that the index took for one word, such as the names of files."""

from django.db import migrations

FILL = r"""
    UPDATE search_searchcard
    SET words = coalesce(words, ''::tsvector) || setweight(
        to_tsvector('simple', regexp_replace(folded, '[^a-z0-9]+', ' ', 'g')), 'A')
    WHERE folded ~ '[a-z0-9][._@:][a-z]'
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0003_one_index_of_words_and_readers")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
