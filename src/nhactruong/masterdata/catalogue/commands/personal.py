"""Correcting what is held about a person by a note beside it."""

from __future__ import annotations

import uuid

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.limits import text_within
from nhactruong.masterdata.catalogue import datasets, policies
from nhactruong.masterdata.catalogue.models import CorrectionNote
from nhactruong.masterdata.catalogue.selectors import personal


@command
def note_correction(
    actor: Actor, person_id: uuid.UUID, *, dataset: str, text: str
) -> CorrectionNote:
    """A note beside the person's data; the data themselves and issued documents stay as they are.

    Raises: NotFound, AccessDenied, InvalidInput. Source: security.md 5.
    """
    person = personal.get_person(actor, person_id)
    policies.can_correct(actor, person.pk).require()
    known = datasets.datasets().get(dataset)
    if known is None or known.personal is None:
        raise InvalidInput.at(
            "dataset", "catalogue.no_dataset", "Chưa chọn bộ dữ liệu. Đồng chí chọn một bộ."
        )
    text = text_within(1000, text, field="text", label="Nội dung đính chính")
    if not text:
        raise InvalidInput.at(
            "text", "catalogue.no_text", "Thiếu nội dung. Đồng chí ghi chỗ sai và nội dung đúng."
        )
    post = actor.post
    note = CorrectionNote.objects.create(
        person=person,
        dataset=dataset,
        text=text,
        noted_by=f"{actor.name}, {post.title}" if post else actor.name,
        noted_at=clock.now(),
    )
    audit.record(actor, "catalogue.correction_noted", person, dataset=dataset)
    return note
