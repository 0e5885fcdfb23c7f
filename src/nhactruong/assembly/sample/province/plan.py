"""Which bodies, posts and people a province's Party organization has, drawn from a seed: pure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from nhactruong.assembly.sample.province import names
from nhactruong.assembly.sample.story import Row, read
from nhactruong.kernel.states import Role, SigningForm
from nhactruong.masterdata.codelists.territory import KINDS, Place

_LETTERS: Final = ("cong-van", "giay-moi", "phieu-chuyen")
#: Of three commune committees, one has its deputy secretary head the board as well.
_SHARED_OF: Final = 3


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post, the roles it carries (role, key of the agency reached), and who holds it."""

    key: str
    unit: str
    title: str
    rank: int
    roles: tuple[tuple[Role, str], ...]
    person: str
    is_concurrent: bool = False
    #: What its holder signs in with; "" for nobody.
    username: str = ""


@dataclass(frozen=True, slots=True)
class PlannedOrgan:
    """An organ that issues: (suffix of its key, name, kind, line of the collective)."""

    key: str
    name: str
    kind: str
    collective_line: str = ""


@dataclass(frozen=True, slots=True)
class PlannedAuthority:
    """Who signs for an organ, and how."""

    organ: str
    post: str
    form: SigningForm
    capacity_line: str
    title_line: str
    types: tuple[str, ...] = ()


@dataclass(slots=True)
class Body:
    """An agency with all that is in it."""

    key: str
    name: str
    short_name: str
    level: str
    kind: str
    symbol: str
    identifier: str
    superior_line: str
    issuer_lines: list[str]
    place: str
    parent: str
    #: Keys of the agencies whose books its văn thư keeps.
    serves: list[str]
    has_term: bool
    units: list[tuple[str, str, str]] = field(default_factory=list)
    organs: list[PlannedOrgan] = field(default_factory=list)
    posts: list[PlannedPost] = field(default_factory=list)
    authorities: list[PlannedAuthority] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """A province's organization: its bodies, superior ones first, and the people by key."""

    bodies: list[Body]
    people: dict[str, str]


def root_key(code: str) -> str:
    """The key of the provincial committee."""
    return f"tinh-{code}"


def person_prefix(code: str) -> str:
    """What the key of everybody of the province begins with; the seed follows."""
    return f"tinh-{code}."


def drawn(province: Place, communes: Sequence[Place], seed: int) -> Plan:
    """The organization of the province, the same for the same seed."""
    return _Drawing(province, seed).plan(communes)


class _Drawing:
    def __init__(self, province: Place, seed: int) -> None:
        self.code = province.code
        self.seed = seed
        self.dice = random.Random(f"{province.code}/{seed}")  # noqa: S311  # people, no secret
        self.names = names.people(self.dice)
        self.people: dict[str, str] = {}
        is_city = province.kind == "thanh_pho"
        level = "thành phố" if is_city else "tỉnh"
        self.short = "Thành ủy" if is_city else "Tỉnh ủy"
        self.place = province.name
        self.words = {
            "uy": f"{self.short} {province.name}",
            "U": self.short,
            "tinh": f"{level} {province.name}",
            "cap": level,
            "CAP": level.upper(),
            "S": "TU",
        }
        self.members_line = f"ĐẢNG BỘ {level.upper()} {province.name.upper()}"
        self.root = root_key(province.code)

    def plan(self, communes: Sequence[Place]) -> Plan:
        top = self._provincial_committee()
        bodies = [top]
        holders = {post.key: post.person for post in top.posts}
        for number, row in enumerate(read("province.toml")["body"], start=1):
            bodies.append(self._body(row, number, holders))
        bodies += [self._commune(place) for place in communes]
        return Plan(bodies, self.people)

    # Bodies -----------------------------------------------------------------------------------

    def _provincial_committee(self) -> Body:
        title = self.short
        body = Body(
            key=self.root,
            name=self.words["uy"],
            short_name=self.words["uy"],
            level="province",
            kind="committee",
            symbol="TU",
            identifier=f"A99.T{self.code}",
            superior_line="",
            issuer_lines=[self.words["uy"].upper()],
            place=self.place,
            parent="",
            serves=[],
            has_term=True,
        )
        self._organs_of_committee(body, f"Đảng bộ {self.words['tinh']}", self.words["uy"], title)
        for slug, words, rank, role in (
            ("bi-thu", f"Bí thư {title}", 10, Role.SECRETARY),
            ("pbt-tt", f"Phó Bí thư Thường trực {title}", 20, Role.DEPUTY_SECRETARY),
            ("pbt", f"Phó Bí thư {title}", 30, Role.DEPUTY_SECRETARY),
        ):
            self._post(body, slug, words, rank, [(role, body.key)], account=slug)
        self._signers_of_committee(body, "bi-thu", ("pbt-tt", "pbt"), title)
        return body

    def _body(self, row: Row, number: int, holders: dict[str, str]) -> Body:
        name = row["name"].format(**self.words)
        is_committee = row["shape"] == "committee"
        key = f"{self.root}-{row['slug']}"
        body = Body(
            key=key,
            name=name,
            short_name=name,
            level="province",
            kind={"committee": "committee", "office": "office"}.get(row["shape"], "board"),
            symbol=row["symbol"].format(**self.words),
            identifier=f"A99.T{self.code}.{number:02d}",
            superior_line=self.members_line if is_committee else self.words["uy"].upper(),
            issuer_lines=[line.format(**self.words) for line in row["lines"]],
            place=self.place,
            parent=self.root,
            serves=[key],
            has_term=is_committee,
        )
        if is_committee:
            self._committee(body, name, holders.get(f"{self.root}.{row.get('secretary_of', '')}"))
        else:
            self._headed(body, row)
        return body

    def _headed(self, body: Body, row: Row) -> None:
        """An office, a board, a commission: one head, deputies who sign for him, divisions."""
        is_inspection = row["shape"] == "inspection"
        is_office = row["shape"] == "office"
        reached = [body.key, *([self.root] if is_office else [])]
        if is_office:
            # The văn thư of the office keeps the books of the committee as well.
            body.serves = [self.root, body.key]
        kind = "inspection_committee" if is_inspection else "office"
        collective = "ỦY BAN KIỂM TRA" if is_inspection else ""
        body.organs.append(PlannedOrgan(f"{body.key}.cq", body.name, kind, collective))
        head, short = row["head"], body.name
        of = short.removeprefix("Văn phòng ").removeprefix("Ban ").removesuffix(f" {self.place}")
        titled = f"{head} {of}"
        chief = [(Role.CHIEF_OF_OFFICE, agency) for agency in reached]
        chief += [(Role.STANDING_MEMBER, self.root)] if is_office or is_inspection else []
        self._post(body, "truong", titled, 40, chief, account="truong")
        for number in range(1, row["deputies"] + 1):
            roles = [(Role.DEPUTY_CHIEF, agency) for agency in reached]
            self._post(body, f"pho-{number}", f"Phó {titled}", 60 + number, roles)
        for place, unit in enumerate(row["units"], start=1):
            self._division(body, f"p{place}", unit, reached)
        desk = body.units[1 if is_office else 0][0]
        clerks = [(role, one) for one in reached for role in (Role.CLERK, Role.SECRET_CLERK)]
        self._post(body, "van-thu", "Văn thư", 95, clerks, unit=desk, account="van-thu")
        organ = body.organs[0].key
        above = head.upper()
        if is_inspection:
            capacity, form, own = (
                f"T/M {collective}",
                SigningForm.COLLECTIVE,
                SigningForm.COLLECTIVE,
            )
        else:
            capacity, form, own = f"K/T {above}", SigningForm.FOR_HEAD, SigningForm.OWN
        body.authorities.append(
            PlannedAuthority(
                organ, f"{body.key}.truong", own, capacity if is_inspection else "", above
            )
        )
        body.authorities.append(
            PlannedAuthority(organ, f"{body.key}.pho-1", form, capacity, f"PHÓ {above}")
        )

    def _division(self, body: Body, slug: str, name: str, reached: Sequence[str]) -> None:
        unit = f"{body.key}-{slug}"
        body.units.append((unit, name, name.removeprefix("Phòng ")))
        heads = [(Role.HEAD_OF_DIVISION, agency) for agency in reached]
        words = name[0].lower() + name[1:]
        self._post(body, f"{slug}.truong", f"Trưởng {words}", 70, heads, unit=unit)
        desk = [(Role.SPECIALIST, agency) for agency in reached]
        for number in range(1, self.dice.randint(2, 3) + 1):
            self._post(body, f"{slug}.cv-{number}", f"Chuyên viên {name}", 90, desk, unit=unit)

    def _commune(self, place: Place) -> Body:
        name = f"Đảng ủy {KINDS[place.kind].lower()} {place.name}"
        key = f"{self.root}-{place.code}"
        body = Body(
            key=key,
            name=name,
            short_name=name,
            level="commune",
            kind="commune_committee",
            symbol="ĐU",
            identifier=f"A99.T{self.code}.X{place.code}",
            superior_line=self.members_line,
            issuer_lines=[name.upper()],
            place=place.name,
            parent=self.root,
            serves=[key],
            has_term=True,
        )
        self._committee(body, name, None)
        return body

    def _committee(self, body: Body, name: str, secretary: str | None) -> None:
        """A committee below the province: secretary, deputies, office; a commune's has boards too."""
        self._organs_of_committee(body, name, name, "Đảng ủy")
        office = f"{body.key}-vp"
        body.units.append((office, "Văn phòng Đảng ủy", "Văn phòng"))
        here = body.key
        self._post(
            body,
            "bi-thu",
            f"Bí thư {name}",
            40,
            [(Role.SECRETARY, here)],
            person=secretary,
            account="" if secretary else "bi-thu",
        )
        deputy = self._post(
            body, "pbt-tt", f"Phó Bí thư Thường trực {name}", 50, [(Role.DEPUTY_SECRETARY, here)]
        )
        chief = [(Role.CHIEF_OF_OFFICE, here), (Role.HEAD_OF_DIVISION, here)]
        self._post(
            body, "chanh-vp", f"Chánh Văn phòng {name}", 60, chief, unit=office, account="chanh-vp"
        )
        clerk = [(Role.CLERK, here), (Role.SECRET_CLERK, here), (Role.SPECIALIST, here)]
        self._post(
            body, "van-thu", "Văn thư kiêm chuyên viên", 95, clerk, unit=office, account="van-thu"
        )
        desk = [(Role.SPECIALIST, here), (Role.MONITOR, here), (Role.ARCHIVIST, here)]
        words = "Chuyên viên tổng hợp kiêm lưu trữ"
        self._post(body, "cv-1", words, 90, desk, unit=office, account="cv-1")
        if self.dice.random() < 0.5:
            self._post(body, "cv-2", "Chuyên viên", 90, [(Role.SPECIALIST, here)], unit=office)
        if body.level == "commune":
            self._boards_of_commune(body, deputy)
        self._signers_of_committee(body, "bi-thu", ("pbt-tt",), "Đảng ủy")
        body.authorities.append(
            PlannedAuthority(
                f"{body.key}.btv",
                f"{body.key}.chanh-vp",
                SigningForm.BY_ORDER,
                "T/L BAN THƯỜNG VỤ",
                "CHÁNH VĂN PHÒNG",
                _LETTERS,
            )
        )

    def _boards_of_commune(self, body: Body, deputy: PlannedPost) -> None:
        here = body.key
        is_shared = self.dice.randrange(_SHARED_OF) == 0
        for slug, unit_name, title, shared in (
            ("bxdd", "Ban Xây dựng Đảng", "Trưởng Ban Xây dựng Đảng", is_shared),
            ("ubkt", "Ủy ban Kiểm tra", "Chủ nhiệm Ủy ban Kiểm tra", False),
        ):
            unit = f"{here}-{slug}"
            body.units.append((unit, f"{unit_name} Đảng ủy", unit_name))
            heads = [(Role.HEAD_OF_DIVISION, here)]
            held = deputy.person if shared else None
            self._post(body, f"{slug}.truong", title, 65, heads, unit=unit, person=held)
            desk = [(Role.SPECIALIST, here)]
            self._post(body, f"{slug}.cv-1", f"Chuyên viên {unit_name}", 90, desk, unit=unit)

    # Parts ------------------------------------------------------------------------------------

    def _organs_of_committee(self, body: Body, whole: str, name: str, line: str) -> None:
        for slug, kind, words, collective in (
            ("bch", "executive_committee", f"Ban Chấp hành {whole}", line.upper()),
            ("btv", "standing_board", f"Ban Thường vụ {name}", "BAN THƯỜNG VỤ"),
            ("tt", "standing_secretariat", f"Thường trực {name}", "BAN THƯỜNG VỤ"),
        ):
            body.organs.append(PlannedOrgan(f"{body.key}.{slug}", words, kind, collective))

    def _signers_of_committee(
        self, body: Body, secretary: str, deputies: Sequence[str], line: str
    ) -> None:
        tm = SigningForm.COLLECTIVE
        for organ, post, capacity, title in self._signing(secretary, deputies, line.upper()):
            body.authorities.append(
                PlannedAuthority(f"{body.key}.{organ}", f"{body.key}.{post}", tm, capacity, title)
            )

    @staticmethod
    def _signing(
        secretary: str, deputies: Sequence[str], line: str
    ) -> Iterator[tuple[str, str, str, str]]:
        yield "bch", secretary, f"T/M {line}", "BÍ THƯ"
        for organ in ("btv", "tt"):
            yield organ, secretary, "T/M BAN THƯỜNG VỤ", "BÍ THƯ"
            for deputy in deputies:
                yield organ, deputy, "T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ"

    def _post(
        self,
        body: Body,
        slug: str,
        title: str,
        rank: int,
        roles: Sequence[tuple[Role, str]],
        *,
        unit: str = "",
        person: str | None = None,
        account: str = "",
    ) -> PlannedPost:
        """A new post; held by somebody new, or by `person` besides his own."""
        username = f"{account}.{body.key.removeprefix('tinh-')}" if account else ""
        post = PlannedPost(
            f"{body.key}.{slug}",
            unit,
            title,
            rank,
            tuple(roles),
            person or self._person(),
            is_concurrent=person is not None,
            username=username,
        )
        body.posts.append(post)
        return post

    def _person(self) -> str:
        key = f"{person_prefix(self.code)}{self.seed}.{len(self.people) + 1:05d}"
        self.people[key] = next(self.names)
        return key


def term_start(level: str) -> date:
    """The day the congress of the term closed, as in the sample office."""
    told = read("organization.toml")["term"]
    found: date = told[f"{level}_start"]
    return found


def term_name() -> str:
    """The name of the running term."""
    return str(read("organization.toml")["term"]["name"])
