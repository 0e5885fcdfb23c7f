"""Remarks are answered by the drafter while the draft is being reviewed, not once it is to be signed."""

from __future__ import annotations

import pytest

from nhactruong.kernel.errors import AccessDenied
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.outgoing import commands
from nhactruong.records.outgoing.models import ReviewComment
from nhactruong.records.outgoing.tests import letters

pytestmark = pytest.mark.django_db


def test_the_drafter_answers_a_remark_of_the_head_during_review(office: SmallOffice) -> None:
    draft = letters.submitted(office)
    remark = commands.comment(office.actor("lam"), draft.public_id, text="Thiếu thời hạn.")
    commands.answer_comment(
        office.actor("suong"),
        draft.public_id,
        remark.public_id,
        accepted=False,
        reason="Thời hạn đã nêu ở điểm 1.",
    )
    assert ReviewComment.objects.get(pk=remark.pk).answer == "declined"


def test_nobody_but_the_drafter_answers(office: SmallOffice) -> None:
    draft = letters.submitted(office)
    remark = commands.comment(office.actor("lam"), draft.public_id, text="Thiếu thời hạn.")
    with pytest.raises(AccessDenied):
        commands.answer_comment(
            office.actor("lam"), draft.public_id, remark.public_id, accepted=True
        )


def test_on_the_signers_desk_remarks_rest(office: SmallOffice) -> None:
    document = letters.presented(office)
    remark = commands.comment(office.actor("thu"), document.public_id, text="Nêu rõ kinh phí.")
    with pytest.raises(AccessDenied) as refusal:
        commands.answer_comment(
            office.actor("suong"), document.public_id, remark.public_id, accepted=True
        )
    assert refusal.value.code == "outgoing.wrong_state"
