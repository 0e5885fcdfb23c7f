"""People and posts: who holds what from when to when, by the codes of person and post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from nhactruong.kernel.states import Role
from nhactruong.kernel.text import one_line
from nhactruong.masterdata.importing.checking.base import Checked, Checker, words_of
from nhactruong.masterdata.importing.checking.coding import free_code, is_person_code
from nhactruong.masterdata.importing.checking.fetching import (
    GUARDED,
    HeldTime,
    Roles,
    Store,
    Units,
    folded,
    may_give_roles,
    overlaps,
)
from nhactruong.masterdata.importing.checking.planning import About, HoldingPlan, PostSaid
from nhactruong.masterdata.importing.rules import KINDS, ListCode, Outcome
from nhactruong.masterdata.importing.rules.lists import HOLDING_KINDS
from nhactruong.masterdata.organization.models import Agency, Person, Post
from nhactruong.masterdata.organization.rules import may_meet

_LONGEST_POST: Final = 80
_NEW_RANK: Final = 90
_A_DAY: Final = timedelta(days=1)
_OWN: Final = "Người nhập không tự đổi chức danh, vai trò của mình. Đồng chí khác nhập dòng này."
_GIVING: Final = (
    "Vai trò do trưởng phòng, Chánh Văn phòng hoặc quản trị đề nghị; đồng chí bỏ cột vai trò hoặc"
    " nhờ người ấy đưa danh sách."
)
_GUARDED_POST: Final = (
    "Chức danh này mang vai trò quản trị, kiểm toán hoặc văn thư mật: người giữ đổi bằng phiếu thay"
    " đổi, không đưa vào bằng danh sách."
)
_ABOVE: Final = "Nếu người ấy thôi giữ, đồng chí ghi dòng của người ấy lên trên."
_CODE: Final = "Mã chỉ gồm chữ, số và các dấu . - _ /"


class PeopleChecker(Checker):
    """Checks the list of people and their posts."""

    kind = KINDS[ListCode.PEOPLE]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = Units()
        self._roles = Roles(self.scope)
        self._names_said: dict[str, tuple[int, str]] = {}
        self._posts_said: dict[str, PostSaid] = {}
        #: Post → (since, until, row) that earlier rows want.
        self._wanted: dict[str, list[tuple[date, date | None, int]]] = {}
        self._said: dict[tuple[str, str, date], int] = {}
        self._made: dict[tuple[str, int, int | None, str], str] = {}
        #: Person → (since, until, roles) of the posts that earlier rows give.
        self._hands: dict[str, list[tuple[date, date | None, frozenset[Role]]]] = {}
        #: Whether whoever brings the list in may give roles; asked when a row does.
        self._may_give: bool | None = None
        #: Times in posts that rows are about: what counts is what those rows say.
        self._settled: set[int] = set()

    def compare(self, rows: Sequence[Checked]) -> None:
        """Note faults and changes of the rows."""
        reached = [word for row in rows for word in Roles.agencies_in(row.values.get("roles", ""))]
        self.fetch_agencies([*(row.values.get("agency", "") for row in rows), *reached])
        agencies: dict[int, Agency] = {}
        for row in rows:
            agency = self.agency_of(row)
            if agency is not None:
                row.agency_id = agency.pk
                agencies[agency.pk] = agency
        self._units.fetch(agencies, (row.values.get("unit", "") for row in rows))
        store = Store.fetched(self, rows, agencies)
        self._refuse_foreign_names(rows, store)
        opened = [self._open(row, store, agencies) for row in rows]
        # Only now is known which times in posts the rows of this set are about.
        for row, about in zip(rows, opened, strict=True):
            if about is not None:
                self._compare_times(row, store, about)
                if not row.faults:
                    self._plan(row, about)
                    self._refuse_appointing(row, store, about)
                    self._refuse_own(row, store, about)
                    self._refuse_meeting(row, store, about)

    def _refuse_foreign_names(self, rows: Sequence[Checked], store: Store) -> None:
        """Whoever works elsewhere is not renamed from here."""
        differing = {
            person.pk
            for row in rows
            if (person := store.people.get(row.values.get("person", ""))) is not None
            and one_line(person.full_name) != row.values.get("full_name", person.full_name)
        }
        foreign = store.elsewhere(differing, self.scope)
        for row in rows:
            person = store.people.get(row.values.get("person", ""))
            if person is None or person.pk not in foreign:
                continue
            if row.values.get("full_name", "") not in ("", one_line(person.full_name)):
                row.fault(
                    "full_name", f"Mã cán bộ này là của {person.full_name}, thuộc cơ quan khác."
                )

    def _open(self, row: Checked, store: Store, agencies: Mapping[int, Agency]) -> About | None:
        """What the row is about, as far as its cells can be read; all but times is compared."""
        values = row.values
        person = self._person(row, store)
        unit_id = self._unit(row)
        roles = None
        since, until = values.get("since"), values.get("until")
        if since and until and until <= since:
            row.fault("until", "Ngày thôi giữ phải sau ngày giữ.")
        code, post = None, None
        if row.agency_id is not None and "title" in values and "person" in values:
            code, post = self._post(row, store, agencies[row.agency_id], unit_id, person)
        carried = store.roles.get(post.pk, frozenset()) if post else frozenset()
        if "roles" in values and row.agency_id is not None:
            roles = self._roles.read(row, row.agency_id, carried, self._agencies)
            row.gives_roles = bool(roles and roles - carried)
            self._refuse_giving(row)
        if code is None or since is None:
            return None
        has_changes = self._compare_post(row, post, code, unit_id, roles, carried)
        first = self._said.setdefault((values["person"], code, since), row.number)
        if first != row.number:
            row.fault("person", f"Trùng dòng {first}: cùng người, cùng chức danh, cùng ngày giữ.")
            return None
        held = self._own_time(store, post, person, since, until)
        if held is not None:
            self._settled.add(held.pk)
        return About(person, post, code, unit_id, roles, held, has_changes)

    def _refuse_giving(self, row: Checked) -> None:
        """A list is no weaker door than a change order. Source: security.md 8 (row 25), 9 (4)."""
        if not row.gives_roles:
            return
        if self._may_give is None:
            self._may_give = may_give_roles(self.proposer_id, self.agency_id, self.day)
        if not self._may_give:
            row.fault("roles", _GIVING)

    def _refuse_appointing(self, row: Checked, store: Store, about: About) -> None:
        """Who comes into a post gains the roles it carries, as if the row gave them."""
        if about.post is None or row.gives_roles or not self._gains_time(row, about.held):
            return
        carried = store.roles.get(about.post.pk, frozenset())
        kept = carried if about.roles is None else carried & about.roles
        if any(role in GUARDED for role, _ in kept):
            row.fault("post", _GUARDED_POST)
            return
        row.gives_roles = bool(kept)
        self._refuse_giving(row)

    def _gains_time(self, row: Checked, held: HeldTime | None) -> bool:
        """Whether the person holds the post on days from today on that he did not hold it before."""
        since, until = row.values["since"], row.values.get("until")
        if until is not None and until <= self.day:
            return False
        if held is None:
            return True
        longer = held.until is not None and (until is None or until > held.until)
        return longer or max(since, self.day) < max(held.since, self.day)

    def _person(self, row: Checked, store: Store) -> Person | None:
        values = row.values
        key, name = values.get("person"), values.get("full_name")
        if key is None:
            return None
        person = store.people.get(key)
        if person is None and not is_person_code(key):
            row.fault("person", _CODE)
        if name is None:
            return person
        said = self._names_said.get(key)
        if said is None:
            self._names_said[key] = (row.number, name)
            if person is not None:
                row.change("full_name", person.full_name, name)
        elif said[1] != name:
            row.fault("full_name", f"Mã cán bộ này ở dòng {said[0]} ghi họ tên khác.")
        return person

    def _unit(self, row: Checked) -> int | None:
        word = row.values.get("unit")
        if word is None or row.agency_id is None:
            return None
        unit, sentence = self._units.find(row.agency_id, word)
        if sentence:
            row.fault("unit", sentence)
        return unit.pk if unit else None

    def _post(
        self,
        row: Checked,
        store: Store,
        agency: Agency,
        unit_id: int | None,
        person: Person | None,
    ) -> tuple[str, Post | None]:
        """The code of the post and, when it exists, the post."""
        values = row.values
        code = values.get("post")
        if code is None:
            code = self._found_code(row, store, agency, unit_id, person)
        post = store.posts.get(code)
        if post is not None and post.agency_id != agency.pk:
            row.fault("post", "Mã chức danh này thuộc cơ quan khác.")
        elif post is not None and post.valid_to is not None and post.valid_to <= self.day:
            row.fault("post", "Chức danh này đã kết thúc.")
        elif post is None and "post" in values and not is_person_code(code):
            row.fault("post", _CODE)
        return code, post

    def _found_code(
        self,
        row: Checked,
        store: Store,
        agency: Agency,
        unit_id: int | None,
        person: Person | None,
    ) -> str:
        values = row.values
        title = folded(values["title"])
        if person is not None:
            for post in store.posts_of.get(person.pk, ()):
                if (post.agency_id, post.unit_id, folded(post.title)) == (
                    agency.pk,
                    unit_id,
                    title,
                ):
                    return post.key
        wanted = (values["person"], agency.pk, unit_id, title)
        code = self._made.get(wanted)
        if code is None:
            code = free_code(
                Store.made_code(agency, values["person"])[: _LONGEST_POST - 4],
                lambda one: one in self._posts_said or store.is_taken(one),
            )
            self._made[wanted] = code
        return code

    def _compare_post(
        self,
        row: Checked,
        post: Post | None,
        code: str,
        unit_id: int | None,
        roles: frozenset[tuple[int, int]] | None,
        carried: frozenset[tuple[int, int]],
    ) -> bool:
        """Whether the row changes what the post is; the first row about a post says it."""
        values = row.values
        title, rank = values["title"], values.get("rank")
        said = self._posts_said.get(code)
        if said is None:
            self._posts_said[code] = PostSaid(row.number, title, unit_id, rank, roles)
            if post is None:
                return False
            before = len(row.changes)
            row.change("title", post.title, title)
            row.change("unit", post.unit.name if post.unit else "", self._units.name(unit_id))
            if rank is not None:
                row.change("rank", post.rank, rank)
            if roles is not None and roles != carried:
                row.change("roles", self._roles.words(carried, post.agency_id),
                           self._roles.words(roles, post.agency_id))  # fmt: skip
            return len(row.changes) > before
        words = f"Chức danh này ở dòng {said.number} ghi khác."
        if said.title != title:
            row.fault("title", words)
        if said.unit_id != unit_id:
            row.fault("unit", words)
        if rank is not None and rank != said.rank:
            row.fault("rank", words)
        if roles is not None and roles != said.roles:
            row.fault("roles", words)
        return False

    def _refuse_own(self, row: Checked, store: Store, about: About) -> None:
        """Nobody gives himself a post or a role. Source: security.md 9."""
        if row.outcome is Outcome.SAME:
            return
        is_own = about.person is not None and about.person.pk == self.proposer_id
        if not is_own and about.has_post_changes and about.post is not None:
            is_own = any(
                one.person_id == self.proposer_id
                and overlaps(one.since, one.until, self.day, self.day + _A_DAY)
                for one in store.held.get(about.post.pk, ())
            )
        if is_own:
            row.fault("person", _OWN)

    def _refuse_meeting(self, row: Checked, store: Store, about: About) -> None:
        """No list puts what administers or audits and what sees documents into one hand."""
        since, until, post = row.values["since"], row.values.get("until"), about.post
        carried = about.roles
        if carried is None:
            carried = store.roles.get(post.pk, frozenset()) if post else frozenset()
        given = frozenset(Role(role) for role, _ in carried)
        hand = self._hands.setdefault(row.values["person"], [])
        met = set(given).union(
            *(roles for start, end, roles in hand if overlaps(start, end, since, until))
        )
        person_id = about.person.pk if about.person else 0
        for other in store.posts_of.get(person_id, ()):
            if any(
                one.person_id == person_id
                and one.pk not in self._settled
                and overlaps(one.since, one.until, since, until)
                for one in store.held[other.pk]
            ):
                met |= {Role(role) for role, _ in store.roles.get(other.pk, ())}
        meeting = may_meet(met)
        if not meeting and row.outcome is not Outcome.SAME:
            row.fault("person", meeting.reason)
        else:
            hand.append((since, until, given))

    def _own_time(
        self,
        store: Store,
        post: Post | None,
        person: Person | None,
        since: date,
        until: date | None,
    ) -> HeldTime | None:
        """The person's time in the post that a row is about: of the same first day, else of the same days."""
        if post is None or person is None:
            return None
        free = [
            one
            for one in store.held.get(post.pk, ())
            if one.person_id == person.pk and one.pk not in self._settled
        ]
        return next((one for one in free if one.since == since), None) or next(
            (one for one in free if overlaps(one.since, one.until, since, until)), None
        )

    def _compare_times(self, row: Checked, store: Store, about: About) -> None:
        """Faults where others hold the post at that time, in the store or in earlier rows."""
        since, until = row.values["since"], row.values.get("until")
        for other in store.held.get(about.post.pk, ()) if about.post else ():
            if other.pk not in self._settled and overlaps(other.since, other.until, since, until):
                row.fault("since", f"Trùng thời gian với {_held_words(other)}. {_ABOVE}")
        wanted = self._wanted.setdefault(about.code, [])
        for start, end, number in wanted:
            if overlaps(start, end, since, until):
                row.fault("since", f"Trùng thời gian giữ chức danh với dòng {number}.")
        wanted.append((since, until, row.number))

    def _plan(self, row: Checked, about: About) -> None:
        values = row.values
        person, post, held = about.person, about.post, about.held
        kind = values.get("kind", "main")
        since, until = values["since"], values.get("until")
        renames = any(change.column == "full_name" for change in row.changes)
        if held is None:
            row.is_new = True
        else:
            row.change("kind", HOLDING_KINDS[held.kind], HOLDING_KINDS[kind])
            row.change("since", held.since, since)
            row.change("until", held.until, until)
        self.fill(row, "post", about.code)
        row.plan = HoldingPlan(
            person_id=person.pk if person else None,
            person_key=values["person"],
            full_name=values["full_name"] if renames or person is None else None,
            post_id=post.pk if post else None,
            post_key=about.code,
            agency_id=row.agency_id or 0,
            unit_id=about.unit_id,
            title=values["title"],
            rank=values.get("rank") or (post.rank if post else _NEW_RANK),
            roles=about.roles,
            has_post_changes=about.has_post_changes,
            holding_id=held.pk if held else None,
            kind=kind,
            since=since,
            until=until,
        )


def _held_words(held: HeldTime) -> str:
    end = f" đến {words_of(held.until)}" if held.until else ""
    return f"{held.name}, giữ chức danh này từ {words_of(held.since)}{end}"
