"""Who may do what to an outgoing document; every no says why. Source: security.md 7-9.

Reviews are asked in the actor's own right and, failing that, in that of a post lent to him for it;
nobody edits, signs, numbers or seals for another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.actor import Actor, Paper
from nhactruong.kernel.decisions import ALLOWED, Decision, never, refused
from nhactruong.kernel.standing import rightful
from nhactruong.kernel.states import Act, Role
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import EDITABLE, STATE_LABELS, State

#: Roles that may create drafts. Source: security.md 8, row "Create draft".
DRAFTING_ROLES: Final = frozenset(
    {
        Role.SECRETARY,
        Role.DEPUTY_SECRETARY,
        Role.CHIEF_OF_OFFICE,
        Role.DEPUTY_CHIEF,
        Role.HEAD_OF_DIVISION,
        Role.SPECIALIST,
    }
)
#: Roles whose posts may stand in the signing table. Source: security.md 8, row "Sign"; 7 (T/M).
SIGNING_ROLES: Final = frozenset(
    {
        Role.SECRETARY,
        Role.DEPUTY_SECRETARY,
        Role.STANDING_MEMBER,
        Role.CHIEF_OF_OFFICE,
        Role.DEPUTY_CHIEF,
        Role.HEAD_OF_DIVISION,
    }
)
_REVIEWERS: Final = frozenset({Role.HEAD_OF_DIVISION, Role.DEPUTY_CHIEF, Role.CHIEF_OF_OFFICE})


def _wrong_state(document: OutgoingDocument) -> Decision:
    return refused(
        "outgoing.wrong_state",
        f"Văn bản đang ở bước “{STATE_LABELS[document.as_state]}” nên chưa làm được việc này.",
    )


def can_draft(actor: Actor, agency_id: int) -> Decision:
    """May the actor open a draft that this agency will issue?"""
    if actor.has_any_role(DRAFTING_ROLES, agency_id):
        return ALLOWED
    return never(
        "outgoing.not_a_drafter",
        "Chức danh này không soạn thảo văn bản của cơ quan.",
        line=Line.DRAFT,
    )


def can_draft_somewhere(actor: Actor) -> Decision:
    """May the actor open drafts at all, for whichever agency?"""
    if actor.agencies_with(*DRAFTING_ROLES):
        return ALLOWED
    return never(
        "outgoing.not_a_drafter",
        "Chức danh này không soạn thảo văn bản của cơ quan.",
        line=Line.DRAFT,
    )


def can_edit(actor: Actor, document: OutgoingDocument) -> Decision:
    """May the actor change the text? Only the drafter, only before it is on its way."""
    if not actor.holds(document.drafter_post_id):
        return never(
            "outgoing.not_the_drafter", "Chỉ người soạn thảo sửa được dự thảo này.", line=Line.DRAFT
        )
    return ALLOWED if document.as_state in EDITABLE else _wrong_state(document)


def can_answer(actor: Actor, document: OutgoingDocument) -> Decision:
    """May the actor answer a remark? The drafter, until the text goes to be signed."""
    if not actor.holds(document.drafter_post_id):
        return never(
            "outgoing.not_the_drafter", "Chỉ người soạn thảo trả lời góp ý.", line=Line.DRAFT
        )
    is_open = document.as_state in EDITABLE | {State.CONTENT_REVIEW, State.APPRAISAL}
    return ALLOWED if is_open else _wrong_state(document)


def reviewing(actor: Actor, document: OutgoingDocument) -> tuple[Decision, Actor]:
    """Whether the step the draft stands at is the actor's to approve, and in whose right he does."""
    judge = _appraises if document.as_state == State.APPRAISAL else _reviews
    return _in_right(actor, document, judge)


def _in_right(
    actor: Actor,
    document: OutgoingDocument,
    judge: Callable[[Actor, OutgoingDocument], Decision],
) -> tuple[Decision, Actor]:
    units = frozenset(unit for unit in (document.drafting_unit_id,) if unit is not None)
    paper = Paper(document.secrecy, document.document_type.removeprefix("state-"), units)
    return rightful(actor, Act.REVIEW, paper, lambda one: judge(one, document))


def can_review(actor: Actor, document: OutgoingDocument) -> Decision:
    """May the actor approve the content as head of the drafting unit?"""
    return _in_right(actor, document, _reviews)[0]


def _reviews(actor: Actor, document: OutgoingDocument) -> Decision:
    heads = any(
        post.unit_id == document.drafting_unit_id
        and any(role in _REVIEWERS for role, _ in post.roles)
        for post in actor.posts
        if post.unit_id is not None
    )
    if not heads:
        return never(
            "outgoing.not_the_head",
            "Trưởng phòng của người soạn là người duyệt nội dung.",
            line=Line.REVIEW,
        )
    return _not_own(actor, document, State.CONTENT_REVIEW)


def can_appraise(actor: Actor, document: OutgoingDocument) -> Decision:
    """May the actor approve form and procedure as Chánh Văn phòng?"""
    return _in_right(actor, document, _appraises)[0]


def _appraises(actor: Actor, document: OutgoingDocument) -> Decision:
    if not actor.has_role(Role.CHIEF_OF_OFFICE, document.agency_id):
        return never(
            "outgoing.not_the_chief",
            "Chánh Văn phòng là người duyệt thể thức, thủ tục.",
            line=Line.REVIEW,
        )
    return _not_own(actor, document, State.APPRAISAL)


def _not_own(actor: Actor, document: OutgoingDocument, state: State) -> Decision:
    # Nor is it reviewed for its drafter by whoever stands in for him.
    giver = actor.standing.giver_person_id if actor.standing else None
    if document.drafter_person_id in (actor.person_id, giver):
        return refused(
            "outgoing.own_draft",
            "Người soạn thảo không tự duyệt văn bản của mình.",
            line=Line.REVIEW,
        )
    return ALLOWED if document.as_state == state else _wrong_state(document)


def can_return(actor: Actor, document: OutgoingDocument) -> Decision:
    """May the actor send the draft back? Whoever it waits for may."""
    match document.as_state:
        case State.CONTENT_REVIEW:
            return can_review(actor, document)
        case State.APPRAISAL:
            return can_appraise(actor, document)
        case State.AWAITING_SIGNATURE:
            return _is_signer(actor, document)
        case _:
            return never(
                "outgoing.nothing_to_return",
                "Văn bản không ở bước duyệt hoặc ký.",
                line=Line.REVIEW,
            )


def _is_signer(actor: Actor, document: OutgoingDocument) -> Decision:
    authority = document.authority
    if authority is None or not actor.holds(authority.post_id):
        return never(
            "outgoing.not_the_signer", "Văn bản này trình chức danh khác ký.", line=Line.SIGN
        )
    signing = next(post for post in actor.posts if post.post_id == authority.post_id)
    if not any(role in SIGNING_ROLES for role, _ in signing.roles):
        return never("outgoing.role_never_signs", "Chức danh này không ký văn bản.", line=Line.SIGN)
    return ALLOWED


def can_sign(actor: Actor, document: OutgoingDocument, *, authority_holds: bool) -> Decision:
    """May the actor sign now? Order, authority on that day and separation are said before a PIN.

    `authority_holds`: the signing table allows this post, organ and type today.
    """
    signer = _is_signer(actor, document)
    if not signer:
        return signer
    if document.as_state in (State.DRAFT, State.RETURNED, State.CONTENT_REVIEW, State.APPRAISAL):
        return refused(
            "outgoing.not_approved", "Chưa ký được: văn bản chưa được Chánh Văn phòng duyệt."
        )
    if document.as_state != State.AWAITING_SIGNATURE:
        return _wrong_state(document)
    if actor.person_id == document.drafter_person_id:
        return refused(
            "outgoing.drafter_signs",
            "Chưa ký được: người soạn thảo không ký văn bản do chính mình soạn.",
            line=Line.SIGN,
        )
    if not authority_holds:
        return refused(
            "outgoing.no_authority",
            "Chưa ký được: hôm nay chức danh này không có thẩm quyền ký loại văn bản này thay mặt "
            "cơ quan ban hành. Xem bảng thẩm quyền ký.",
            line=Line.SIGN,
        )
    if not document.presented_hash:
        return refused(
            "outgoing.not_presented",
            "Bản trình ký đang được chuẩn bị. Đồng chí mở lại sau ít giây.",
        )
    return ALLOWED


def _clerk(actor: Actor, document: OutgoingDocument, line: Line) -> Decision:
    """The clerk, who is not the signer, nor the drafter unless the agency is that small.

    Source: signatures.md 2 (the second is a setting, default on); security.md 9.1.
    """
    if not actor.has_role(Role.CLERK, document.agency_id):
        return never(
            "outgoing.not_the_clerk", "Việc này do văn thư của cơ quan thực hiện.", line=line
        )
    if actor.person_id is not None and actor.person_id == document.signer_person_id:
        return refused(
            "outgoing.signer_is_clerk",
            "Người ký văn bản không tự cấp số, đóng dấu. Văn thư khác thực hiện việc này.",
            line=line,
        )
    drafted = actor.person_id == document.drafter_person_id
    if drafted and not document.agency.drafter_may_seal:
        return refused(
            "outgoing.drafter_is_clerk",
            "Người soạn thảo không tự cấp số, đóng dấu văn bản của mình.",
            line=line,
        )
    return ALLOWED


def can_assign_number(actor: Actor, document: OutgoingDocument) -> Decision:
    """May the actor give number and date? The clerk, after the signature."""
    clerk = _clerk(actor, document, Line.ASSIGN_NUMBER)
    if not clerk:
        return clerk
    if document.as_state in REACHED_BEFORE_SIGNED:
        return refused(
            "outgoing.unsigned", "Chưa cấp số được: văn bản chưa ký. Số chỉ cấp sau khi ký."
        )
    return ALLOWED if document.as_state == State.SIGNED else _wrong_state(document)


REACHED_BEFORE_SIGNED: Final = frozenset(
    {
        State.DRAFT,
        State.RETURNED,
        State.CONTENT_REVIEW,
        State.APPRAISAL,
        State.AWAITING_SIGNATURE,
    }
)


def can_seal(actor: Actor, document: OutgoingDocument) -> Decision:
    """May the actor have the agency's seal applied? The clerk, after the number."""
    clerk = _clerk(actor, document, Line.SEAL)
    if not clerk:
        return clerk
    if document.as_state == State.SIGNED or document.as_state in REACHED_BEFORE_SIGNED:
        return refused("outgoing.unnumbered", "Đóng dấu được sau khi cấp số.")
    return ALLOWED if document.as_state == State.NUMBERED else _wrong_state(document)


def can_issue(actor: Actor, document: OutgoingDocument) -> Decision:
    """May the actor issue it to its recipients? The clerk, after the seal."""
    if not actor.has_role(Role.CLERK, document.agency_id):
        return never(
            "outgoing.not_the_clerk",
            "Việc này do văn thư của cơ quan thực hiện.",
            line=Line.DISPATCH,
        )
    if document.as_state in (State.ISSUED, State.CANCELLED):
        return _wrong_state(document)
    if document.as_state != State.SEALED:
        return refused("outgoing.unsealed", "Phát hành được sau khi đóng dấu.")
    if document.void_requested_by:
        return refused(
            "outgoing.void_asked", "Số này đang được đề nghị bỏ nên chưa phát hành được."
        )
    return ALLOWED


def can_request_void(actor: Actor, document: OutgoingDocument) -> Decision:
    """May the actor ask that the number be void? The clerk, until it is issued."""
    if not actor.has_role(Role.CLERK, document.agency_id):
        return never(
            "outgoing.not_the_clerk", "Văn thư là người đề nghị bỏ số.", line=Line.VOID_NUMBER
        )
    if document.as_state not in (State.NUMBERED, State.SEALED):
        return _wrong_state(document)
    if document.void_requested_by:
        return refused(
            "outgoing.void_asked", "Đã đề nghị bỏ số, đang chờ Chánh Văn phòng xác nhận."
        )
    return ALLOWED


def can_confirm_void(actor: Actor, document: OutgoingDocument) -> Decision:
    """May the actor confirm, as the second person, that the number is void?"""
    if not actor.has_role(Role.CHIEF_OF_OFFICE, document.agency_id):
        return never(
            "outgoing.not_the_chief",
            "Chánh Văn phòng là người xác nhận bỏ số.",
            line=Line.VOID_NUMBER,
        )
    if not document.void_requested_by:
        return never("outgoing.void_not_asked", "Chưa có đề nghị bỏ số.")
    if actor.person_id == document.void_requested_person_id:
        return refused(
            "outgoing.own_void_request",
            "Người đề nghị bỏ số không tự xác nhận. Việc này cần người thứ hai.",
            line=Line.VOID_NUMBER,
        )
    if document.as_state not in (State.NUMBERED, State.SEALED):
        return _wrong_state(document)
    return ALLOWED
