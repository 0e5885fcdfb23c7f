# ruff: noqa: S608 (harm is done in plain SQL)
"""A record of several sealed days, the harms that may be done to it, and what both verifiers say."""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings
from django.db import connection, transaction

from nhactruong.foundation.audit import commands, selectors
from nhactruong.foundation.audit.engine import hashing
from nhactruong.foundation.audit.selectors.streaming import links_with_rows, rows_by_id
from nhactruong.foundation.audit.shelf import PUBLIC_KEY
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, HeldPost, service_actor

KEEPER = service_actor("record-keeper", "Hệ thống")
_POST = HeldPost(7, "Văn thư", 3, "Văn phòng Tỉnh ủy")
_FIRST_DAY = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
_TOOL = Path(settings.VENDOR_FOLDER).parent / "tools" / "verify_audit.py"
#: Columns of a row that may be changed by a harm, beside those that are hashed.
_COLUMNS = (*hashing.ROW_FIELDS, "version", "hash")
_NUMBERS = ("agency_id", "secrecy", "user_id", "post_id")


@dataclass(frozen=True, slots=True)
class Thing:
    """Something acts are done to."""

    public_id: uuid.UUID
    agency_id: int = 3
    secrecy: int = 1


def stand_alone() -> ModuleType:
    """The verifier that shares no code with the product, loaded from its file."""
    spec = importlib.util.spec_from_file_location("verify_audit", _TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def keep_record(days: int, rows_a_day: int, chance: random.Random) -> None:
    """A record of so many sealed days; what was done after the last root has none yet."""
    things = [Thing(uuid.UUID(int=chance.getrandbits(128))) for _ in range(7)]
    for day in range(days + 1):
        morning = _FIRST_DAY + timedelta(days=day)
        for number in range(rows_a_day if day < days else 5):
            with clock.frozen_at(morning + timedelta(minutes=number, microseconds=number % 3)):
                _act(number, chance.choice(things))
        with clock.frozen_at(morning + timedelta(hours=10)):
            commands.seal_chain()
        with clock.frozen_at(morning + timedelta(days=1)):
            if day < days:
                commands.seal_roots(KEEPER)
    commands.open_months()


def _act(number: int, thing: Thing) -> None:
    person = Actor("Trần Thị Sương", user_id=11 + number % 3, posts=(_POST,), session_id="s1")
    words = ("trả lại", "tab\tvà\nxuống dòng", "gạch \\ chéo \\N", "“nháy”", "")[number % 5]
    if number % 5 == 1:
        commands.record_reading(person, "incoming.opened", thing)
    elif number % 5 == 2:
        commands.record_refusal(person, "access.denied", object_id=thing.public_id, reason_code="x")
    elif number % 7 == 3:
        _first_version(number, thing)
    else:
        action = ("outgoing.signed", "incoming.directed")[number % 2]
        commands.record(
            person, action, thing, reason=words, số=number, tệp={"b": [1, None], "a": words}
        )


def _first_version(number: int, thing: Thing) -> None:
    """A row as stage 1 wrote and hashed it."""
    at, event = clock.now(), uuid.UUID(int=number)
    fields = {
        **{"event_id": str(event), "at": at.isoformat(), "action": "incoming.received"},
        **{"outcome": "ok", "object_type": "Thing", "object_id": str(thing.public_id)},
        **{"agency_id": 3, "secrecy": 1, "user_id": None, "person_name": "Đỗ Minh Khuê"},
        **{"post_id": None, "post_title": "", "on_behalf_of": "", "service": ""},
        **{"session_id": "", "client_address": "10.0.0.7", "reason": "", "facts": {"mã": number}},
    }
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    new = {"keep": "short", "reason_code": "", "auth_method": "", "device": "", "request_id": ""}
    row = {**fields, **new, "facts": json.dumps(fields["facts"]), "version": 1}
    row["hash"] = hashing.hashlib.sha256(text.encode()).hexdigest()
    _insert(row)


def _insert(row: dict[str, object]) -> None:
    names = ", ".join(row)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_auditrow ({names}) VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


Names = set[tuple[str, int]]


def named_by_both(folder: Path, tool: ModuleType) -> tuple[Names, Names]:
    """(kind, position) of every harm as the product and as the stand-alone verifier name it."""
    ours = {(harm.kind.value, harm.position) for harm in selectors.verify().findings.harms}
    shutil.rmtree(folder, ignore_errors=True)
    commands.export_record(KEEPER, folder)
    key = load_pem_public_key((folder / PUBLIC_KEY).read_bytes())
    return ours, {(kind, position) for position, kind, _ in tool.verify(folder, key)[0]}


@dataclass(slots=True)
class Harmer:
    """Does harms at random places of a record; each returns the names under which it may be found."""

    chance: random.Random
    #: (position, row) of every link, and the last position under a root.
    links: list[tuple[int, int]]
    last_rooted: int

    @property
    def kinds(self) -> dict[str, Callable[[], Names]]:
        """The harms by name."""
        return {
            "flip": self.flip,
            "delete": self.delete,
            "swap": self.swap,
            "relink": self.relink,
            "move a link": self.move_link,
            "delete a link": self.delete_link,
            "cut the tail": self.cut_tail,
            "insert": self.insert,
            "rewrite": self.rewrite,
            "alter a root": self.alter_root,
            "delete a root": self.delete_root,
            "swap stamps": self.swap_stamps,
        }

    @contextmanager
    def harmed(self, kind: str) -> Iterator[Names]:
        """Inside the block the record is harmed; afterwards it is whole again."""
        shelf = Path(settings.AUDIT_SHELF)
        kept = {path: path.read_bytes() for path in shelf.rglob("*") if path.is_file()}
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
            names = self.kinds[kind]()
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = DEFAULT")
            yield names
            transaction.set_rollback(True)
        for path, content in kept.items():
            _put(path, content)

    def _place(self, rooted: bool = False) -> tuple[int, int]:
        known = [link for link in self.links if not rooted or link[0] <= self.last_rooted]
        return self.chance.choice(known)

    def flip(self) -> Names:
        """One field of one row says something else."""
        position, row_id = self._place()
        column = self.chance.choice(_COLUMNS)
        _run(f"UPDATE audit_auditrow SET {column} = {self._other(column)} WHERE id = {row_id}")
        # A row of stage 1 does not hash its kind: then the link disagrees, not the row.
        return {("altered", position), *({("relinked", position)} if column == "keep" else ())}

    def _other(self, column: str) -> str:
        if column in _NUMBERS:
            return f"coalesce({column}, 0) + {self.chance.randint(1, 9)}"
        return {
            "event_id": "gen_random_uuid()",
            "object_id": "gen_random_uuid()",
            "at": "at + interval '1 microsecond'",
            "keep": "CASE keep WHEN 'long' THEN 'short' ELSE 'long' END",
            "facts": """facts || '{"thêm": 1}'""",
            "version": "3 - version",
            "hash": "translate(hash, '0123456789abcdef', '123456789abcdef0')",
        }.get(column, f"left({column} || 'x', 0) || 'k' || left({column}, 4)")

    def delete(self) -> Names:
        """A row is gone."""
        position, row_id = self._place()
        _run(f"DELETE FROM audit_auditrow WHERE id = {row_id}")
        return {("deleted", position)}

    def swap(self) -> Names:
        """Two rows stand in each other's place."""
        (place, one), (other_place, other) = self.chance.sample(self.links, 2)
        _run(f"UPDATE audit_auditrow SET id = -id WHERE id IN ({one}, {other})")
        _run(f"UPDATE audit_auditrow SET id = {other} WHERE id = -{one}")
        _run(f"UPDATE audit_auditrow SET id = {one} WHERE id = -{other}")
        return {("swapped", place)} if self.chance.random() < 0.5 else {("swapped", other_place)}

    def relink(self) -> Names:
        """A link says another hash than it did."""
        position, _ = self._place()
        column = self.chance.choice(("previous", "row_hash", "hash"))
        digit = self.chance.choice("0123456789abcdef")
        shifted = f"translate({column}, '0123456789abcdef', '3456789abcdef012')"
        value = shifted if digit < "8" else f"'{digit * 64}'"
        _run(f"UPDATE audit_auditlink SET {column} = {value} WHERE position = {position}")
        return {("relinked", position)}

    def move_link(self) -> Names:
        """A link says another time, kind or moment of chaining."""
        position, _ = self._place(rooted=True)
        change = self.chance.choice(
            (
                "at = at + interval '1 day'",
                "keep = CASE keep WHEN 'long' THEN 'read' ELSE 'long' END",
                "sealed_at = sealed_at + interval '1 second'",
            )
        )
        _run(f"UPDATE audit_auditlink SET {change} WHERE position = {position}")
        first = self._root_of(position)
        return {("relinked", position), ("rewritten", first)}

    def _root_of(self, position: int) -> int:
        for path in sorted((Path(settings.AUDIT_SHELF) / "roots").glob("*.json")):
            body = json.loads(path.read_bytes())["body"]
            if body["first_position"] <= position <= body["last_position"]:
                return int(body["first_position"])
        raise AssertionError(position)

    def delete_link(self) -> Names:
        """A link is gone, its row stands."""
        position, _ = self._place()
        _run(f"DELETE FROM audit_auditlink WHERE position = {position}")
        return {
            ("link_deleted", position),
            *({("inserted", 0)} if position == self.links[-1][0] else ()),
        }

    def cut_tail(self) -> Names:
        """Everything from some place on is gone, rows and links."""
        position, _ = self._place(rooted=True)
        _run(
            "DELETE FROM audit_auditrow WHERE id IN"
            f" (SELECT row_id FROM audit_auditlink WHERE position >= {position})"
        )
        _run(f"DELETE FROM audit_auditlink WHERE position >= {position}")
        return {("truncated", position)}

    def insert(self) -> Names:
        """A row is there that was never chained."""
        _, row_id = self._place()
        columns = ", ".join(_COLUMNS)
        _run(
            f"INSERT INTO audit_auditrow ({columns}) SELECT {columns} FROM audit_auditrow"
            f" WHERE id = {row_id}"
        )
        return {("inserted", 0)}

    def rewrite(self) -> Names:
        """A row is changed and everything after it is hashed anew, as a thief with the store can."""
        position, row_id = self._place(rooted=True)
        _run(f"UPDATE audit_auditrow SET person_name = 'kẻ khác' WHERE id = {row_id}")
        ((_, changed),) = rows_by_id([row_id])
        true = hashing.row_hash(changed.version, changed.text)
        _run(f"UPDATE audit_auditrow SET hash = '{true}' WHERE id = {row_id}")
        _run(f"UPDATE audit_auditlink SET row_hash = '{true}' WHERE position = {position}")
        previous = ""
        for link, _ in list(links_with_rows(position, self.links[-1][0])):
            before = previous or link[4]
            previous = hashing.link_hash(before, link[5])
            _run(
                f"UPDATE audit_auditlink SET previous = '{before}', hash = '{previous}'"
                f" WHERE position = {link[0]}"
            )
        return {("rewritten", self._root_of(position))}

    def _roots(self, ending: str) -> list[Path]:
        return sorted((Path(settings.AUDIT_SHELF) / "roots").glob(f"*{ending}"))

    def alter_root(self) -> Names:
        """A root on the shelf says something else."""
        path = self.chance.choice(self._roots(".json"))
        content = bytearray(path.read_bytes())
        place = self.chance.randrange(len(content) - 1)
        content[place] = content[place] ^ 1 << self.chance.randrange(7)
        _put(path, bytes(content))
        return {("root_altered", 0)}

    def delete_root(self) -> Names:
        """A root is gone from the shelf, the last one too."""
        self.chance.choice(self._roots(".json")).unlink()
        return {("root_deleted", 0)}

    def swap_stamps(self) -> Names:
        """A time stamp lies beside another root than its own."""
        one, other = self.chance.sample(self._roots(".tsr"), 2)
        first, second = one.read_bytes(), other.read_bytes()
        _put(one, second)
        _put(other, first)
        return {("stamp_wrong", 0)}


def harmer(chance: random.Random) -> Harmer:
    """One who harms the record as it stands now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, row_id FROM audit_auditlink ORDER BY position")
        links = cursor.fetchall()
    last = selectors.last_root()
    assert last is not None
    return Harmer(chance, links, last.last_position)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _put(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(content)
