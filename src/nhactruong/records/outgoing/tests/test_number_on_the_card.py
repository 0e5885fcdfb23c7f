"""The search card after numbering is the one a full telling would give."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from tests.sight.scene import Scene, paper

from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.search.models import SearchCard
from nhactruong.kernel.actor import service_actor
from nhactruong.records.outgoing.commands.indexing import put_card, tell_number
from nhactruong.records.outgoing.models import OutgoingDocument

pytestmark = pytest.mark.django_db
SERVICE = service_actor("test", "Kiểm thử")


def told(document: OutgoingDocument) -> tuple[Any, ...]:
    """The card's columns and its words with their weights, without their places."""
    columns = SearchCard.objects.filter(object_id=document.public_id).values_list(
        "title", "reference", "code", "facts", "occurred_on", "folded", "secrecy", "readers"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lexeme, weights FROM search_searchcard, unnest(words)"
            " WHERE object_id = %s ORDER BY lexeme",
            [document.public_id],
        )
        return columns.get(), cursor.fetchall()


def test_the_number_is_found_and_every_word_of_the_text_still_is() -> None:
    numbered = paper(Scene(), "numbered")
    document = OutgoingDocument.objects.get(pk=numbered.pk)
    after_numbering = told(document)
    with writes_allowed():
        put_card(SERVICE, document)
    assert after_numbering == told(document)
    assert document.reference_code in after_numbering[0]


def test_without_a_card_the_number_makes_one() -> None:
    numbered = OutgoingDocument.objects.get(pk=paper(Scene(), "numbered").pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_searchcard WHERE object_id = %s", [numbered.public_id])
    with writes_allowed():
        tell_number(SERVICE, numbered)
    assert SearchCard.objects.filter(object_id=numbered.public_id).count() == 1
