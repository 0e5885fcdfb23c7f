"""A directory of a million people in posts of units, and how fast it is read.

One row is one person in one post of one unit. The rows are made inside the database from the
names of the sample; periods, roles and keys are those the commands would have written.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from nhactruong.assembly.bench import storage
from nhactruong.assembly.bench.reading import Reading, read
from nhactruong.assembly.bench.shelf import identifier
from nhactruong.assembly.bench.tables import NULL, Table
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.errors import RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import collation_key, fold, person_sort_key
from nhactruong.masterdata.organization import finding, selectors
from nhactruong.masterdata.organization.models import (
    Agency,
    AgencyName,
    Holding,
    Person,
    Post,
    PostRole,
    Unit,
)

_FAMILIES: Final = (
    *("Nguyễn",) * 38, *("Trần",) * 12, *("Lê",) * 10, *("Phạm",) * 7, *("Hoàng",) * 5,
    *("Phan",) * 4, *("Vũ",) * 4, *("Đặng",) * 3, *("Bùi",) * 3, *("Đỗ",) * 2, *("Hồ",) * 2,
    "Ngô", "Dương", "Lý", "Đinh", "Mạc", "Tạ", "Lò", "Quàng", "Triệu", "Nông",
)  # fmt: skip
_MIDDLES: Final = (
    *("Thị",) * 30, *("Văn",) * 25, *("Minh",) * 5, *("Đức",) * 5, *("Ngọc",) * 5, "Thanh",
    "Hữu", "Quốc", "Xuân", "Thu", "Mai", "Thùy", "Đình", "Công", "Hoài", "Khánh", "Bảo", "Gia",
    "Hồng", "Kim", "Phương", "Quang", "Trọng", "Tuấn", "Việt", "Anh", "Bích", "Diệu", "Hải", "Lan",
)  # fmt: skip
_GIVEN: Final = (
    "An", "Anh", "Ánh", "Bảo", "Bình", "Cường", "Châu", "Chi", "Diệp", "Dung", "Dũng", "Duy",
    "Đạt", "Đông", "Giang", "Hà", "Hải", "Hạnh", "Hằng", "Hậu", "Hiền", "Hiếu", "Hoa", "Hòa",
    "Hùng", "Huy", "Huyền", "Hương", "Khánh", "Khuê", "Kiên", "Lâm", "Lan", "Lệ", "Liên", "Linh",
    "Loan", "Long", "Mai", "Mạnh", "Minh", "My", "Nam", "Nga", "Ngân", "Nghĩa", "Ngọc", "Nguyên",
    "Nhạn", "Nhung", "Oanh", "Phong", "Phúc", "Phương", "Quân", "Quyên", "Quỳnh", "Sơn", "Sương",
    "Tâm", "Thành", "Thảo", "Thắng", "Thu", "Thủy", "Tiến", "Trang", "Trung", "Tú", "Tuấn",
    "Tuyết", "Uyên", "Vân", "Việt", "Vinh", "Vy", "Xuân", "Yến",
)  # fmt: skip
#: Words by which agencies are asked for.
_PLACES: Final = ("xã số", "tỉnh ủy", "văn phòng tỉnh")
_PROVINCES: Final = 34
_COMMUNES: Final = 3_321
_PER_UNIT: Final = 20
_SINCE: Final = "2025-07-01"
_PERIOD: Final = "[2025-07-01,)"
_SECOND_POSTS: Final = 50
_BATCH: Final = 20_000
_ACCOUNTS: Final = 2_000
_SEED: Final = 20_261_128

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Directory:
    """What was made and how it is read."""

    rows: int
    tables: Mapping[str, Any]
    readings: Sequence[Reading]


def is_filled() -> bool:
    """Whether the database holds a directory already."""
    return Holding.objects.exists()


def fill(rows: int, say: Say) -> float:
    """Seconds it took to make `rows` people in posts of units; all of it or nothing.

    Raises: RuleBroken `bench.not_empty`.
    """
    if User.objects.exists() or is_filled():
        raise RuleBroken(
            "bench.not_empty",
            "Cơ sở dữ liệu đã có người dùng nên không nạp dữ liệu đo; hãy dùng một cơ sở dữ liệu trống.",
        )
    begun = time.perf_counter()
    models = (Agency, AgencyName, Unit, Post, PostRole, Person, Holding)
    tables = [model._meta.db_table for model in models]
    with transaction.atomic(), writes_allowed(), storage.bare(tables):
        _agencies()
        say("Tạo đơn vị, chức danh")
        dice = random.Random(_SEED)  # noqa: S311 (the same people every time)
        _units_and_posts(rows, dice)
        say("Tạo người, tài khoản, giữ chức danh")
        _people(rows, dice)
        say("Lập chỉ mục, kiểm tra khóa")
        storage.continue_numbering(tables)
    storage.analyze([*tables, User._meta.db_table], vacuum=True)
    return time.perf_counter() - begun


def _agencies() -> None:
    made = []
    for number in range(1, 1 + _PROVINCES * 2 + _COMMUNES):
        is_province = number <= _PROVINCES * 2
        place = (number - 1) // 2 + 1 if is_province else number - _PROVINCES * 2
        if is_province:
            name = f"Tỉnh ủy số {place}" if number % 2 else f"Văn phòng Tỉnh ủy số {place}"
            parent = None if number % 2 else number - 1
        else:
            name, parent = f"Đảng ủy xã số {place}", (place % _PROVINCES) * 2 + 1
        made.append(
            Agency(
                pk=number,
                key=f"a{number}",
                name=name,
                short_name=name,
                level="province" if is_province else "commune",
                kind="committee",
                symbol="TU",
                identifier=f"A{number:06d}",
                issuer_lines=[name.upper()],
                place="Nơi đo",
                seal_name=name,
                parent_id=parent,
                sort_key=collation_key(name),
                valid_from=_SINCE,
            )
        )
    Agency.objects.bulk_create(made, batch_size=1000)


def _units_and_posts(rows: int, dice: random.Random) -> None:
    """Units of twenty posts, spread over all agencies; the first post of each heads it."""
    agencies = _PROVINCES * 2 + _COMMUNES
    units, posts, roles = Table(Unit), Table(Post), Table(PostRole)
    unit_line = units.line("public_id", "key", "agency_id", "name", "short_name", "valid_from")
    post_line = posts.line(
        *("public_id", "key", "agency_id", "unit_id", "title", "rank", "clearance", "valid_from")
    )
    role_line = roles.line("post_id", "role", "agency_id", "valid")
    head, desk = Role.HEAD_OF_DIVISION.value, Role.SPECIALIST.value
    with connection.cursor() as cursor:
        for number in range(rows):
            if number % _PER_UNIT == 0:
                place = number // _PER_UNIT + 1
                agency = place % agencies + 1
                name = f"Phòng số {place}"
                unit = unit_line.add(
                    identifier(dice), f"u{place}", agency, name, f"P{place}", _SINCE
                )
            heads = number % _PER_UNIT == 0
            title = f"{'Trưởng phòng' if heads else 'Chuyên viên'} số {place}"
            post = post_line.add(
                identifier(dice), f"p{number}", agency, unit, title, 70 if heads else 90, 1, _SINCE
            )
            role_line.add(post, head if heads else desk, agency, _PERIOD)
            if number % _BATCH == _BATCH - 1:
                _flush(cursor, units, posts, roles)
        _flush(cursor, units, posts, roles)


def _flush(cursor: Any, *tables: Table) -> None:
    for table in tables:
        table.flush(cursor)


def _people(rows: int, dice: random.Random) -> None:
    """Everybody in one post; one in fifty holds a second besides, which is then no other's."""
    now = clock.now()
    User.objects.bulk_create(
        [
            User(username=f"nguoi{number}", password="!", is_sample=True, created_at=now)  # noqa: S106 (no password at all)
            for number in range(_ACCOUNTS)
        ]
    )
    accounts = list(User.objects.order_by("pk").values_list("pk", flat=True))
    every = max(1, rows // _ACCOUNTS)
    keys: dict[str, str] = {}
    people, holdings = Table(Person, without=["named"]), Table(Holding)
    person_line = people.line("public_id", "key", "full_name", "sort_key", "account_id")
    holding_line = holdings.line("person_id", "post_id", "kind", "valid", "recorded_at")
    with connection.cursor() as cursor:
        for number in range(1, rows + 1):
            name = _name(dice)
            key = keys.get(name)
            if key is None:
                key = keys[name] = person_sort_key(name)
            place, left = divmod(number, every)
            has_account = not left and place <= _ACCOUNTS
            person = person_line.add(
                identifier(dice),
                f"n{number}",
                name,
                key,
                accounts[place - 1] if has_account else NULL,
            )
            is_second = number % _SECOND_POSTS == 0
            holding_line.add(
                person - 1 if is_second else person,
                number,
                "concurrent" if is_second else "main",
                _PERIOD,
                now.isoformat(),
            )
            if number % _BATCH == 0:
                _flush(cursor, people, holdings)
        _flush(cursor, people, holdings)


def _name(dice: random.Random) -> str:
    middle = dice.choice(_MIDDLES)
    second = f" {dice.choice(_MIDDLES)}" if dice.random() < 0.3 else ""
    return f"{dice.choice(_FAMILIES)} {middle}{second} {dice.choice(_GIVEN)}"


def measure(rounds: int) -> Directory:
    """Every way of reading the directory, one client, other people and words every time."""
    dice = random.Random(_SEED + 1)  # noqa: S311 (the same questions every time)
    rows = Holding.objects.count()
    accounts = list(User.objects.values_list("pk", flat=True)[:_ACCOUNTS])
    units = list(Unit.objects.values_list("pk", flat=True))
    agencies = list(Agency.objects.values_list("pk", flat=True))
    cursors = _cursors()

    def initials() -> str:
        return "".join(word[0] for word in fold(_name(dice)).split())

    ways: dict[str, Callable[[], Any]] = {
        "a person by the full name": lambda: finding.people(_name(dice)),
        "a person by family and given name": lambda: finding.people(
            f"{dice.choice(_FAMILIES)} {dice.choice(_GIVEN)}"
        ),
        "a person by the given name alone": lambda: finding.people(dice.choice(_GIVEN)),
        "a person by two letters": lambda: finding.people(fold(dice.choice(_GIVEN))[:2]),
        "a person by initials": lambda: finding.people(initials()),
        "a name nobody has": lambda: finding.people(f"{dice.choice(_GIVEN)} xyz"),
        "a person of one agency": lambda: finding.people(
            dice.choice(_GIVEN), agency_ids=[dice.choice(agencies)]
        ),
        "the list of a unit": lambda: finding.unit_list(dice.choice(units)),
        "the posts that reach an agency": lambda: selectors.posts_reaching(dice.choice(agencies)),
        "the actor of an account": lambda: selectors.actor_for_account(dice.choice(accounts)),
        "heads of a unit": lambda: selectors.heads_of_unit(dice.choice(units)),
        "an agency by a part of its name": lambda: finding.agencies(
            f"{dice.choice(_PLACES)} {dice.randrange(1, _PROVINCES)}"
        ),
        "every agency with its names": finding.called,
        "a page of the directory": lambda: finding.page(dice.choice(cursors)),
    }
    return Directory(
        rows,
        storage.sizes(
            [model._meta.db_table for model in (Agency, Unit, Post, PostRole, Person, Holding)]
        ),
        [read(name, [way], rounds) for name, way in ways.items()],
    )


def _cursors() -> list[str]:
    """Cursors from the first pages and from the middle of the directory."""
    found = [""]
    for _ in range(20):
        page, _people_there = finding.page(found[-1])
        found.append(page.older)
    return found
