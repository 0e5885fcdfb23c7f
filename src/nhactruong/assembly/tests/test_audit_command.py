"""`nhactruong audit`: what an operator and a machine read, and the exit codes that are promised."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection

from nhactruong.assembly.cli import main
from nhactruong.assembly.worker import keep_record
from nhactruong.foundation.audit import commands
from nhactruong.kernel.actor import service_actor

pytestmark = pytest.mark.django_db

TOOL = Path(configured.VENDOR_FOLDER).parent / "tools" / "verify_audit.py"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A shelf and a key of this test's own, three acts in the record, the first root made."""
    settings.AUDIT_SHELF = tmp_path / "shelf"
    settings.AUDIT_KEY = tmp_path / "root-key.pem"
    for name in ("một", "hai", "ba"):
        commands.record(service_actor("test", "Văn thư thử"), "test.act", tên=name)
    assert main(["audit", "root"]) == 0
    keep_record()
    return tmp_path


def alone(folder: Path) -> subprocess.CompletedProcess[str]:
    """The stand-alone verifier in a process without our code."""
    return subprocess.run(
        [sys.executable, "-I", str(TOOL), str(folder)], capture_output=True, text=True, check=False
    )


def test_a_whole_record_is_verified_taken_out_and_verified_elsewhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "root"]) == 0
    assert "Dấu niêm 2: mắt xích 4–4." in capsys.readouterr().out
    assert main(["audit", "verify"]) == 0
    assert "Nhật ký nguyên vẹn." in capsys.readouterr().out
    assert main(["audit", "export", str(folder / "export")]) == 0
    assert "Đã xuất 4 mắt xích (1–4), 4 dòng" in capsys.readouterr().out
    told = alone(folder / "export")
    assert (told.returncode, told.stdout.splitlines()[1]) == (0, "the record holds")


def test_harm_has_its_own_exit_code_in_words_and_for_machines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE audit_auditrow SET person_name = 'kẻ khác' WHERE facts->>'tên' = 'hai'"
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    capsys.readouterr()
    assert main(["audit", "verify"]) == 25
    told = capsys.readouterr().out
    assert "NHẬT KÝ BỊ XÂM PHẠM, 1 chỗ:" in told and "mắt xích 2: dòng bị sửa" in told
    assert main(["audit", "verify", "--json"]) == 25
    data = json.loads(capsys.readouterr().out)
    assert (data["holds"], data["harm_count"], data["links"]) == (False, 1, 3)
    assert data["harms"][0]["kind"] == "altered"
    main(["audit", "export", str(folder / "export")])
    told_alone = alone(folder / "export")
    assert told_alone.returncode == 1
    assert "altered at 2" in told_alone.stdout


def test_a_tail_cut_off_an_export_is_named_and_a_tail_without_root_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.seal_chain()
    capsys.readouterr()
    assert main(["audit", "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unanchored_from"] == 4
    assert main(["audit", "verify"]) == 0
    assert "từ mắt xích 4 trở đi chưa có dấu niêm" in capsys.readouterr().out
    main(["audit", "export", str(folder / "export")])
    whole = alone(folder / "export")
    assert whole.returncode == 0
    assert whole.stdout.splitlines()[1:] == ["the record holds", "unanchored from position 4"]
    links, rows = (folder / "export" / name for name in ("links.jsonl", "rows.jsonl"))
    for path in (links, rows):
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:3]))
    cut = alone(folder / "export")
    assert (cut.returncode, cut.stdout.splitlines()[1:]) == (1, ["truncated at 4 "])


def test_nothing_is_let_go_before_its_time_and_no_folder_is_overwritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["audit", "expire", "--yes"]) == 0
    assert main(["audit", "expire"]) == 0
    assert capsys.readouterr().out == "Chưa có tháng nào hết hạn lưu.\n"
    assert main(["audit", "export", str(folder)]) == 1
    assert "đã có tệp" in capsys.readouterr().err
    with pytest.raises(SystemExit) as left:
        main(["audit", "verify", "--from", "hôm qua"])
    assert left.value.code == 2
