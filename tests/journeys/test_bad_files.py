"""Files nobody can use, brought to the door of a running office: refused in words, nothing kept."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Final

import pikepdf
import pytest

from nhactruong.records.extraction.tests import sample_letters as samples
from tests.journeys.doorstep import INTAKE, MULTIPART, Clerk, look_behind, peaks, within
from tests.journeys.office import Installation

pytestmark = pytest.mark.journey

MIB: Final = 1_048_576
LIMIT: Final = 200 * MIB
BOUND: Final = 256 * MIB


@pytest.fixture(scope="module")
def clerk(office: Installation) -> Clerk:
    return Clerk(office, "nhan.bui")


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.text_pdf(samples.REPORT, tmp_path_factory.mktemp("giay") / "bao-cao.pdf")


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.word_file(samples.REPORT, tmp_path_factory.mktemp("giay") / "bao-cao.docx")


def _with_part(word: Path, name: str, content: bytes) -> bytes:
    packed = io.BytesIO(word.read_bytes())
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def _locked(letter: Path) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(letter) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="kín", owner="kín"))
    return out.getvalue()


#: Name at the door → (its bytes, what the clerk is told).
BAD: Final[dict[str, tuple[Callable[[Path, Path], bytes], str]]] = {
    "rong.pdf": (lambda letter, word: b"", "Tệp không có nội dung (0 byte)."),
    "mat-khau.pdf": (lambda letter, word: _locked(letter), "mật khẩu"),
    "mat-khau.docx": (
        lambda letter, word: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
        + "EncryptedPackage".encode("utf-16-le") + bytes(100),
        "mật khẩu",
    ),
    "hong.pdf": (lambda letter, word: letter.read_bytes()[:-2000], "Tệp bị hỏng"),
    "rac.pdf": (lambda letter, word: b"%PDF-1.7\n" + b"\0\xff" * 5000 + b"%%EOF\n", "Tệp bị hỏng"),
    "macro.docx": (
        lambda letter, word: _with_part(word, "word/vbaProject.bin", b"\xd0\xcf"),
        "macro",
    ),
    "sai-duoi.pdf": (lambda letter, word: word.read_bytes(), "Tên tệp có đuôi “.pdf”"),
    "sai-duoi.docx": (lambda letter, word: letter.read_bytes(), "Tên tệp có đuôi “.docx”"),
    "ma-doc.exe": (lambda letter, word: b"MZ\x90\0" + bytes(500), "Loại tệp này chưa nhận được."),
    "bom.docx": (
        lambda letter, word: _with_part(word, "word/media/anh.bmp", bytes(40 * MIB)),
        "Tệp bung ra quá lớn",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_file_nobody_can_use_is_refused_in_words_and_leaves_nothing(
    office: Installation, clerk: Clerk, letter: Path, word: Path, tmp_path: Path, name: str
) -> None:
    make, sentence = BAD[name]
    (tmp_path / name).write_bytes(make(letter, word))
    before = look_behind(office)
    page = clerk.bring(tmp_path / name)
    assert page.status == 422
    said = unescape(page.text)
    assert "Có tệp chưa nhận được" in said and name in said and sentence in said
    told = clerk.bring(tmp_path / name, accept="application/json")
    assert told.status == 422 and told.headers["content-type"] == "application/problem+json"
    assert sentence in told.json()["title"] and told.json()["code"].startswith("file.")
    assert look_behind(office) == before
    assert not before.unfinished


def test_a_name_that_points_elsewhere_is_only_a_name(
    office: Installation, clerk: Clerk, tmp_path: Path
) -> None:
    (tmp_path / "rong").touch()
    before = look_behind(office)
    for name in ("../../etc/passwd", "..\\..\\a.pdf", "a\tb.pdf", "ễ" * 300 + ".pdf", ".pdf"):
        assert clerk.bring(tmp_path / "rong", name).status == 422
    assert look_behind(office) == before


def test_one_byte_over_the_limit_is_refused_before_the_body_is_read(
    office: Installation, clerk: Clerk
) -> None:
    before = look_behind(office)
    head, tail = clerk.envelope("qua-muc.pdf")
    headers = {
        "Content-Type": MULTIPART,
        "Content-Length": str(len(head) + LIMIT + 1 + len(tail)),
    }
    first = head + b"%PDF-1.7\n" + bytes(4096)
    status, text, cut = clerk.announce(INTAKE, headers, first)
    assert (status, cut) == (413, True)
    assert "Tệp nặng 201 MB, quá mức 200 MB" in text
    status, text, _ = clerk.announce(INTAKE, {**headers, "Accept": "application/json"}, first)
    assert status == 413 and "file.too_large" in text
    assert look_behind(office) == before


def test_a_body_far_over_the_limit_is_refused_by_its_announcement_alone(
    office: Installation, clerk: Clerk
) -> None:
    before = look_behind(office)
    for length in (LIMIT + 2 * MIB, 10**12, 10**17):
        headers = {"Content-Type": MULTIPART, "Content-Length": str(length)}
        status, text, cut = clerk.announce(INTAKE, headers, b"")
        assert (status, cut) == (413, True)
        assert "quá mức 200 MB" in text
    chunked = {"Content-Type": MULTIPART, "Transfer-Encoding": "chunked"}
    status, text, cut = clerk.announce(INTAKE, chunked, b"5\r\nhello\r\n")
    assert (status, cut) == (413, True)
    assert "không nói rõ độ lớn" in text
    assert look_behind(office) == before


@pytest.mark.parametrize("path", ["/du-thao/moi/", "/dang-nhap/", "/api/v1/me"])
def test_where_no_file_belongs_a_large_body_is_not_read(clerk: Clerk, path: str) -> None:
    for kind in (MULTIPART, "application/json", "application/x-www-form-urlencoded"):
        headers = {"Content-Type": kind, "Content-Length": str(5 * MIB)}
        status, text, _ = clerk.announce(path, headers, b"")
        assert status == 413, (path, kind)
        assert "quá mức 4 MB" in (text if "<html" in text else json.loads(text)["title"])


def test_a_stranger_sends_no_large_body(office: Installation, clerk: Clerk) -> None:
    stranger = Clerk(office, "nhan.bui")
    stranger.cookies.pop("sessionid")
    headers = {"Content-Type": MULTIPART, "Content-Length": str(50 * MIB)}
    status, _, _ = stranger.announce(INTAKE, headers, b"")
    assert status == 413


def test_an_upload_that_breaks_off_leaves_nothing(office: Installation, clerk: Clerk) -> None:
    before = look_behind(office)
    head, _ = clerk.envelope("dut-giua-chung.pdf")
    headers = {"Content-Type": MULTIPART, "Content-Length": str(50 * MIB)}
    clerk.hang_up(headers, head + b"%PDF-1.7\n" + bytes(8 * MIB))
    assert within(30, lambda: look_behind(office) == before)


def of_exactly(size: int, letter: Path, path: Path) -> Path:
    """The letter as a sound PDF of that many bytes: comments before a last pointer to its table."""
    whole = letter.read_bytes()
    pointer = whole[whole.rindex(b"startxref") :].rstrip() + b"\n"
    line = b"%" + b"x" * 1022 + b"\n"
    with path.open("wb") as file:
        file.write(whole.rstrip() + b"\n")
        left = size - file.tell() - len(pointer)
        for _ in range(left // len(line) - 1):
            file.write(line)
        rest = left % len(line) + len(line)
        file.write(b"%" + b"y" * (rest - 2) + b"\n")
        file.write(pointer)
    assert path.stat().st_size == size
    return path


def test_a_file_of_exactly_the_limit_is_received_in_little_memory(
    office: Installation, clerk: Clerk, letter: Path, tmp_path: Path
) -> None:
    heavy = of_exactly(LIMIT, letter, tmp_path / "dung-muc.pdf")
    before = look_behind(office)
    with peaks(office) as peak:
        received = clerk.bring(heavy, accept="application/json")
        assert received.status == 201, received.text
        after = look_behind(office)
    assert after.receipts == before.receipts + 1
    assert len(after.stored - before.stored) == 1
    assert not after.unfinished
    assert 0 < peak.web <= BOUND, f"web: {peak.web / MIB:.0f} MiB"
    assert 0 < peak.child <= BOUND, f"child: {peak.child / MIB:.0f} MiB"
    page = clerk.send("GET", received.json()["url"])
    assert page.status == 200 and samples.REPORT.reference_code in unescape(page.text)
