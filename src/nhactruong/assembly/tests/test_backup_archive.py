"""The archive of a backup: whole or refused, readable by its key only, never half a file left."""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import Any

import pyrage
import pytest

from nhactruong.assembly.cli import main
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.keeping import archive, keys, restoring
from nhactruong.assembly.supervision.keeping.backing_up import kept_files
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal


@pytest.fixture
def key(tmp_path: Path) -> tuple[str, Path]:
    """A public key and the file of its secret half."""
    secret = tmp_path / "khoa.txt"
    return keys.make_key(secret), secret


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A state folder with something of every sort in it."""
    folder = tmp_path / "var"
    for name, content in {
        "files/ab/cd/abcd": b"van ban" * 40_000,
        "files/incoming/tmp1": b"half an upload",
        "pki/root.pem": b"root",
        "audit/shelf/roots/000001.json": b"{}",
        "pg/PG_VERSION": b"17",
        "log/web.log": b"a line",
        "pictures/p.png": b"picture",
        "secret-key": b"secret",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "secret-key").chmod(0o600)
    return folder


def packed(var: Path, public: str) -> bytes:
    """The archive of what is kept of `var`."""
    target = io.BytesIO()

    def fill(writer: archive.Writer) -> None:
        for name, path in kept_files(var):
            writer.add(name, path)

    archive.write(target, keys.recipients([public]), archive.Manifest("0.1", "now"), fill)
    return target.getvalue()


def unpacked(content: bytes, secret: Path, folder: Path) -> archive.Manifest:
    """What comes out of an archive, written below `folder`."""
    folder.mkdir()
    with archive.opened(io.BytesIO(content), keys.identities(secret)) as tar:
        return archive.extract(tar, folder)


def test_what_cannot_be_made_again_is_kept_and_comes_back_byte_for_byte(
    var: Path, key: tuple[str, Path], tmp_path: Path
) -> None:
    back = tmp_path / "back"
    manifest = unpacked(packed(var, key[0]), key[1], back)
    assert set(manifest.entries) == {
        *("audit/shelf/roots/000001.json", "files/ab/cd/abcd", "pki/root.pem", "secret-key")
    }
    for name in manifest.entries:
        assert (back / name).read_bytes() == (var / name).read_bytes()
    assert stat.S_IMODE((back / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(key[1].stat().st_mode) == 0o600


def test_nothing_readable_lies_in_the_archive(var: Path, key: tuple[str, Path]) -> None:
    content = packed(var, key[0])
    assert b"van ban" not in content and b"secret-key" not in content


@pytest.mark.parametrize("harm", ["cut", "flipped", "cut by a little", "other key", "no archive"])
def test_a_harmed_archive_is_refused(
    harm: str, var: Path, key: tuple[str, Path], tmp_path: Path
) -> None:
    content, secret = packed(var, key[0]), key[1]
    if harm == "cut":
        content = content[: len(content) // 2]
    elif harm == "cut by a little":
        content = content[:-5]
    elif harm == "flipped":
        place = len(content) * 2 // 3
        content = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    elif harm == "other key":
        secret = tmp_path / "khoa-khac.txt"
        keys.make_key(secret)
    else:
        content = b"not an archive at all"
    with pytest.raises(Refusal) as refused:
        unpacked(content, secret, tmp_path / "back")
    assert refused.value.exit_code is ExitCode.BACKUP_DAMAGED


@pytest.mark.parametrize("fault", ["changed", "missing", "outside"])
def test_files_that_are_not_those_of_the_manifest_are_refused(
    fault: str, key: tuple[str, Path], tmp_path: Path
) -> None:
    """Whoever holds the public key can make an archive; it must still agree with itself."""
    one = tmp_path / "one"
    one.write_bytes(b"content")

    def fill(writer: archive.Writer) -> None:
        writer.add("../outside" if fault == "outside" else "files/one", one)
        if fault == "changed":
            writer.manifest.entries["files/one"] = archive.Entry(7, "0" * 64)
        if fault == "missing":
            writer.manifest.entries["files/two"] = archive.Entry(7, "0" * 64)

    target = io.BytesIO()
    archive.write(target, keys.recipients([key[0]]), archive.Manifest("0.1", "now"), fill)
    with pytest.raises(Refusal) as refused:
        unpacked(target.getvalue(), key[1], tmp_path / "back")
    assert refused.value.exit_code is ExitCode.BACKUP_DAMAGED
    assert not (tmp_path / "outside").exists()


def test_what_breaks_while_packing_is_told(key: tuple[str, Path]) -> None:
    def fill(_writer: archive.Writer) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        archive.write(io.BytesIO(), keys.recipients([key[0]]), archive.Manifest("0.1", "now"), fill)


def test_an_office_is_never_restored_over_another(var: Path) -> None:
    with pytest.raises(Refusal) as refused:
        restoring.require_empty(Installation(var, "127.0.0.1", 8000, "sample", None, None))
    assert refused.value.exit_code is ExitCode.STATE_FOLDER_UNUSABLE


def test_the_operator_is_told_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("NHACTRUONG_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("NHACTRUONG_BACKUP_TO", raising=False)
    assert main(["backup", str(tmp_path / "b.age")]) == ExitCode.WRONG_USAGE
    assert "--new-key" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "b.age"), "--to", "age1xyz"]) == ExitCode.WRONG_USAGE
    assert main(["backup", "--new-key", str(tmp_path / "k.txt")]) == ExitCode.DONE
    public = capsys.readouterr().out.split()[-1]
    assert str(pyrage.x25519.Recipient.from_str(public)) == public
    assert main(["backup", "--new-key", str(tmp_path / "k.txt")]) == ExitCode.FAILED
    assert main(["restore", "no.age", "--key", str(tmp_path / "none")]) == ExitCode.WRONG_USAGE
