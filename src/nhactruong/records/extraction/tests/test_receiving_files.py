"""The gate for received files: what it lets in, what it turns away and with which words."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from nhactruong.kernel.errors import InvalidInput
from nhactruong.records.extraction.engine import isolated
from nhactruong.records.extraction.engine.inspection import InspectedFile, inspect_upload
from nhactruong.records.extraction.engine.isolated import run_isolated
from nhactruong.records.extraction.engine.limits import MIB, Limits
from nhactruong.records.extraction.tests import sample_letters as samples


def refusal(path: Path, name: str = "", limits: Limits | None = None) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        inspect_upload(path, name or path.name, limits or Limits())
    sentence = caught.value.sentence
    assert "%" not in sentence
    assert "!" not in sentence
    return caught.value


def repacked(source: Path, target: Path, extra: dict[str, bytes], **changes: bytes) -> Path:
    """The archive with parts added; `changes` replaces bytes inside `[Content_Types].xml`."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, content in extra.items():
            new.writestr(name, content)
    return target


def test_a_pdf_a_word_file_and_scans_are_let_in(
    tmp_path: Path, report_pdf: Path, report_docx: Path
) -> None:
    shot = samples.scan_of(report_pdf, dpi=80)[0]
    for form, name in (("PNG", "a.png"), ("JPEG", "a.jpeg")):
        (tmp_path / name).write_bytes(samples.picture_bytes(shot, form))
    shot.save(tmp_path / "a.tif", save_all=True, append_images=[shot, shot])

    assert inspect_upload(report_pdf, "Báo cáo.PDF") == InspectedFile(
        "pdf", "application/pdf", 1, report_pdf.stat().st_size
    )
    assert inspect_upload(report_docx, "Báo cáo.docx").kind == "docx"
    assert inspect_upload(report_docx, "Báo cáo.docx").pages is None
    assert inspect_upload(tmp_path / "a.png", "a.png").media_type == "image/png"
    assert inspect_upload(tmp_path / "a.jpeg", "anh.jpg").pages == 1
    assert inspect_upload(tmp_path / "a.tif", "a.TIF").pages == 3


def test_an_empty_file_is_turned_away(tmp_path: Path) -> None:
    (tmp_path / "rong.pdf").touch()
    assert refusal(tmp_path / "rong.pdf").code == "file.empty"


def test_the_limit_is_let_in_and_one_byte_more_is_not(report_pdf: Path) -> None:
    size = report_pdf.stat().st_size
    assert inspect_upload(report_pdf, "a.pdf", Limits(max_bytes=size)).size == size
    assert refusal(report_pdf, limits=Limits(max_bytes=size - 1)).code == "file.too_large"


def test_the_refusal_of_a_heavy_file_names_both_weights(tmp_path: Path) -> None:
    heavy = tmp_path / "nang.pdf"
    with heavy.open("wb") as file:
        file.truncate(214 * MIB)
    assert refusal(heavy).sentence.startswith("Tệp nặng 214 MB, quá mức 200 MB.")


def test_a_pdf_under_a_password_is_turned_away(tmp_path: Path, report_pdf: Path) -> None:
    with pikepdf.open(report_pdf) as pdf:
        pdf.save(tmp_path / "k.pdf", encryption=pikepdf.Encryption(user="abc", owner="xyz"))
        # A file anyone may open, only not print, is no secret to the clerk.
        pdf.save(tmp_path / "o.pdf", encryption=pikepdf.Encryption(user="", owner="xyz"))
    assert refusal(tmp_path / "k.pdf").code == "file.password"
    assert inspect_upload(tmp_path / "o.pdf", "o.pdf").pages == 1


@pytest.mark.parametrize("share", [0.2, 0.6, 0.97])
def test_a_pdf_cut_off_on_the_way_is_turned_away(
    tmp_path: Path, report_pdf: Path, share: float
) -> None:
    whole = report_pdf.read_bytes()
    (tmp_path / "cut.pdf").write_bytes(whole[: int(len(whole) * share)])
    assert refusal(tmp_path / "cut.pdf").code == "file.broken"


def test_a_pdf_cut_off_in_its_last_update_does_not_pass_as_its_older_self(
    tmp_path: Path, report_pdf: Path
) -> None:
    update = b"\n9999 0 obj\n<< /Type /Annot /V (05) >>\nendobj\nxref\n0 1\n"
    (tmp_path / "cut.pdf").write_bytes(report_pdf.read_bytes() + update)
    assert refusal(tmp_path / "cut.pdf").code == "file.broken"


def test_a_word_file_with_macros_is_turned_away(tmp_path: Path, report_docx: Path) -> None:
    with_code = repacked(report_docx, tmp_path / "m.docx", {"word/vbaProject.bin": b"\xd0\xcf"})
    assert refusal(with_code).code == "file.macro"
    docm = tmp_path / "m.docm"
    with zipfile.ZipFile(report_docx) as old, zipfile.ZipFile(docm, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(
                b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                b"vnd.ms-word.document.macroEnabled.main",
            )
            new.writestr(name, part)
    assert refusal(docm).code == "file.macro"
    renamed = tmp_path / "renamed.docx"
    with zipfile.ZipFile(report_docx) as old, zipfile.ZipFile(renamed, "w") as new:
        for name in old.namelist():
            types = b'<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
            new.writestr(name, old.read(name).replace(b"</Types>", types))
        new.writestr("word/x.bin", b"\xd0\xcf")
    assert refusal(renamed).code == "file.macro"


def test_content_decides_and_not_the_name(
    tmp_path: Path, report_pdf: Path, report_docx: Path
) -> None:
    assert refusal(report_docx, "Công văn.pdf").code == "file.wrong_extension"
    assert refusal(report_pdf, "Công văn.docx").code == "file.wrong_extension"
    (tmp_path / "ma.pdf").write_bytes(b"MZ\x90\x00" + bytes(500))
    assert refusal(tmp_path / "ma.pdf").code == "file.wrong_extension"
    (tmp_path / "a.exe").write_bytes(b"MZ\x90\x00" + bytes(500))
    assert refusal(tmp_path / "a.exe").code == "file.unsupported"
    assert inspect_upload(report_pdf, "khong-duoi").kind == "pdf"


def test_old_and_locked_word_files_are_told_apart(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    (tmp_path / "cu.doc").write_bytes(ole)
    assert refusal(tmp_path / "cu.doc").code == "file.unsupported"
    (tmp_path / "k.docx").write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + bytes(100))
    assert refusal(tmp_path / "k.docx").code == "file.password"


def test_a_part_that_swells_is_turned_away_unopened(tmp_path: Path, report_docx: Path) -> None:
    bomb = repacked(report_docx, tmp_path / "b.docx", {"word/media/x.bmp": bytes(40 * MIB)})
    assert bomb.stat().st_size < MIB
    assert refusal(bomb).code == "file.zip_bomb"


def test_archives_within_archives_are_turned_away(tmp_path: Path, report_docx: Path) -> None:
    inner = tmp_path / "lib0.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a", b"0" * 1000)
    parts = {f"lib{i}.zip": inner.read_bytes() for i in range(16)}
    assert refusal(repacked(report_docx, tmp_path / "n.docx", parts)).code == "file.zip_bomb"


def test_thousands_of_parts_are_turned_away(tmp_path: Path, report_docx: Path) -> None:
    parts = {f"word/p{i}.xml": b"" for i in range(5200)}
    assert refusal(repacked(report_docx, tmp_path / "n.docx", parts)).code == "file.zip_bomb"


def test_a_lying_directory_is_no_way_round(tmp_path: Path, report_docx: Path) -> None:
    bomb = repacked(report_docx, tmp_path / "b.docx", {"word/media/x.bmp": bytes(40 * MIB)})
    size = (40 * MIB).to_bytes(4, "little")
    bomb.write_bytes(bomb.read_bytes().replace(size, (1000).to_bytes(4, "little")))
    assert refusal(bomb).code == "file.broken"


def test_entities_in_a_word_file_are_turned_away(tmp_path: Path, report_docx: Path) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>'
    target = tmp_path / "x.docx"
    with zipfile.ZipFile(report_docx) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, laughs if name == "word/document.xml" else old.read(name))
    assert refusal(target).code == "file.doctype"


def test_a_word_file_with_a_damaged_part_is_turned_away(tmp_path: Path, report_docx: Path) -> None:
    content = bytearray(report_docx.read_bytes())
    start = content.index(b"word/document.xml") + 60
    content[start : start + 40] = bytes(40)
    (tmp_path / "h.docx").write_bytes(content)
    assert refusal(tmp_path / "h.docx").code == "file.broken"


def test_a_picture_that_unpacks_too_large_or_is_cut_off_is_turned_away(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "to.png")
    fault = refusal(tmp_path / "to.png")
    assert (fault.code, fault.facts["width"]) == ("file.picture_too_large", 20_000)
    Image.effect_noise((400, 400), 50).save(tmp_path / "a.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "a.png").read_bytes()[:5000])
    assert refusal(tmp_path / "cut.png").code == "file.broken"


def minimal_pdf(pages: bytes, extra: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj" + pages + b"endobj\n"
        + extra
        + b"trailer<</Root 1 0 R/Size 9>>\nstartxref\n0\n%%EOF\n"
    )  # fmt: skip


def test_too_many_pages_and_page_trees_that_loop_are_turned_away(
    tmp_path: Path, report_pdf: Path
) -> None:
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    claims = minimal_pdf(b"<</Type/Pages/Count 100000/Kids[3 0 R]>>", page)
    (tmp_path / "nhieu.pdf").write_bytes(claims)
    assert refusal(tmp_path / "nhieu.pdf").code == "file.too_many_pages"
    loops = minimal_pdf(b"<</Type/Pages/Count 5/Kids[2 0 R 2 0 R 2 0 R]>>")
    (tmp_path / "vong.pdf").write_bytes(loops)
    assert refusal(tmp_path / "vong.pdf").code == "file.broken"
    with pikepdf.open(report_pdf) as pdf:
        for _ in range(4):
            pdf.pages.append(pdf.pages[0])
        pdf.save(tmp_path / "5.pdf")
    assert inspect_upload(tmp_path / "5.pdf", "5.pdf", Limits(max_pages=5)).pages == 5
    refused = refusal(tmp_path / "5.pdf", limits=Limits(max_pages=4))
    assert (refused.code, refused.facts) == ("file.too_many_pages", {"pages": 5, "limit": 4})


def test_a_child_that_dies_or_hangs_becomes_a_broken_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    targets = {"die": "os:abort", "hang": "time:sleep", "swell": "builtins:bytearray"}
    monkeypatch.setattr(isolated, "_FUNCTIONS", targets)
    monkeypatch.setattr(isolated, "_START_SECONDS", 1)
    for name, args in (("die", ()), ("swell", (900 * MIB,))):
        with pytest.raises(InvalidInput) as caught:
            run_isolated(name, *args, seconds=5)
        assert caught.value.code == "file.broken"
    with pytest.raises(InvalidInput) as caught:
        run_isolated("hang", 60, seconds=1)
    assert (caught.value.code, caught.value.facts["reason"]) == ("file.broken", "timeout")
    with pytest.raises(KeyError):
        run_isolated("os:system", "true")


def test_a_child_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setattr(isolated, "_FUNCTIONS", {"look": "os:getenv"})
    assert run_isolated("look", "LC_ALL") == "C.UTF-8"
    assert run_isolated("look", "DATABASE_URL") is None


def test_a_file_of_200_mb_costs_the_caller_little_memory(tmp_path: Path) -> None:
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R>>endobj\n"
    size = 200 * MIB - 4096
    opening = b"4 0 obj<</Length %d>>stream\n" % size
    head, _, tail = minimal_pdf(
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        page
        + opening
        + b"\x01endstream\nendobj\n5 0 obj<</Length 1>>stream\nq\nendstream\nendobj\n",
    ).partition(b"\x01")
    heavy = tmp_path / "nang.pdf"
    with heavy.open("wb") as file:
        file.write(head)
        file.seek(size, 1)
        file.write(tail)
    assert 199 * MIB < heavy.stat().st_size <= 200 * MIB
    script = (
        "import sys; from pathlib import Path\n"
        "from nhactruong.records.extraction.engine.inspection import inspect_upload\n"
        "pages = inspect_upload(Path(sys.argv[1]), 'nang.pdf').pages\n"
        "status = Path('/proc/self/status').read_text()\n"
        "print(pages, status.split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(heavy)], capture_output=True, text=True, check=True
    )
    pages, kibibytes = map(int, done.stdout.split())
    assert pages == 1
    assert kibibytes < 64 * 1024
