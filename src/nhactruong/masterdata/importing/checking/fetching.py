"""What a set of rows about people needs of the store, fetched at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, Self

from django.db.models import Q

from nhactruong.kernel.states import ROLE_LABELS, Role
from nhactruong.kernel.text import fold
from nhactruong.masterdata.importing.checking.base import Checked, Checker
from nhactruong.masterdata.importing.policies import GIVING_ROLES
from nhactruong.masterdata.organization.models import Agency, Holding, Person, Post, PostRole, Unit

#: These are given by change orders of three people (line 25 of the table of rights), never by a list.
GUARDED: Final = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.SECRET_CLERK})
_ROLES: Final[Mapping[str, Role]] = {
    fold(word): role for role in Role for word in (role.code, ROLE_LABELS[role])
}


def overlaps(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Whether two half-open periods have a day in common."""
    return (other_until is None or since < other_until) and (until is None or other_since < until)


def may_give_roles(person_id: int | None, agency_id: int | None, day: date) -> bool:
    """Whether the person holds a post that gives roles at the agency himself; one query."""
    return Holding.objects.filter(
        person_id=person_id or 0,
        valid__contains=day,
        post__roles__role__in=GIVING_ROLES,
        post__roles__agency_id=agency_id or 0,
        post__roles__valid__contains=day,
    ).exists()


@dataclass(frozen=True, slots=True)
class HeldTime:
    """A time in a post as it stands in the store."""

    pk: int
    post_id: int
    person_id: int
    name: str
    kind: str
    since: date
    until: date | None


@dataclass(slots=True)
class Store:
    """People, posts and times in posts that a set of rows is about."""

    people: dict[str, Person] = field(default_factory=dict)
    #: Codes of posts that were asked for: what is not in `posts` does not exist.
    asked: set[str] = field(default_factory=set)
    posts: dict[str, Post] = field(default_factory=dict)
    #: Person → the posts the person has or had.
    posts_of: dict[int, list[Post]] = field(default_factory=dict)
    held: dict[int, list[HeldTime]] = field(default_factory=dict)
    roles: dict[int, frozenset[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def fetched(
        cls, checker: Checker, rows: Sequence[Checked], agencies: Mapping[int, Agency]
    ) -> Self:
        """All of it for these rows; six queries."""
        store = cls()
        keys = {row.values["person"] for row in rows if "person" in row.values}
        store.people = {one.key: one for one in checker.locked(Person.objects.filter(key__in=keys))}
        codes = {row.values["post"] for row in rows if "post" in row.values}
        codes |= {
            cls.made_code(agencies[row.agency_id], row.values["person"])
            for row in rows
            if row.agency_id and "person" in row.values and "post" not in row.values
        }
        store.asked = codes
        ids = [person.pk for person in store.people.values()]
        theirs = set(Holding.objects.filter(person_id__in=ids).values_list("post_id", flat=True))
        posts = Post.objects.filter(Q(key__in=codes) | Q(pk__in=theirs)).select_related("unit")
        store.posts = {one.key: one for one in checker.locked(posts)}
        store._take_holdings(checker)
        store._take_roles(checker.day)
        return store

    def _take_holdings(self, checker: Checker) -> None:
        by_id = {post.pk: post for post in self.posts.values()}
        held = Holding.objects.filter(post_id__in=by_id).select_related("person")
        for row in checker.locked(held):
            if row.valid.isempty:
                continue
            self.held.setdefault(row.post_id, []).append(
                HeldTime(
                    row.pk,
                    row.post_id,
                    row.person_id,
                    row.person.full_name,
                    row.kind,
                    row.valid.lower,
                    row.valid.upper,
                )
            )
            self.posts_of.setdefault(row.person_id, []).append(by_id[row.post_id])

    def _take_roles(self, day: date) -> None:
        found: dict[int, set[tuple[int, int]]] = {}
        lasting = Q(valid__endswith=None) | Q(valid__endswith__gt=day)
        ids = [post.pk for post in self.posts.values()]
        for post_id, role, agency_id in PostRole.objects.filter(
            lasting, post_id__in=ids, valid__isempty=False
        ).values_list("post_id", "role", "agency_id"):
            found.setdefault(post_id, set()).add((role, agency_id))
        self.roles = {post_id: frozenset(pairs) for post_id, pairs in found.items()}

    @staticmethod
    def made_code(agency: Agency, person_key: str) -> str:
        """The code of a post that has none in the file."""
        return f"{agency.key}.{person_key}"

    def is_taken(self, code: str) -> bool:
        """Whether a post bears the code."""
        if code in self.posts or code in self.asked:
            return code in self.posts
        return Post.objects.filter(key=code).exists()

    @staticmethod
    def elsewhere(people: Iterable[int], scope: frozenset[int]) -> set[int]:
        """Those of the people who hold posts, and none of them in scope."""
        held: dict[int, set[int]] = {}
        rows = Holding.objects.filter(person_id__in=list(people), valid__isempty=False)
        for person_id, agency_id in rows.values_list("person_id", "post__agency_id"):
            held.setdefault(person_id, set()).add(agency_id)
        return {person_id for person_id, where in held.items() if where.isdisjoint(scope)}


class Units:
    """Units by agency and what the office calls them; fetched once an agency."""

    def __init__(self) -> None:
        self._by_word: dict[int, dict[str, Unit]] = {}
        self._names: dict[int, str] = {}
        self._elsewhere: dict[str, bool] = {}

    def fetch(self, agencies: Iterable[int], words: Iterable[str]) -> None:
        """Look up the units of agencies not seen before, and words that may be others'."""
        fresh = [agency for agency in agencies if agency not in self._by_word]
        self._by_word |= {agency: {} for agency in fresh}
        for unit in Unit.objects.filter(agency_id__in=fresh, valid_to=None).order_by("-pk"):
            self._names[unit.pk] = unit.name
            known = self._by_word[unit.agency_id]
            known.setdefault(unit.key, unit)
            known[fold(unit.name)] = unit
            known.setdefault(fold(unit.short_name), unit)
        asked = {word for word in words if word and word not in self._elsewhere}
        if asked:
            said = Unit.objects.filter(Q(key__in=asked) | Q(name__in=asked), valid_to=None)
            found = {word for pair in said.values_list("key", "name") for word in pair}
            self._elsewhere |= {word: word in found for word in asked}

    def find(self, agency_id: int, word: str) -> tuple[Unit | None, str]:
        """The unit of that agency, or the sentence why there is none."""
        known = self._by_word.get(agency_id, {})
        unit = known.get(word) or known.get(folded(word))
        if unit is not None:
            return unit, ""
        if self._elsewhere.get(word):
            return None, f"Đơn vị “{word}” thuộc cơ quan khác."
        return None, f"Cơ quan này không có đơn vị “{word}”."

    def name(self, unit_id: int | None) -> str:
        """The name of a unit that was found."""
        return self._names.get(unit_id or 0, "")


class Roles:
    """Reads `Chuyên viên; Văn thư@A99.01`."""

    def __init__(self, scope: frozenset[int]) -> None:
        self._scope = scope
        self._identifiers: dict[int, str] = {}

    @staticmethod
    def agencies_in(text: str) -> list[str]:
        """The words of agencies that roles reach."""
        return [part.partition("@")[2].strip() for part in text.split(";") if "@" in part]

    def read(
        self,
        row: Checked,
        agency_id: int,
        carried: frozenset[tuple[int, int]],
        agencies: Mapping[str, Agency | None],
    ) -> frozenset[tuple[int, int]] | None:
        """The roles and the agencies they reach; None after a fault."""
        found: set[tuple[int, int]] = set()
        sound = True
        for part in row.values["roles"].split(";"):
            word, at, where = (piece.strip() for piece in part.partition("@"))
            if not word and not at:
                continue
            role = _ROLES.get(folded(word))
            reached = agencies.get(where) if at else None
            sentence = ""
            if role is None:
                sentence = f"Không có vai trò “{word}”."
            elif at and reached is None:
                sentence = f"Không có cơ quan nào mang mã “{where}”."
            else:
                pair = (role.value, reached.pk if reached else agency_id)
                found.add(pair)
                if pair not in carried and role in GUARDED:
                    sentence = f"Vai trò {ROLE_LABELS[role]} giao bằng phiếu thay đổi, không đưa vào bằng danh sách."
                elif pair not in carried and pair[1] not in self._scope:
                    sentence = f"Vai trò ở cơ quan “{where}”: ngoài phạm vi của đồng chí."
            if sentence:
                row.fault("roles", sentence)
                sound = False
        return frozenset(found) if sound else None

    def words(self, roles: frozenset[tuple[int, int]], agency_id: int) -> str:
        """The roles as a cell of the list says them."""
        unknown = {agency for _, agency in roles} - self._identifiers.keys()
        if unknown:
            self._identifiers |= dict(
                Agency.objects.filter(pk__in=unknown).values_list("pk", "identifier")
            )
        return role_words(roles, agency_id, self._identifiers)


def role_words(
    roles: Iterable[tuple[int, int]], agency_id: int, identifiers: Mapping[int, str]
) -> str:
    """`Chuyên viên; Chuyên viên@A99.01`: those at the post's own agency stand first."""
    ordered = sorted(roles, key=lambda pair: (pair[1] != agency_id, pair[1], pair[0]))
    return "; ".join(
        ROLE_LABELS[Role(role)] + ("" if where == agency_id else f"@{identifiers[where]}")
        for role, where in ordered
    )


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """The word as search compares it; the same few words stand in all rows."""
    return fold(word)
