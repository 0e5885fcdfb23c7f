"""From the first start to the stop, and through every kind of sudden death between."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import psycopg
import pytest

from nhactruong.assembly.supervision.database import borrowed, cluster_of
from nhactruong.assembly.tests.offices import Office, within

PROMISED_SECONDS = 5.0


def subjects(office: Office) -> list[str]:
    with psycopg.connect(cluster_of(office.installation).application_url) as database:
        return [subject for (subject,) in database.execute("SELECT subject FROM document")]


def test_the_first_start_prepares_everything_and_the_second_repeats_nothing(
    office: Callable[..., Office],
) -> None:
    one = office()
    one.start()
    assert one.answers()
    assert any("Tạo cơ sở dữ liệu" in line for line in one.told)
    assert any(f"http://127.0.0.1:{one.port}/" in line for line in one.told)
    assert "  lan.vt\n" in one.told
    assert subjects(one) == ["of nhactruong_app"]
    assert one.stop() == 0

    one.start()
    steps = "".join(one.told)
    assert "Cập nhật cấu trúc" not in steps and "Nạp dữ liệu mẫu" not in steps
    assert subjects(one) == ["of nhactruong_app"]


def test_a_wish_to_stop_ends_web_worker_and_database(office: Callable[..., Office]) -> None:
    one = office()
    one.start()
    server = one.postgres_pid()
    assert one.stop() == 0
    assert one.told[-1] == "Đã dừng.\n"
    assert one.processes() == [] and not os.path.exists(f"/proc/{server}")  # noqa: PTH110
    log = (one.installation.log_folder / "postgres.log").read_text(encoding="utf-8")
    assert "database system is shut down" in log


@pytest.mark.parametrize("word", ["http.server", "stand-in-worker"])
def test_a_killed_child_is_back_within_the_promise(
    office: Callable[..., Office], word: str
) -> None:
    one = office()
    one.start()
    before = one.child_pid(word)
    os.kill(before, signal.SIGKILL)
    assert within(PROMISED_SECONDS, lambda: one.child_pid(word) not in (0, before))
    assert within(PROMISED_SECONDS, one.answers)


def test_a_killed_database_is_back_within_the_promise_with_its_data(
    office: Callable[..., Office],
) -> None:
    one = office()
    one.start()
    for _ in range(3):
        before = one.postgres_pid()
        os.kill(before, signal.SIGKILL)
        assert within(PROMISED_SECONDS, lambda before=before: one.postgres_pid() not in (0, before))
        assert subjects(one) == ["of nhactruong_app"]


def test_a_killed_supervisor_leaves_no_orphan_and_the_next_start_works(
    office: Callable[..., Office],
) -> None:
    one = office()
    one.start()
    one.kill()
    assert within(PROMISED_SECONDS, lambda: not one.processes())
    one.start()
    assert one.answers() and subjects(one) == ["of nhactruong_app"]


def test_a_command_shares_the_database_of_a_running_office(office: Callable[..., Office]) -> None:
    one = office()
    one.start()
    server = one.postgres_pid()
    with borrowed(one.installation, "test") as environment:
        psycopg.connect(environment["DATABASE_URL"]).close()
    assert one.postgres_pid() == server


def test_a_command_alone_starts_the_database_and_stops_it_again(
    office: Callable[..., Office],
) -> None:
    one = office()
    with borrowed(one.installation, "test") as environment:
        psycopg.connect(environment["DATABASE_URL"]).close()
        assert one.postgres_pid() != 0
    assert one.postgres_pid() == 0


def test_what_a_power_cut_left_half_made_is_gone_after_the_next_start(
    office: Callable[..., Office],
) -> None:
    one = office()
    one.installation.prepare_folders()
    upload = one.installation.temporary_folder / "nua-chung.upload.pdf"
    store = one.installation.var / "files" / "incoming"
    store.mkdir(parents=True)
    old, fresh = store / "cu", store / "moi"
    for piece in (upload, old, fresh):
        piece.write_bytes(b"%PDF-")
    os.utime(old, (0, 0))
    one.start()
    assert not upload.exists() and not old.exists()
    assert fresh.exists(), "another machine may be writing it"
