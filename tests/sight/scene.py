"""A fixed office in which every address has something to show: papers in every state that matters.

The issued paper and what came in are real files, typeset, signed and sealed; the others only
stand in their state.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from nhactruong.foundation.files import store
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.changes import commands as changes
from nhactruong.masterdata.changes.rules import Kind as ChangeKind
from nhactruong.masterdata.codelists import commands as codelists
from nhactruong.masterdata.codelists.rules import Verb
from nhactruong.masterdata.delegations import commands as delegations
from nhactruong.masterdata.devices import commands as devices
from nhactruong.masterdata.devices.rules import Kind as DeviceKind
from nhactruong.masterdata.importing.rules import ListCode
from nhactruong.masterdata.importing.tests.files import checked, csv_of
from nhactruong.masterdata.organization.models import Delegation
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.masterdata.procedures import commands as procedures
from nhactruong.masterdata.procedures import selectors as procedure_selectors
from nhactruong.masterdata.procedures.models import Procedure
from nhactruong.masterdata.reorganization.models import Part, Reorganization
from nhactruong.oversight.handover import commands as handover
from nhactruong.oversight.inspection.commands import emergencies
from nhactruong.oversight.inspection.models import Alert
from nhactruong.oversight.inspection.rules import Alarm
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.drafting.rules import body_to_json
from nhactruong.records.drafting.rules.plain import body_from_plain
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming import handlers as incoming_handlers
from nhactruong.records.incoming.commands.handling import Desk
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing import commands as outgoing
from nhactruong.records.outgoing import handlers as outgoing_handlers
from nhactruong.records.outgoing.commands.drafting import DraftContent, RecipientLine
from nhactruong.records.outgoing.commands.sealing import SEAL_FIELD
from nhactruong.records.outgoing.events import SealRequested
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import Printed
from nhactruong.records.outgoing.selectors import authorities_for
from nhactruong.records.releases import commands as releases
from nhactruong.records.signing import commands as signatures
from nhactruong.records.signing import keys
from tests.interface.programs import key_given
from tests.sight.walk import FACTS

#: Column of the matrix → who stands for it.
PEOPLE = {
    "secretary": "khoi",
    "deputy_secretary": "thu",
    "chief_of_office": "khue",
    "deputy_chief": "le",
    "head_of_division": "lam",
    "specialist": "suong",
    "clerk": "nhan",
    "archivist": "luu",
    "sysadmin": "quan",
    "other_clerk": "thao",
    "anonymous": "",
}
#: How far an outgoing paper goes, in order.
_ROAD = ("sketch", "reviewed", "waiting", "signed", "numbered", "sealed")


@dataclass(slots=True)
class Scene:
    """The office and the identifier of each object of the matrix."""

    office: SmallOffice = field(default_factory=small_office)
    objects: dict[str, uuid.UUID] = field(default_factory=dict)
    remark: uuid.UUID = field(default_factory=uuid.uuid4)

    def actor(self, column: str) -> Actor:
        """The person who stands for a column."""
        return self.office.actor(PEOPLE[column])


def build_scene() -> Scene:
    """The office with all its objects."""
    scene = Scene()
    for state in _ROAD:
        scene.objects[state] = paper(scene, state).public_id
    outgoing_handlers.present(scene.objects["waiting"])
    scene.objects["batch"] = outgoing.open_batch(
        scene.actor("deputy_secretary"), [scene.objects["waiting"]]
    ).public_id
    scene.objects["voiding"] = paper(scene, "numbered").public_id
    outgoing.request_void(
        scene.actor("clerk"), scene.objects["voiding"], reason="Nhầm số", version=None
    )
    scene.remark = outgoing.comment(
        scene.actor("head_of_division"), scene.objects["reviewed"], text="Sửa đoạn 2"
    ).public_id
    issued = _issued(scene)
    scene.objects["issued"] = issued.public_id
    carried = incoming.receive_copy(
        incoming_handlers.CARRIER, Delivery.objects.get(document_id=issued.document_id)
    )
    scene.objects["sent"] = carried.public_id
    arriving = _arrived(scene)
    incoming_handlers.read_incoming(arriving)
    scene.objects["arriving"] = arriving.public_id
    scene.objects["given"] = _given(scene).public_id
    scene.objects["dossier"] = dossiers.open_dossier(
        scene.actor("specialist"),
        agency_id=scene.office.agencies["vptu"].pk,
        code="01.TH",
        title="Hồ sơ về báo cáo tháng",
        retention="10",
    ).public_id
    office = scene.office
    scene.objects["agency"] = office.agencies["tu"].public_id
    scene.objects["post"] = office.posts["khue"].public_id
    scene.objects["person"] = office.people["khue"].public_id
    scene.objects["key"] = key_given(office, "directory.own")[0].public_id
    _watched(scene)
    _procedures(scene)
    scene.objects["code_change"] = codelists.propose(
        scene.actor("specialist"),
        "fields-of-work",
        verb=Verb.ADD,
        code="du-lieu",
        name="Dữ liệu",
        from_on=clock.today(),
        basis="Quy chế làm việc",
    ).public_id
    _reorganizations(scene)
    scene.objects["device"] = devices.register_device(
        scene.actor("sysadmin"),
        devices.Entry(
            agency_id=office.agencies["vptu"].pk,
            kind=DeviceKind.SIGNING_DEVICE,
            serial="TK-01",
            name="Thiết bị ký số",
            issuer="Ban Cơ yếu Chính phủ",
            holder_id=office.people[PEOPLE["specialist"]].pk,
            second_id=None,
            valid_until=None,
            basis="Quyết định cấp thiết bị",
        ),
    ).public_id
    scene.objects["imported"] = _imported(scene)
    _standing_in(scene)
    scene.objects["change"] = _asked_for(scene)
    scene.objects["account_order"] = _to_be_reset(scene)
    return scene


def _to_be_reset(scene: Scene) -> uuid.UUID:
    """A way back for the specialist, allowed; the administrator has still to take the code."""
    held = PEOPLE["specialist"]
    order = changes.request(
        scene.actor("head_of_division"),
        changes.Asked(
            kind=ChangeKind.RESET_ACCOUNT,
            agency_id=scene.office.agencies["vptu"].pk,
            from_on=clock.today(),
            reason="Quên mật khẩu",
            basis="Giấy đề nghị",
            post_id=scene.office.posts[held].pk,
            person_id=scene.office.people[held].pk,
        ),
    )
    changes.approve(scene.actor("chief_of_office"), order.public_id, version=order.version)
    return order.public_id


def _asked_for(scene: Scene) -> uuid.UUID:
    """A role the head asks for a post of his unit, before the head of office."""
    agency = scene.office.agencies["vptu"].pk
    return changes.request(
        scene.actor("head_of_division"),
        changes.Asked(
            kind=ChangeKind.GRANT_ROLE,
            agency_id=agency,
            from_on=clock.today(),
            reason="Phân công lại việc",
            basis="Thông báo phân công",
            post_id=scene.office.posts[PEOPLE["specialist"]].pk,
            role=Role.MONITOR,
            reached_id=agency,
        ),
    ).public_id


def _imported(scene: Scene) -> uuid.UUID:
    """A list of units, checked, that waits for the second person."""
    content = csv_of(ListCode.UNITS, [["A99.02", "", "Phòng Tài chính", "", "01/07/2025"]])
    return checked(scene.office, ListCode.UNITS, content).public_id


def _watched(scene: Scene) -> None:
    """What the second person and the watchers have before them."""
    agency = scene.office.agencies["tu"]
    scene.objects["release"] = releases.ask(
        scene.actor("specialist"),
        agency_id=agency.pk,
        title="Sổ đăng ký văn bản đến",
        address="/van-ban-den/so/?xuat=csv",
        rows=101,
        reason="Đối chiếu",
    ).public_id
    scene.objects["emergency"] = emergencies.request(
        scene.actor("archivist"), asked="31-BC/ĐU", reason="Bão về", minutes=60
    ).public_id
    with writes_allowed():
        scene.objects["alert"] = Alert.objects.create(
            rule=Alarm.MASS_DOWNLOAD,
            agency=agency,
            key="scene",
            first_at=clock.now(),
            last_at=clock.now(),
            found_at=clock.now(),
        ).public_id


def _procedures(scene: Scene) -> None:
    """A shipped procedure, a wording begun from it, and a proposal that waits for its publisher."""
    author, agency = scene.actor("specialist"), scene.office.agencies["vptu"].pk
    outgoing_way, incoming_way = (
        Procedure.objects.get(code=code, agency=None) for code in ("van-ban-di", "van-ban-den")
    )
    scene.objects["procedure"] = outgoing_way.public_id
    wording = procedures.open_draft(author, outgoing_way.public_id, agency_id=agency)
    scene.objects["wording"] = wording.public_id
    proposal = procedures.open_draft(author, incoming_way.public_id, agency_id=agency)
    content = procedure_selectors.reads(proposal)
    procedures.save_draft(author, proposal.public_id, content, note="Như cũ", version=None)
    procedures.send(author, proposal.public_id, version=None)
    scene.objects["proposal"] = proposal.public_id


def _reorganizations(scene: Scene) -> None:
    """One being prepared, one before its approver, one before whoever carries it out."""
    office = scene.office
    proposer, approver = office.people["suong"].pk, office.people["khue"].pk
    states = {"reorganization": "draft", "merging": "proposed", "decided": "approved"}
    with writes_allowed():
        for name, state in states.items():
            made = Reorganization.objects.create(
                agency=office.agencies["tu"],
                kind="dissolve",
                basis="Quyết định thử",
                effective_on=clock.today(),
                state=state,
                proposer_id=proposer,
                proposed_at=clock.now(),
                approver_id=approver if state == "approved" else None,
            )
            Part.objects.create(
                reorganization=made,
                agency=office.agencies["dm"],
                side="old",
                successor=office.agencies["tu"],
            )
            Part.objects.create(reorganization=made, agency=office.agencies["tu"], side="new")
            scene.objects[name] = made.public_id


def _standing_in(scene: Scene) -> None:
    """A delegation and an absence that begin tomorrow, and a hand-over that waits for its answer."""
    office, tomorrow = scene.office, clock.now() + timedelta(days=1)
    scene.objects["delegation"] = delegations.delegate(
        scene.actor("deputy_chief"),
        office.posts["le"].pk,
        office.people["luu"],
        kind=Delegation.Kind.SUBSTITUTE,
        basis="Giấy ủy quyền",
        starts_at=tomorrow,
        ends_at=tomorrow + timedelta(hours=8),
    ).public_id
    day = clock.local(tomorrow).date()
    scene.objects["absence"] = delegations.declare_absence(
        scene.actor("deputy_secretary"), first=day, last=day, reason="Đi công tác", substitute=None
    ).public_id
    scene.objects["handover"] = handover.propose(
        scene.actor("head_of_division"),
        agency_id=office.agencies["vptu"].pk,
        person=office.people["mien"],
        on=day,
        basis="Quyết định điều động",
        receiving=[
            handover.Receiving(office.posts["mien"].pk, successor_id=office.people["hanh"].pk)
        ],
    ).public_id


def _draft(scene: Scene) -> OutgoingDocument:
    """A draft of Ban Thường vụ by the specialist, signed later by the Phó Bí thư."""
    author = scene.actor("specialist")
    made = outgoing.create_draft(
        author,
        organ_id=scene.office.organs["tu.btv"].pk,
        document_type="cong-van",
        subject="Về việc báo cáo tháng",
    )
    signer = scene.office.posts["thu"].pk
    return outgoing.save_draft(
        author,
        made.public_id,
        DraftContent(
            body=body_to_json(body_from_plain("Đề nghị các đảng ủy báo cáo trước ngày 25.")),
            addressees=["Đảng ủy xã Đồng Mơ"],
            recipients=[RecipientLine("Như trên", scene.office.agencies["dm"].pk)],
            authority_id=next(row.pk for row in authorities_for(made) if row.post_id == signer),
        ),
        version=None,
    )


def _to_signer(scene: Scene, made: OutgoingDocument) -> None:
    outgoing.approve_content(scene.actor("head_of_division"), made.public_id, version=None)
    outgoing.approve_form(scene.actor("chief_of_office"), made.public_id, version=None)


def paper(scene: Scene, state: str) -> OutgoingDocument:
    """An outgoing paper that stands at `state` of the road."""
    made = _draft(scene)
    reached = _ROAD.index(state)
    steps = [_submit, _to_signer, _sign, _number, _seal]
    for step in steps[:reached]:
        step(scene, made)
    return made


def _submit(scene: Scene, made: OutgoingDocument) -> None:
    outgoing.submit(scene.actor("specialist"), made.public_id, version=None)


def _sign(scene: Scene, made: OutgoingDocument) -> None:
    fresh = OutgoingDocument.objects.get(pk=made.pk)
    outgoing.record_presented(
        outgoing_handlers.TYPESETTER,
        made.public_id,
        stored=store.write([uuid.uuid4().bytes]),
        pages=1,
        printed=Printed("TỈNH ỦY", "Phan Thị Hoài Thư", "PHÓ BÍ THƯ", "", ("Như trên",)),
        version=fresh.version,
    )
    signer = scene.actor("deputy_secretary")
    request = outgoing.open_signature(signer, made.public_id, version=None)
    outgoing.record_signature(
        signer,
        made.public_id,
        request.public_id,
        stored=store.write([uuid.uuid4().bytes]),
        facts=FACTS,
        signed_at=clock.now(),
    )


def _number(scene: Scene, made: OutgoingDocument) -> None:
    outgoing.assign_number(scene.actor("clerk"), made.public_id, version=None)
    outgoing.record_numbered(
        outgoing_handlers.TYPESETTER,
        made.public_id,
        stored=store.write([uuid.uuid4().bytes]),
    )


def _seal(scene: Scene, made: OutgoingDocument) -> None:
    clerk = scene.actor("clerk")
    outgoing.request_seal(clerk, made.public_id, version=None)
    request = signatures.open_request(
        clerk,
        made.document,
        field_name=SEAL_FIELD,
        sha256_before="0" * 64,
        holder_kind="agency",
        holder_id=made.agency_id,
    )
    outgoing.record_seal(
        clerk,
        made.public_id,
        stored=store.write([uuid.uuid4().bytes]),
        request=request,
        facts=FACTS,
    )


def _issued(scene: Scene) -> OutgoingDocument:
    """A paper issued with real bytes, signature and seal."""
    made = _draft(scene)
    _submit(scene, made)
    _to_signer(scene, made)
    outgoing_handlers.present(made.public_id)
    signer, clerk = scene.actor("deputy_secretary"), scene.actor("clerk")
    request = outgoing.open_signature(signer, made.public_id, version=None)
    presented = contents.rendition(made.document_id, Rendition.Purpose.PRESENTED)
    assert presented is not None
    signature = keys.sign_personal(contents.bytes_of(presented), request.key)
    outgoing.record_signature(
        signer,
        made.public_id,
        request.public_id,
        stored=store.write([signature.pdf]),
        facts=signature.facts,
        signed_at=signature.made_at,
    )
    outgoing.assign_number(clerk, made.public_id, version=None)
    outgoing_handlers.stamp_number(made.public_id)
    outgoing.request_seal(clerk, made.public_id, version=None)
    post = clerk.post
    assert post is not None
    outgoing_handlers.apply_seal(
        SealRequested(
            outgoing_id=made.public_id,
            asked_by_person=clerk.person_id or 0,
            asked_by_post=post.post_id,
        )
    )
    return outgoing.issue(clerk, made.public_id, version=None)


def _arrived(scene: Scene, content: bytes | None = None) -> IncomingDocument:
    """The issued paper's bytes (or others), brought to Tỉnh ủy as a file, not read yet."""
    if content is None:
        issued = OutgoingDocument.objects.get(public_id=scene.objects["issued"])
        sealed = contents.best_rendition(issued.document_id)
        assert sealed is not None
        content = contents.bytes_of(sealed)
    return incoming.receive_file(
        scene.actor("clerk"),
        agency_id=scene.office.agencies["tu"].pk,
        stored=store.write([content]),
        media_type="application/pdf",
        file_name="den.pdf",
        page_count=1,
    )


def register_paper(scene: Scene, made: IncomingDocument) -> IncomingDocument:
    return incoming.register(
        scene.actor("clerk"),
        made.public_id,
        incoming.RegisterLine(
            reference_code="31-BC/ĐU",
            issued_on=clock.today(),
            issuer_name="Đảng ủy xã Đồng Mơ",
            document_type="bao-cao",
            subject="Báo cáo tháng",
        ),
        version=None,
    )


def registered_paper(scene: Scene) -> IncomingDocument:
    """A registered paper whose bytes are not the matter."""
    return register_paper(scene, _arrived(scene, uuid.uuid4().bytes))


def _given(scene: Scene) -> IncomingDocument:
    """A registered paper, given to Phòng Tổng hợp and by its head to the specialist."""
    made = _arrived(scene)
    incoming_handlers.read_incoming(made)
    register_paper(scene, made)
    incoming.direct(
        scene.actor("chief_of_office"),
        made.public_id,
        lead=Desk(unit_id=scene.office.units["th"].pk),
        version=None,
    )
    return incoming.assign(
        scene.actor("head_of_division"),
        made.public_id,
        post_id=scene.office.posts["suong"].pk,
        version=None,
    )
