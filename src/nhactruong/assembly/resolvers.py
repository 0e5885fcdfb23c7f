"""How threads, inbox and search show records of the apps above them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from nhactruong.foundation.accounts import actors as accounts
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.thread import cards
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.foundation.workitems import places, terms
from nhactruong.foundation.workitems.kinds import Kind
from nhactruong.foundation.workitems.kinds import register as register_kinds
from nhactruong.gateways.http_api import selectors as keys
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.deadlines import working_days_between
from nhactruong.kernel.errors import InvalidInput, NotFound
from nhactruong.kernel.states import Act
from nhactruong.masterdata.changes import selectors as changes
from nhactruong.masterdata.codelists import selectors as codelists
from nhactruong.masterdata.delegations import selectors as delegations
from nhactruong.masterdata.delegations import telling
from nhactruong.masterdata.devices import selectors as devices
from nhactruong.masterdata.importing import selectors as importing
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.reorganization import selectors as reorganization
from nhactruong.masterdata.workdays import selectors as workdays
from nhactruong.oversight.handover import selectors as handover
from nhactruong.oversight.inspection.selectors import alarms, emergencies
from nhactruong.oversight.inspection.words import act_words
from nhactruong.records.dossiers import selectors as dossiers
from nhactruong.records.incoming import selectors as incoming
from nhactruong.records.outgoing import selectors as outgoing
from nhactruong.records.releases import selectors as releases


def document_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of documents known by their shared identifier, incoming or outgoing."""
    wanted = list(ids)
    return {**incoming.record_cards(actor, wanted), **outgoing.record_cards(actor, wanted)}


def acts_told(actor: Actor, rows: Sequence[AuditRow]) -> Sequence[telling.Told]:
    """Rows of the record in words; the thing is named only to who may see it."""
    wanted = {(row.object_type, row.object_id) for row in rows if row.object_id is not None}
    seen = cards.cards(actor, wanted)
    told = []
    for row in rows:
        card = seen.get(row.object_id) if row.object_id is not None else None
        who = f"{row.person_name} ({row.on_behalf_of})" if row.on_behalf_of else row.person_name
        told.append(
            telling.Told(
                row.at,
                who,
                act_words(row.action),
                (card.reference or card.title) if card else "",
                card.url if card else "",
            )
        )
    return told


def working_days_left(agency_id: int, start: date, end: date) -> int | None:
    """Working days from `start` to `end` at an agency; None beyond the calendar."""
    try:
        return working_days_between(start, end, workdays.calendar(agency_id))
    except InvalidInput:
        return None


def holder_of(user_id: int, session_id: str, address: str) -> Actor | None:
    """The person who holds an account, in today's posts; None for an account of nobody."""
    try:
        return organization.actor_for_account(
            user_id, session_id=session_id, client_address=address
        )
    except NotFound:
        return None


def register() -> None:
    """Register cards, kinds of work and the count of working days; called once at start."""
    accounts.register(holder_of)
    terms.register(working_days_left)
    places.register(organization.agency_names)
    cards.register("Document", document_cards)
    cards.register("IncomingDocument", incoming.record_cards)
    cards.register("OutgoingDocument", outgoing.record_cards)
    cards.register("Dossier", dossiers.record_cards)
    cards.register("CodeChange", codelists.record_cards)
    cards.register("ChangeOrder", changes.record_cards)
    cards.register("ListImport", importing.record_cards)
    cards.register("Device", devices.record_cards)
    cards.register("Release", releases.record_cards)
    cards.register("ServiceKey", keys.record_cards)
    cards.register("Delegation", delegations.record_cards)
    telling.register(acts_told, act_words)
    cards.register("EmergencyRequest", emergencies.record_cards)
    cards.register("Reorganization", reorganization.record_cards)
    cards.register("Alert", alarms.record_cards)
    cards.register("HandOver", handover.record_cards)
    register_kinds(
        Kind("incoming.register", "Vào sổ", "intake", "Vào sổ", "incoming:intake_item", "Nơi gửi"),
        Kind(
            "incoming.direct",
            "Bút phê",
            "edit",
            "Bút phê",
            "incoming:detail",
            "Nơi gửi",
            act=Act.DIRECT,
        ),
        Kind("incoming.opinion", "Ý kiến", "comment", "Cho ý kiến", "incoming:detail", "Nơi gửi"),
        Kind(
            "incoming.assign",
            "Giao việc",
            "people",
            "Giao",
            "incoming:detail",
            "Nơi gửi",
            act=Act.ASSIGN,
        ),
        Kind(
            "incoming.support",
            "Phối hợp",
            "people",
            "Mở",
            "incoming:detail",
            "Nơi gửi",
            act=Act.HANDLE,
        ),
        Kind(
            "incoming.handle",
            "Xử lý",
            "task",
            "Xử lý",
            "incoming:detail",
            "Nơi gửi",
            act=Act.HANDLE,
        ),
        Kind(
            "outgoing.revise",
            "Sửa dự thảo",
            "undo",
            "Sửa",
            "outgoing:draft",
            "Trả lại",
            is_from_someone=False,
        ),
        Kind(
            "outgoing.review",
            "Duyệt",
            "check",
            "Duyệt",
            "outgoing:draft",
            "Người trình",
            "{} trình",
            act=Act.REVIEW,
        ),
        Kind(
            "outgoing.appraise",
            "Duyệt",
            "check",
            "Duyệt",
            "outgoing:draft",
            "Người trình",
            "{} trình",
            act=Act.REVIEW,
        ),
        Kind(
            "outgoing.sign", "Ký", "sign", "Đọc và ký", "outgoing:sign", "Người trình", "{} trình"
        ),
        Kind(
            "outgoing.number",
            "Cấp số",
            "number",
            "Cấp số",
            "outgoing:detail",
            "Người ký",
            "người ký {}",
        ),
        Kind(
            "outgoing.seal",
            "Đóng dấu",
            "seal",
            "Đóng dấu",
            "outgoing:detail",
            "Người ký",
            "người ký {}",
        ),
        Kind(
            "outgoing.issue",
            "Phát hành",
            "send",
            "Phát hành",
            "outgoing:detail",
            "Người ký",
            "người ký {}",
        ),
        Kind(
            "outgoing.void",
            "Bỏ số",
            "close",
            "Xem xét",
            "outgoing:detail",
            "Đề nghị",
            is_from_someone=False,
        ),
        Kind(
            "codelists.decide",
            "Duyệt danh mục mã",
            "book",
            "Xem xét",
            "codelists:change",
            "Người đề nghị",
            "{} đề nghị",
        ),
        Kind(
            "changes.decide",
            "Duyệt phiếu thay đổi",
            "people",
            "Xem xét",
            "changes:detail",
            "Người đề nghị",
            "{} đề nghị",
        ),
        Kind(
            "changes.collect",
            "Lấy mã đặt mật khẩu",
            "key",
            "Lấy mã",
            "changes:detail",
            "Người duyệt",
            "{} đã duyệt",
        ),
        Kind(
            "importing.decide",
            "Duyệt danh sách",
            "file",
            "Xem xét",
            "importing:detail",
            "Người nhập",
            "{} nhập",
        ),
        Kind(
            "release.decide",
            "Duyệt xuất dữ liệu",
            "download",
            "Xem xét",
            "releases:detail",
            "Người đề nghị",
            "{} đề nghị",
        ),
        Kind(
            "key.decide",
            "Duyệt khóa truy cập",
            "lock",
            "Xem xét",
            "keys:detail",
            "Người đề nghị",
            "{} đề nghị",
        ),
        Kind(
            "reorganization.approve",
            "Duyệt sắp xếp cơ quan",
            "people",
            "Xem xét",
            "reorganization:preview",
            "Người đề nghị",
            "{} đề nghị",
        ),
        Kind(
            "reorganization.carry_out",
            "Thực hiện sắp xếp cơ quan",
            "people",
            "Xem trước",
            "reorganization:preview",
            "Người duyệt",
            "{} duyệt",
        ),
        Kind(
            "emergency.decide",
            "Duyệt khẩn cấp",
            "warn",
            "Xem xét",
            "inspection:emergency",
            "Người đề nghị",
            "{} đề nghị",
        ),
        Kind(
            "handover.decide",
            "Duyệt bàn giao",
            "people",
            "Xem xét",
            "handover:detail",
            "Người đề nghị",
            "{} đề nghị",
        ),
        Kind(
            "emergency.review",
            "Hậu kiểm",
            "eye",
            "Hậu kiểm",
            "inspection:emergency",
            "Người đã xem",
        ),
    )
