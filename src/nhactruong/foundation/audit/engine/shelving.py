"""Whether what lies on the shelf is what was laid there: signatures, order, stamps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from nhactruong.foundation.audit.engine.hashing import GENESIS
from nhactruong.foundation.audit.engine.roots import ExpiryNote, Root, digest, opened
from nhactruong.foundation.audit.engine.stamps import read_stamp
from nhactruong.foundation.audit.engine.verification import Harm, HarmKind

#: A file of the shelf: name without ending, content, stamp.
Laid = tuple[str, bytes, bytes | None]


@dataclass(slots=True)
class Judged:
    """The roots and notes that hold, what is wrong with the others, and who stamped."""

    roots: list[Root] = field(default_factory=list)
    notes: dict[tuple[str, str], ExpiryNote] = field(default_factory=dict)
    harms: list[Harm] = field(default_factory=list)
    #: Number of each root file that lies there → its digest.
    digests: dict[int, str] = field(default_factory=dict)
    unstamped: int = 0
    #: SHA-256 of the certificates of the authorities whose stamps were found.
    authorities: set[str] = field(default_factory=set)

    def told_by_the_record(self, number: int, told: str) -> None:
        """The record says that root `number` was made with this digest."""
        lying = self.digests.get(number)
        what = f"root {number}"
        if any(harm.what == what for harm in self.harms) or lying == told:
            return
        kind = HarmKind.ROOT_DELETED if lying is None else HarmKind.ROOT_ALTERED
        self.harms.append(Harm(kind, 0, what))


def judge(roots: Iterable[Laid], notes: Iterable[Laid], key: Ed25519PublicKey | None) -> Judged:
    """What the shelf is worth, checked with `key`; without a key nothing on it holds."""
    judged = Judged()
    _judge_roots(judged, roots, key)
    for name, content, stamp in notes:
        try:
            note = ExpiryNote.of(_opened(content, key))
            if name != f"{note.keep}-{note.month}":
                raise ValueError(name)
        except ValueError:
            judged.harms.append(Harm(HarmKind.EXPIRY_WRONG, 0, name))
            continue
        judged.notes[note.keep, note.month] = note
        _judge_stamp(judged, f"note {name}", content, stamp)
    return judged


def _judge_roots(judged: Judged, files: Iterable[Laid], key: Ed25519PublicKey | None) -> None:
    before: Root | None = None
    before_digest: str | None = GENESIS
    expected = 1
    for name, content, stamp in files:
        number = int(name) if name.isdigit() else 0
        what = f"root {number or name}"
        for lost in range(expected, number):
            judged.harms.append(Harm(HarmKind.ROOT_DELETED, 0, f"root {lost}"))
            before, before_digest = None, None
        judged.digests[number] = digest(content)
        expected = number + 1
        try:
            root = Root.of(_opened(content, key))
            follows = before is None or root.first_position == before.last_position + 1
            is_next = before_digest is None or root.previous_root == before_digest
            if root.number != number or not follows or not is_next:
                raise ValueError(name)
        except ValueError:
            judged.harms.append(Harm(HarmKind.ROOT_ALTERED, 0, what))
            before, before_digest = None, None
            continue
        judged.roots.append(root)
        _judge_stamp(judged, what, content, stamp)
        before, before_digest = root, digest(content)


def _judge_stamp(judged: Judged, what: str, content: bytes, stamp: bytes | None) -> None:
    if stamp is None:
        judged.unstamped += 1
        return
    try:
        judged.authorities.add(read_stamp(stamp, content).authority)
    except ValueError:
        judged.harms.append(Harm(HarmKind.STAMP_WRONG, 0, what))


def _opened(content: bytes, key: Ed25519PublicKey | None) -> dict[str, object]:
    if key is None:
        raise ValueError("no key")
    return opened(content, key)
