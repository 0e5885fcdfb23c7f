"""A start that must not go on: one Vietnamese sentence, one documented exit code."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from nhactruong.assembly.supervision import checks
from nhactruong.assembly.supervision.installation import Installation, from_environ
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal
from nhactruong.assembly.tests.offices import Office

OPERATORS_PAGE = Path(__file__).parents[4] / "docs" / "how-it-works" / "operations.md"


def assert_one_sentence(told: str) -> None:
    assert told.endswith(".\n") and told.count("\n") == 1, told
    assert "Traceback" not in told


def test_a_busy_port_is_named_and_nothing_is_created(office: Callable[..., Office]) -> None:
    newcomer = office()
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", newcomer.port))
        stranger.listen()
        code, told = newcomer.refused()
    assert code == ExitCode.PORT_BUSY
    assert f"127.0.0.1:{newcomer.port}" in told
    assert_one_sentence(told)
    assert not newcomer.installation.cluster_folder.exists()


def test_a_silent_database_is_named_without_its_password(office: Callable[..., Office]) -> None:
    code, told = office(DATABASE_URL="postgresql://lan:mat-khau-rieng@127.0.0.1:1/kho").refused()
    assert code == ExitCode.DATABASE_SILENT
    assert "127.0.0.1" in told and "mat-khau-rieng" not in told
    assert_one_sentence(told)


def test_a_second_start_on_the_same_folder_is_refused(office: Callable[..., Office]) -> None:
    first, second = office(), office()
    first.start()
    code, told = second.refused()
    assert code == ExitCode.ALREADY_RUNNING
    assert first.process is not None and str(first.process.pid) in told
    assert_one_sentence(told)
    assert first.answers()


def test_a_failed_migration_stops_the_start_and_leaves_nothing_running(
    office: Callable[..., Office],
) -> None:
    broken = office(STAND_IN_MIGRATE="echo 'relation is broken'; exit 3")
    code, told = broken.refused()
    assert code == ExitCode.MIGRATION_FAILED
    assert "relation is broken" in told
    assert_one_sentence(told)
    assert broken.processes() == []


def test_a_web_server_that_dies_at_once_stops_the_start(office: Callable[..., Office]) -> None:
    broken = office(STAND_IN_WEB="echo 'no settings'; exit 1")
    code, told = broken.refused()
    assert code == ExitCode.CHILD_FAILED
    assert "web" in told and "no settings" in told
    assert_one_sentence(told)
    assert broken.processes() == []


def test_a_state_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    installation = from_environ({"NHACTRUONG_VAR": str(tmp_path / "file" / "var")})
    with pytest.raises(Refusal) as refused:
        installation.prepare_folders()
    assert refused.value.exit_code is ExitCode.STATE_FOLDER_UNUSABLE


def test_a_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=499_999_999))
    with pytest.raises(Refusal, match="chỉ còn 499 MB") as refused:
        checks.space_left(from_environ({"NHACTRUONG_VAR": str(tmp_path)}))
    assert refused.value.exit_code is ExitCode.DISK_FULL


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LIBRARIES", ("django", "khong_co_thu_vien_nay"))
    with pytest.raises(Refusal, match="khong_co_thu_vien_nay") as refused:
        checks.libraries_present()
    assert refused.value.exit_code is ExitCode.LIBRARY_MISSING


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NHACTRUONG_ENV", "staging"),
        ("NHACTRUONG_BIND", "8000"),
        ("NHACTRUONG_BIND", "127.0.0.1:99999"),
        ("DATABASE_URL", "mysql://root@localhost/kho"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(name: str, value: str) -> None:
    with pytest.raises(Refusal, match=name) as refused:
        from_environ({name: value})
    assert refused.value.exit_code is ExitCode.SETTING_INVALID


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    elsewhere = Installation(tmp_path, "192.0.2.1", 8000, "sample", None, None)
    with pytest.raises(Refusal) as refused:
        checks.port_free(elsewhere)
    assert refused.value.exit_code is ExitCode.SETTING_INVALID


def test_the_operators_page_lists_every_exit_code() -> None:
    listed = re.findall(r"^\| (\d+) \|", OPERATORS_PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {int(code) for code in listed} == {*map(int, ExitCode), 130}
