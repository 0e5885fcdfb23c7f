"""Cards of registered documents know their arrival number, as new ones do from the start."""

from __future__ import annotations

from django.db import migrations

_TELL = """
UPDATE search_searchcard card
SET facts = left(concat_ws(%s, nullif(card.facts, ''), %s || document.arrival_number), 500),
    words = card.words
        || setweight(to_tsvector('simple', 'so den ' || document.arrival_number), 'B')
FROM incoming_incomingdocument document
WHERE card.object_type = 'IncomingDocument' AND card.object_id = document.public_id
  AND document.arrival_number IS NOT NULL AND card.facts NOT LIKE %s
"""
_WORDS = [" · ", "số đến ", "%số đến %"]


class Migration(migrations.Migration):
    """One statement; cards that already know their number are passed over."""

    dependencies = [("incoming", "0002_storage"), ("search", "0002_code")]

    operations = [migrations.RunSQL([(_TELL, _WORDS)], migrations.RunSQL.noop)]
