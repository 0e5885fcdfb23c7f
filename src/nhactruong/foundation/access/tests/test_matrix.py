"""The table of rights, the policies, and the rules of four eyes say the same."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

import nhactruong
from nhactruong.foundation.access.matrix import four_eyes, rights
from nhactruong.foundation.access.rules import COLUMNS, Line, Mark, cell_of
from nhactruong.kernel.actor import Actor, HeldPost
from nhactruong.kernel.decisions import Decision
from nhactruong.kernel.states import Role
from nhactruong.masterdata.changes import policies as changes
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import Kind
from nhactruong.masterdata.organization.models import Agency, SigningAuthority
from nhactruong.masterdata.organization.tests.scenarios import small_office
from nhactruong.records.dossiers import policies as dossiers
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.incoming import policies as incoming
from nhactruong.records.incoming.models import Handling, IncomingDocument
from nhactruong.records.outgoing import policies as outgoing
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State

SOURCE = Path(nhactruong.__file__).parent
AGENCY, POST, OTHER_POST, UNIT, OTHER_UNIT, PERSON = 1, 11, 12, 21, 22, 31


def test_every_line_stands_in_the_table_once() -> None:
    assert [right.line for right in rights()] == list(Line)
    for right in rights():
        assert set(right.cells) == set(COLUMNS)


def test_a_cell_says_how_far_and_with_whom() -> None:
    cell = cell_of("✍ 2 (≠ người ký)")
    assert (cell.mark, cell.needs_second, cell.words) == (Mark.STEP_UP, True, "(≠ người ký)")
    assert not cell_of("–").is_granted
    with pytest.raises(ValueError, match="x"):
        cell_of("x")


def _named(place: str) -> bool:
    path, _, name = place.partition("::")
    tree = ast.parse((SOURCE / path).read_text(encoding="utf-8"))
    return any(isinstance(n, ast.FunctionDef) and n.name == name for n in ast.walk(tree))


def test_whatever_the_page_says_is_enforced_exists() -> None:
    places = [right.where for right in rights() if right.where]
    places += [place for rule in four_eyes() if rule.where for place in (rule.where, rule.test)]
    assert [place for place in places if not _named(place)] == []
    assert [rule.number for rule in four_eyes()] == list(range(1, 11))


def _policy_calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(SOURCE.rglob("policies.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield path, node


def test_every_refusal_by_role_names_its_line() -> None:
    """`never` is a refusal by role or part: it must name a line, and a line must exist."""
    silent = []
    for path, call in _policy_calls():
        assert isinstance(call.func, ast.Name)
        line = next((word.value for word in call.keywords if word.arg == "line"), None)
        if isinstance(line, ast.Attribute):
            assert line.attr in Line.__members__, f"{path}: {line.attr}"
        if call.func.id == "never" and line is None:
            code = call.args[0]
            assert isinstance(code, ast.Constant)
            if code.value != "outgoing.void_not_asked":  # a matter of state: nobody asked
                silent.append(f"{path.parent.name}: {code.value}")
    assert silent == []


# ── The policies against the table ───────────────────────────────────────────────────────────


def _actor(role: Role, *, related: bool) -> Actor:
    """Somebody with that role at the agency: in the post and unit that the thing names, or not."""
    roles = frozenset({(role, AGENCY)})
    post = HeldPost(
        POST if related else OTHER_POST,
        "Chức danh",
        AGENCY,
        "Cơ quan",
        unit_id=UNIT if related else OTHER_UNIT,
        roles=roles,
    )
    return Actor("Người thử", 1, PERSON, posts=(post,), role_reach=roles)


def _letter(state: State, **said: object) -> OutgoingDocument:
    letter = OutgoingDocument(
        agency=Agency(pk=AGENCY),
        state=state,
        drafting_unit_id=UNIT,
        drafter_post_id=POST,
        drafter_person_id=99,
        presented_hash="x",
    )
    letter.authority = SigningAuthority(post_id=POST)
    for name, value in said.items():
        setattr(letter, name, value)
    return letter


def _arrived(state: str, part: str) -> IncomingDocument:
    document = IncomingDocument(pk=1, agency_id=AGENCY, state=state)
    given = Handling(part=part, unit_id=UNIT, post_id=POST)
    document._prefetched_objects_cache = {"handlings": [given]}
    return document


def _either(*decisions: Decision) -> bool:
    return any(decisions)


def _directs(actor: Actor) -> bool:
    """Bút phê of leaders and deputies, handing on by the head of the leading unit."""
    document = _arrived("directed", "lead")
    return _either(incoming.can_direct(actor, document), incoming.can_assign(actor, document))


def _changes(actor: Actor) -> bool:
    """Asking for a change in the unit, or deciding one that somebody else asked for."""
    order = ChangeOrder(kind=Kind.FOUND_UNIT, agency_id=AGENCY, requester_id=98, state="requested")
    reached = actor.agencies_with(changes.DECIDING)
    return _either(
        changes.can_request_for(actor, Kind.GRANT_ROLE, AGENCY, UNIT),
        changes.can_approve(actor, order, reached=reached, gaining=()),
    )


#: Line → whether the actor may do it to the thing, in the state where it is done.
PROBES: dict[Line, Callable[[Actor], bool]] = {
    Line.RECEIVE_INCOMING: lambda a: bool(incoming.can_receive(a, AGENCY)),
    Line.DIRECT: _directs,
    Line.DRAFT: lambda a: bool(outgoing.can_draft(a, AGENCY)),
    Line.REVIEW: lambda a: _either(
        outgoing.can_review(a, _letter(State.CONTENT_REVIEW)),
        outgoing.can_appraise(a, _letter(State.APPRAISAL)),
    ),
    Line.SIGN: lambda a: bool(
        outgoing.can_sign(a, _letter(State.AWAITING_SIGNATURE), authority_holds=True)
    ),
    Line.ASSIGN_NUMBER: lambda a: bool(outgoing.can_assign_number(a, _letter(State.SIGNED))),
    Line.SEAL: lambda a: bool(outgoing.can_seal(a, _letter(State.NUMBERED))),
    Line.DISPATCH: lambda a: bool(outgoing.can_issue(a, _letter(State.SEALED))),
    Line.VOID_NUMBER: lambda a: _either(
        outgoing.can_request_void(a, _letter(State.NUMBERED)),
        outgoing.can_confirm_void(
            a, _letter(State.NUMBERED, void_requested_by="x", void_requested_person_id=98)
        ),
    ),
    Line.ACCOUNTS: _changes,
    Line.DOSSIER: lambda a: bool(
        dossiers.can_close(
            a, Dossier(agency_id=AGENCY, unit_id=UNIT, keeper_post_id=POST, state="open")
        )
    ),
}
#: Cells that the product grants by another act, each with its reason.
OTHERWISE = {
    (Line.REVIEW, "clerk"): "the clerk checks the form when numbering",
    (Line.DOSSIER, "archivist"): "the archivist checks when the archive takes it over",
    (Line.ACCOUNTS, "external"): "an office outside is given its accounts by ours",
    (Line.REVIEW, "deputy_chief"): "a deputy reviews for the units in his charge",
}


@pytest.mark.parametrize("line", list(PROBES), ids=lambda line: line.name)
def test_the_policies_answer_as_the_table_says(line: Line) -> None:
    right = next(right for right in rights() if right.line == line)
    faults = []
    for column, (roles, _) in COLUMNS.items():
        cell = right.cells[column]
        if (line, column) in OTHERWISE and column != "deputy_chief":
            continue
        for role in roles:
            near, far = (PROBES[line](_actor(role, related=one)) for one in (True, False))
            words = f"{role.name}: {cell.mark}"
            if cell.mark is Mark.NO and (near or far):
                faults.append(f"{words}, yet allowed")
            if cell.is_granted and not near:
                faults.append(f"{words}, yet refused")
            if cell.mark is Mark.RELATED and far:
                faults.append(f"{words}, yet allowed without relation")
            if cell.mark is Mark.YES and not far and (line, column) not in OTHERWISE:
                faults.append(f"{words}, yet refused without relation")
    assert faults == []


def test_policies_walked_by_hand_name_lines_too() -> None:
    """What the AST cannot see: the refusals themselves carry the line that the table has."""
    stranger = _actor(Role.ARCHIVIST, related=False)
    refusals = {
        Line.RECEIVE_INCOMING: incoming.can_receive(stranger, AGENCY),
        Line.SEAL: outgoing.can_seal(stranger, _letter(State.NUMBERED)),
        Line.ASSIGN_NUMBER: outgoing.can_assign_number(stranger, _letter(State.SIGNED)),
        Line.DISPATCH: outgoing.can_issue(stranger, _letter(State.SEALED)),
        Line.DOSSIER: dossiers.can_open(stranger, AGENCY),
        Line.ACCOUNTS: changes.can_request(stranger),
    }
    for line, refusal in refusals.items():
        assert (bool(refusal), refusal.line) == (False, line)


def test_every_policy_is_seen_by_the_walk() -> None:
    named = {path.parent.name for path, _ in _policy_calls()}
    assert {"incoming", "outgoing", "dossiers"} <= named


@pytest.mark.django_db
def test_a_refusal_leads_to_its_line(client: Client) -> None:
    office = small_office()
    client.force_login(office.user("suong"))
    page = client.get("/van-ban-den/tiep-nhan/")
    assert page.status_code == 403
    assert "Tiếp nhận văn bản do văn thư của cơ quan thực hiện." in page.content.decode()
    assert '<a href="/quan-tri/quyen/#dong-1">dòng 1 bảng quyền</a>' in page.content.decode()
    told = client.get("/van-ban-den/tiep-nhan/", headers={"Accept": "application/json"}).json()
    assert (told["line"], told["detail"]) == (1, "Theo dòng 1 bảng quyền.")
    table = client.get("/quan-tri/quyen/").content.decode()
    assert 'id="dong-1"' in table
    assert table.count("Chưa có việc này") > 5
