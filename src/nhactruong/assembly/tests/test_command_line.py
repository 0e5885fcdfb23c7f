"""The operator's commands: quick to answer, in Vietnamese, readable by machines where promised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nhactruong.assembly.cli import COMMANDS, main
from nhactruong.assembly.supervision.children import rotate


def test_the_help_page_lists_every_command_in_vietnamese(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 0
    page = capsys.readouterr().out
    assert page.startswith("Cách dùng: nhactruong LỆNH")
    for name, (_, purpose) in COMMANDS.items():
        assert name in page and purpose in page


@pytest.mark.parametrize("words", [["khong-co"], ["up", "--nhanh"], ["demo"], ["demo", "token"]])
def test_wrong_usage_is_one_vietnamese_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("Lệnh chưa đúng: ") and told.count("\n") == 1
    assert "argument" not in told


def test_the_doctor_reports_to_machines_without_starting_django(tmp_path: Path) -> None:
    program = (
        "import sys; from nhactruong.assembly.cli import main; code = main(['doctor', '--json']);"
        "sys.exit(99 if 'django' in sys.modules else code)"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", program],
        env={"NHACTRUONG_VAR": str(tmp_path / "var"), "NHACTRUONG_BIND": "127.0.0.1:0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 17 and "NHACTRUONG_BIND" in outcome.stderr

    outcome = subprocess.run(
        [sys.executable, "-c", program],
        env={
            "NHACTRUONG_VAR": str(tmp_path / "var"),
            "DATABASE_URL": "postgresql://x@127.0.0.1:1/x",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    findings = {finding["check"]: finding for finding in json.loads(outcome.stdout)}
    assert findings["libraries"]["exit_code"] == 0
    assert findings["database"]["exit_code"] == 13 == outcome.returncode
    assert not (tmp_path / "var").exists()


def test_a_long_log_begins_anew_and_five_older_ones_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    for number in range(8):
        with log.open("a", encoding="utf-8") as file:
            file.write(f"lần {number} " * 10)
        assert rotate(log, limit_bytes=50)
        assert log.stat().st_size == 0
    kept = sorted(tmp_path.glob("web.log.*"))
    assert [one.name for one in kept] == [f"web.log.{number}" for number in range(1, 6)]
    assert kept[0].read_text(encoding="utf-8").startswith("lần 7")
    assert not rotate(log, limit_bytes=50)


def test_a_reader_who_has_seen_enough_is_no_fault() -> None:
    outcome = subprocess.run(
        ["sh", "-c", f"{{ {sys.executable} -m nhactruong.assembly.cli demo accounts; "
         "echo $? >&2; } | head -n 1"],
        env=os.environ | {"NHACTRUONG_ENV": "sample"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert outcome.stderr == "0\n" and outcome.stdout.count("\n") == 1
