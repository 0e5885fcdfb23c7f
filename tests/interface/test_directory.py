"""The directory for programs: as it is, as it was, page by page, and what changed since."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from nhactruong.foundation.accounts.commands import create_account, issue_api_token
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.gateways.http_api.selectors.changes import changes_since
from nhactruong.gateways.http_api.selectors.directory import Reach
from nhactruong.kernel import clock
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import (
    Agency,
    AgencyName,
    Holding,
    Organ,
    Person,
    Post,
    PostRole,
    Unit,
)
from nhactruong.masterdata.organization.tests.scenarios import (
    FOUNDER,
    SINCE,
    SmallOffice,
    small_office,
)
from tests.interface.programs import problem_of, program

API = "/api/v1"
EVERYWHERE = Reach(None)


@pytest.fixture
def office(db: None) -> SmallOffice:
    return small_office()


def person(office: SmallOffice, key: str) -> Client:
    token = issue_api_token(FOUNDER, office.user(key), "máy thử")
    return Client(headers={"Authorization": f"Bearer {token}"})


def items(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{API}/{path}", query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_every_list_holds_all_and_each_line_opens(office: SmallOffice) -> None:
    client = person(office, "suong")
    for path, model in (("agencies", Agency), ("organs", Organ), ("units", Unit), ("posts", Post)):
        rows = items(client, path, limit=200)
        assert {row["key"] for row in rows} == set(
            model._default_manager.values_list("key", flat=True)
        )
    for path in ("agencies", "posts", "people"):
        for row in items(client, path, limit=5):
            assert client.get(f"{API}/{path}/{row['id']}").json() == row
        assert client.get(f"{API}/{path}/{uuid.uuid4()}").status_code == 404


def test_people_are_names_and_posts_and_nothing_of_their_accounts(office: SmallOffice) -> None:
    rows = items(person(office, "suong"), "people", limit=200)
    known = next(row for row in rows if row["name"] == "Đỗ Minh Khuê")
    assert set(known) == {"id", "name", "posts"}
    assert [post["title"] for post in known["posts"]] == [office.posts["khue"].title]
    assert office.user("khue").username not in str(rows)


def test_whoever_holds_no_post_browses_nothing(office: SmallOffice) -> None:
    user = create_account(FOUNDER, username="cu", password="mot-cau-rat-dai-de-thu")
    organization.register_person(FOUNDER, key="cu", full_name="Người đã nghỉ", account=user)
    token = issue_api_token(FOUNDER, user, "máy")
    client = Client(headers={"Authorization": f"Bearer {token}"})
    for path in ("agencies", "organs", "units", "posts", "people", "changes"):
        assert items(client, path) == []


def test_the_directory_of_a_day_is_as_it_was(office: SmallOffice) -> None:
    today = clock.today()
    changed = today - timedelta(days=10)
    agency, post = office.agencies["tu"], office.posts["khue"]
    with writes_allowed():
        AgencyName.objects.filter(agency=agency).update(valid=DateRange(SINCE, changed))
        AgencyName.objects.create(
            agency=agency,
            name="Tỉnh ủy Mới",
            short_name="TU Mới",
            issuer_lines=["TỈNH ỦY MỚI"],
            valid=DateRange(changed, None),
            recorded_at=clock.now(),
        )
        Holding.objects.filter(post=post).update(valid=DateRange(SINCE, changed))
        Unit.objects.filter(pk=office.units["th"].pk).update(valid_to=changed)
        PostRole.objects.filter(post=post).update(valid=DateRange(changed, None))
    organization.appoint(FOUNDER, office.people["lam"], post, kind="concurrent", since=changed)
    client = person(office, "suong")
    for day, name, holder, has_unit, has_role in (
        (changed - timedelta(days=1), agency.name, "Đỗ Minh Khuê", True, False),
        (changed, "Tỉnh ủy Mới", office.people["lam"].full_name, False, True),
    ):
        when = {"as_of": day.isoformat()}
        assert client.get(f"{API}/agencies/{agency.public_id}", when).json()["name"] == name
        told = client.get(f"{API}/posts/{post.public_id}", when).json()
        assert told["holder"]["name"] == holder
        assert bool(told["roles"]) is has_role
        found = {row["key"] for row in items(client, "units", limit=200, **when)}
        assert (office.units["th"].key in found) is has_unit
    before = (SINCE - timedelta(days=1)).isoformat()
    assert items(client, "agencies", as_of=before) == []
    assert client.get(f"{API}/agencies", {"as_of": "hôm qua"}).status_code == 422


def test_pages_walk_the_whole_list_once(office: SmallOffice) -> None:
    client = person(office, "suong")
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{API}/posts", {"limit": 4, "cursor": cursor}).json()
        seen += [row["key"] for row in page["items"]]
        cursor = page["next"]
    assert seen == list(Post.objects.order_by("pk").values_list("key", flat=True))
    only = items(client, "posts", agency_id=office.agencies["dm"].pk)
    assert {row["agency_id"] for row in only} == {office.agencies["dm"].pk}
    for wrong in ("x", "eyJ4Ijox", "WyJvIiwieCJd"):
        answer = client.get(f"{API}/posts", {"cursor": wrong})
        assert problem_of(answer) == (422, "page.bad_cursor")


def test_what_has_not_changed_is_not_sent_again(office: SmallOffice) -> None:
    client = person(office, "suong")
    for path in (
        "agencies",
        f"posts/{office.posts['khue'].public_id}",
        "code-lists/document-types",
    ):
        tag = client.get(f"{API}/{path}").headers["ETag"]
        again = client.get(f"{API}/{path}", headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
    tag = client.get(f"{API}/agencies").headers["ETag"]
    with writes_allowed():
        Agency.objects.filter(key="tu").update(place="Nơi khác")
    assert client.get(f"{API}/agencies", headers={"If-None-Match": tag}).status_code == 200


def test_code_lists_are_read_in_the_order_of_the_regulation(office: SmallOffice) -> None:
    client = program(office, "code_lists.read")
    codes = [row["code"] for row in items(client, "code-lists")]
    assert {"document-types", "urgencies", "fields-of-work"} <= set(codes)
    rows = items(client, "code-lists/document-types")
    assert [row["position"] for row in rows] == sorted(row["position"] for row in rows)
    assert {"cong-van", "bao-cao"} <= {row["code"] for row in rows}
    assert client.get(f"{API}/code-lists/khong-co").status_code == 404


def test_lists_ask_the_database_little(
    office: SmallOffice, django_assert_max_num_queries: Any
) -> None:
    client = person(office, "suong")
    for path in ("agencies", "organs", "units", "posts", "people", "changes"):
        with django_assert_max_num_queries(9):
            client.get(f"{API}/{path}", {"limit": 200})


# What changed since. A change is told when no older transaction still runs, so these tests commit.


def told(reach: Reach = EVERYWHERE, cursor: str = "", rows: int = 200) -> tuple[set[Any], str]:
    page = changes_since(reach, cursor, rows)
    return {(change.kind, change.object_id) for change in page.changes}, page.cursor


def settle() -> None:
    """Wait until every transaction of the cluster begun before is over, other tests' included."""
    waiting = threading.Event()
    with connection.cursor() as asked:
        asked.execute("SELECT pg_current_xact_id()::text::bigint")
        last = asked.fetchone()[0]
        for _ in range(3000):
            asked.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if asked.fetchone()[0] > last:
                return
            waiting.wait(0.1)


def new_unit(office: SmallOffice, key: str, agency: str = "tu") -> Unit:
    return organization.create_unit(
        FOUNDER,
        key=key,
        agency=office.agencies[agency],
        name=f"Phòng {key}",
        short_name=key,
        valid_from=SINCE,
    )


@pytest.mark.django_db(transaction=True)
def test_a_program_that_keeps_its_cursor_learns_of_every_change_once() -> None:
    office = small_office()
    settle()
    everything, cursor = told()
    assert {kind for kind, _ in everything} == {"agency", "organ", "unit", "post", "person"}
    assert told(cursor=cursor) == (set(), cursor)
    unit, khue, post = new_unit(office, "moi"), office.people["khue"], office.posts["nhan"]
    with writes_allowed():
        Person.objects.filter(pk=khue.pk).update(full_name="Đỗ Minh Khuê Anh")
        AgencyName.objects.filter(agency=office.agencies["dm"]).update(short_name="Đồng Mơ")
        PostRole.objects.filter(post=post).update(valid=DateRange(SINCE, clock.today()))
    settle()
    changed, later = told(cursor=cursor)
    assert changed == {
        ("unit", unit.public_id),
        ("person", khue.public_id),
        ("agency", office.agencies["dm"].public_id),
        ("post", post.public_id),
    }
    assert told(cursor=later) == (set(), later)
    commune = Reach(frozenset({office.agencies["dm"].pk}))
    assert told(commune, cursor)[0] == {("agency", office.agencies["dm"].public_id)}
    paged, place, more = set(), cursor, True
    while more:
        page = changes_since(EVERYWHERE, place, 1)
        paged |= {(change.kind, change.object_id) for change in page.changes}
        place, more = page.cursor, page.more
    assert (paged, place) == (changed, later)
    answer = program(office, "directory.all").get(f"{API}/changes", {"since": cursor}).json()
    assert {(row["kind"], row["id"]) for row in answer["items"]} == {
        (kind, str(key)) for kind, key in changed
    }
    for wrong in ("x", "MS4x", "MS4xLi0x", "9" * 60):
        refused = program(office, "directory.all").get(f"{API}/changes", {"since": wrong})
        assert problem_of(refused) == (422, "page.bad_cursor")


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_not_passed_over() -> None:
    """Two acts overlap: the one that began first ends last, and the cursor waits for it."""
    office = small_office()
    settle()
    _, cursor = told()
    written, may_commit = threading.Event(), threading.Event()
    slow: list[Unit] = []

    def act_slowly() -> None:
        with transaction.atomic():
            slow.append(new_unit(office, "cham"))
            written.set()
            may_commit.wait(60)
        connection.close()

    first = threading.Thread(target=act_slowly)
    first.start()
    assert written.wait(60)
    quick = new_unit(office, "nhanh")
    # The quick act is committed, yet told only when nothing older can come before it any more.
    assert told(cursor=cursor) == (set(), cursor)
    may_commit.set()
    first.join()
    settle()
    seen, after = told(cursor=cursor)
    assert seen == {("unit", quick.public_id), ("unit", slow[0].public_id)}
    assert told(cursor=after) == (set(), after)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_told() -> None:
    office = small_office()
    settle()
    _, cursor = told()
    with transaction.atomic():
        new_unit(office, "huy")
        transaction.set_rollback(True)
    settle()
    assert told(cursor=cursor) == (set(), cursor)


@pytest.mark.django_db(transaction=True)
def test_a_restored_store_goes_on_after_what_was_told_before() -> None:
    """Another cluster counts its transactions anew: older changes stay before newer ones."""
    office = small_office()
    with connection.cursor() as asked:
        asked.execute("UPDATE http_api_changelineage SET system_identifier = 1")
        asked.execute("UPDATE http_api_directorychange SET xid = xid + 1000000000")
    settle()
    before, cursor = told()
    assert before
    unit = new_unit(office, "sau-khoi-phuc")
    settle()
    assert told(cursor=cursor)[0] == {("unit", unit.public_id)}
