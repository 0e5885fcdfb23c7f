"""The acts of the outgoing documents, in the commands of the product."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from nhactruong.assembly.sample.stage import Stage, as_sent
from nhactruong.assembly.sample.story import Printed, Row, Step, incoming, later, outgoing
from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.files import store
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import RuleBroken
from nhactruong.kernel.states import Role, Secrecy
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.drafting.rules import body_from_plain, body_to_json
from nhactruong.records.incoming import commands as receiving
from nhactruong.records.outgoing import commands, policies, selectors
from nhactruong.records.outgoing.commands.drafting import DraftContent, RecipientLine
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import AS_ABOVE, State
from nhactruong.records.signing import keys

#: From this day on, what was only to be known is still unread at its recipients.
_FRESH_FROM_DAY: Final = -1


def steps(stage: Stage) -> Iterator[Step]:
    """Every act of every outgoing document, unordered."""
    known = {(row["from_outgoing"], row["agency"]) for row in incoming() if "from_outgoing" in row}
    for row in filter(stage.plays, outgoing()):
        for act in row["acts"]:
            if act["act"] == "acknowledge":
                if (row["key"], act["agency"]) not in known:
                    yield from _taken_note(stage, row, act)
                continue
            if do := _ACTS.get(act["act"]):
                yield Step(act["day"], act["time"], partial(do, stage, row, act))
        for remark in row.get("comment", []):
            yield Step(remark["day"], remark["time"], partial(_remark, stage, row, remark))


def _create(stage: Stage, row: Row, act: Row) -> None:
    actor = stage.actor(act["by"])
    answered = stage.made.get(row.get("reply_to", ""))
    draft = commands.create_draft(
        actor,
        organ_id=stage.office.organs[row["organ"]].pk,
        document_type=row["type"],
        subject=stage.texts.fill(row["subject"]),
        answers=contents.document(answered) if answered else None,
        due_on=stage.days.on(row["due_day"]) if "due_day" in row else None,
    )
    stage.made[row["key"]] = draft.public_id
    commands.save_draft(
        actor,
        draft.public_id,
        DraftContent(
            body=body_to_json(body_from_plain(stage.texts.fill(row["body"]))),
            urgency=row["urgency"],
            secrecy=Secrecy[row["secrecy"].upper()],
            addressees=[line["line"] for line in row.get("addressees", [])],
            recipients=_recipients(stage, row),
            authority_id=_authority(stage, row, draft),
        ),
        version=None,
    )
    stage.tie(row["key"])


def _recipients(stage: Stage, row: Row) -> list[RecipientLine]:
    """Nơi nhận line by line; whoever is addressed receives its copy under "Như trên"."""
    agencies = stage.office.agencies
    lines = []
    for entry in row["recipients"]:
        names = list(entry.get("agencies", []))
        if entry["line"] == AS_ABOVE:
            names += [name for one in row["addressees"] for name in one.get("agencies", [])]
        lines += [RecipientLine(entry["line"], agencies[name].pk) for name in names]
        if not names:
            lines.append(RecipientLine(entry["line"]))
    return [*lines, RecipientLine(row["archive_line"])]


def _authority(stage: Stage, row: Row, draft: OutgoingDocument) -> int:
    """The row of the signing table that is in force for the signer of the data."""
    in_force = {authority.pk for authority in selectors.authorities_for(draft)}
    for entry, authority in stage.office.authorities:
        is_it = (entry["organ"], entry["post"], entry["form"]) == (
            row["organ"],
            row["signer"],
            row["signing_form"],
        )
        if is_it and authority.pk in in_force:
            return authority.pk
    raise RuleBroken("sample.no_authority", "Dữ liệu mẫu thiếu thẩm quyền ký.", key=row["key"])


def _submit(stage: Stage, row: Row, act: Row) -> None:
    commands.submit(stage.actor(act["by"]), stage.made[row["key"]], version=None)


def _approve_content(stage: Stage, row: Row, act: Row) -> None:
    """The head's approval; nothing where the office has no head but the drafter or the signer."""
    document = stage.going_out(row["key"])
    if document.as_state != State.CONTENT_REVIEW:
        return
    reviewer = stage.actor(act["by"])
    if not policies.can_review(reviewer, document):
        reviewer = _head(document)
    commands.approve_content(reviewer, document.public_id, version=None)


def _head(document: OutgoingDocument) -> Actor:
    heads = organization.heads_of_unit(document.drafting_unit_id or 0)
    return organization.actor_for_person(next(h.person_id for h in heads if h.person_id))


def _appraise(stage: Stage, row: Row, act: Row) -> None:
    """The appraisal of form and procedure; nothing where the Chánh Văn phòng signs himself."""
    document = stage.going_out(row["key"])
    if document.as_state != State.APPRAISAL:
        return
    appraiser = stage.actor(act["by"])
    if not policies.can_appraise(appraiser, document):
        appraiser = stage.actor(stage.office.post_with(Role.CHIEF_OF_OFFICE, row["agency"]))
    commands.approve_form(appraiser, document.public_id, version=None)


def _return(stage: Stage, row: Row, act: Row) -> None:
    commands.return_draft(
        stage.actor(act["by"]), stage.made[row["key"]], reason=act["comment"], version=None
    )


def _remark(stage: Stage, row: Row, remark: Row) -> None:
    """A remark, asked for by the drafter where the commenter did not see the draft, and its answer."""
    drafter, commenter = stage.actor(row["drafter"]), stage.actor(remark["by"])
    draft = stage.going_out(row["key"])
    if not selectors.visible(commenter).filter(pk=draft.pk).exists():
        asked = tokens.post_token(stage.office.posts[remark["by"]].pk)
        access.grant(drafter, draft, [asked], "consulted")
    said = commands.comment(commenter, draft.public_id, text=remark["text"])
    if "outcome" in remark:
        commands.answer_comment(
            drafter,
            draft.public_id,
            said.public_id,
            accepted=remark["outcome"] == "accepted",
            reason=remark["answer"],
        )


def _sign(stage: Stage, row: Row, act: Row) -> None:
    signer = stage.actor(act["by"])
    document = stage.going_out(row["key"])
    request = commands.open_signature(signer, document.public_id, version=None)
    presented = contents.rendition(document.document_id, Rendition.Purpose.PRESENTED)
    if presented is None:
        raise RuleBroken("sample.not_presented", "Bản trình ký chưa có.", key=row["key"])
    signed = keys.sign_personal(contents.bytes_of(presented), request.key)
    commands.record_signature(
        signer,
        document.public_id,
        request.public_id,
        stored=store.write([signed.pdf]),
        facts=signed.facts,
        signed_at=signed.made_at,
    )


def _number(stage: Stage, row: Row, act: Row) -> None:
    document = commands.assign_number(stage.actor(act["by"]), stage.made[row["key"]], version=None)
    if document.issued_on is not None:
        stage.numbered[row["key"]] = Printed(document.reference_code, document.issued_on)


def _seal(stage: Stage, row: Row, act: Row) -> None:
    commands.request_seal(stage.actor(act["by"]), stage.made[row["key"]], version=None)


def _issue(stage: Stage, row: Row, act: Row) -> None:
    commands.issue(stage.actor(act["by"]), stage.made[row["key"]], version=None)
    stage.settle()
    awaited = {one["agency"] for one in row["acts"] if one["act"] == "acknowledge"}
    stage.carry_rest(row["key"], awaited)


_ACTS: Final = {
    "create": _create,
    "submit": _submit,
    "approve_content": _approve_content,
    "appraise": _appraise,
    "return": _return,
    "sign": _sign,
    "number": _number,
    "seal": _seal,
    "issue": _issue,
}


def _taken_note(stage: Stage, row: Row, act: Row) -> Iterator[Step]:
    """A copy that the data does not follow: registered, and read by the chief the next day."""
    key, agency = row["key"], act["agency"]

    def register() -> None:
        copy = stage.carry(key, agency)
        if copy is not None:
            clerk = stage.actor(stage.office.post_with(Role.CLERK, agency))
            receiving.register(clerk, copy.public_id, as_sent(copy), version=None)

    def read() -> None:
        copy_id = stage.copies[key, agency]
        receiving.complete(
            stage.actor(stage.chief(agency)),
            copy_id,
            result="Đã phổ biến trong cơ quan, lưu để theo dõi, thực hiện.",
            version=None,
        )

    yield Step(act["day"], act["time"], register)
    if act["day"] + 1 < _FRESH_FROM_DAY:
        yield Step(act["day"] + 1, later("07:40", sum(map(ord, agency + key)) % 90), read)
