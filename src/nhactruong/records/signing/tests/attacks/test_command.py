"""`nhactruong signature verify` on files of every situation. Source: signatures.md 6.2."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from nhactruong.assembly.cli import judging, main
from nhactruong.records.signing.engine.testpki import Variant
from nhactruong.records.signing.tests import samples, tampering
from nhactruong.records.signing.tests.attacks import foreign, papers
from nhactruong.records.signing.tests.conftest import CHECKED_AT, SEALED_AT, SIGNED_AT, Office

DAY = timedelta(days=1)
YEARS_LATER = datetime(2035, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Situation:
    """A file, what is to be said of it, and the options of the command."""

    name: str
    make: Callable[[Office], bytes]
    verdict: str
    reasons: set[str] = field(default_factory=set)
    time_source: str = "timestamp"
    options: str = "usual"


def stamped(office: Office, stable_id: str, variant: Variant = Variant.ORDINARY) -> bytes:
    signer = office.pki.person("Trần Thị Mẫu", "", stable_id, variant=variant)
    return tampering.freely_signed(
        papers.paper(), signer, "Chu ky", tsa=office.pki.tsa(SIGNED_AT), moment=SIGNED_AT
    )


def unstamped(office: Office, stable_id: str = "C-1") -> bytes:
    signer = office.pki.person("Trần Thị Mẫu", "", stable_id)
    return tampering.freely_signed(papers.paper(), signer, "Chu ky", moment=SIGNED_AT)


def revoked(office: Office, stable_id: str, at: datetime, paper: bytes) -> bytes:
    office.pki.revoke(office.pki.person("Trần Thị Mẫu", "", stable_id), at)
    return paper


def early(office: Office) -> bytes:
    moment = datetime(2023, 6, 1, tzinfo=UTC)
    return tampering.freely_signed(
        papers.paper(), office.leader, "Chu ky", tsa=office.pki.tsa(moment), moment=moment
    )


def stamped_by_a_stranger(office: Office) -> bytes:
    return tampering.freely_signed(
        papers.paper(),
        office.leader,
        "Chu ky",
        tsa=office.pki.tsa(SIGNED_AT, variant=Variant.OTHER_ROOT),
        moment=SIGNED_AT,
    )


def by_hand(digest: str) -> Callable[[Office], bytes]:
    return lambda office: foreign.signed_by_hand(
        papers.paper(), foreign.weak_message(office.leader, digest)
    )


def letter(office: Office) -> bytes:
    return office.seal(office.number(office.sign(samples.letter()).content)).content


def with_a_password(office: Office) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(stamped(office, "C-2"))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="khóa", owner="chủ"))
    return out.getvalue()


LATER, SOON = SIGNED_AT + timedelta(minutes=30), SIGNED_AT - DAY
SITUATIONS = (
    Situation("thu.pdf", letter, "valid"),
    Situation("co-dau-thoi-gian.pdf", lambda o: stamped(o, "C-3"), "valid"),
    Situation("tu-khai.pdf", unstamped, "valid_with_warnings", {"no_timestamp"}, "claimed"),
    Situation(
        "dau-la.pdf",
        stamped_by_a_stranger,
        "valid_with_warnings",
        {"timestamp_untrusted"},
        "claimed",
    ),
    Situation(
        "dau-cua-tep-khac.pdf",
        lambda o: foreign.with_time_stamp_of(stamped(o, "C-4"), stamped(o, "C-5")),
        "valid_with_warnings",
        {"timestamp_untrusted"},
        "claimed",
    ),
    Situation(
        "het-han.pdf",
        lambda o: stamped(o, "C-6", Variant.EXPIRED),
        "invalid",
        {"outside_validity"},
    ),
    Situation("chua-cap.pdf", early, "invalid", {"outside_validity"}),
    Situation(
        "sai-muc-dich.pdf",
        lambda o: stamped(o, "C-7", Variant.WRONG_USAGE),
        "invalid",
        {"wrong_usage"},
    ),
    Situation(
        "goc-la.pdf",
        lambda o: stamped(o, "C-8", Variant.OTHER_ROOT),
        "indeterminate",
        {"untrusted"},
    ),
    Situation(
        "thu-hoi-truoc.pdf",
        lambda o: revoked(o, "C-9", SOON, stamped(o, "C-9")),
        "invalid",
        {"revoked"},
    ),
    Situation(
        "thu-hoi-truoc-tu-khai.pdf",
        lambda o: revoked(o, "C-10", SOON, unstamped(o, "C-10")),
        "invalid",
        {"revoked", "no_timestamp"},
        "claimed",
    ),
    Situation(
        "thu-hoi-sau.pdf",
        lambda o: revoked(o, "C-11", LATER, stamped(o, "C-11")),
        "valid",
        {"revoked_later"},
    ),
    Situation(
        "thu-hoi-sau-tu-khai.pdf",
        lambda o: revoked(o, "C-12", LATER, unstamped(o, "C-12")),
        "indeterminate",
        {"revoked_no_proof", "no_timestamp"},
        "claimed",
    ),
    Situation(
        "sha1.pdf", by_hand("sha1"), "indeterminate", {"weak_algorithm", "no_timestamp"}, "none"
    ),
    Situation("md5.pdf", by_hand("md5"), "invalid", {"weak_algorithm", "no_timestamp"}, "none"),
    Situation("chua-ky.pdf", lambda o: papers.paper(), "unsigned"),
    Situation("mat-khau.pdf", with_a_password, "indeterminate", {"encrypted"}),
    Situation("rac.pdf", lambda o: b"%PDF-1.7 rubbish" * 99, "invalid", {"unreadable"}),
    Situation("khong-phai.pdf", lambda o: b"PK\x03\x04", "invalid", {"unreadable"}),
    Situation("rong.pdf", lambda o: b"", "invalid", {"unreadable"}),
    Situation("cut.pdf", lambda o: papers.paper()[:700], "invalid", {"unreadable"}),
    Situation(
        "khong-danh-sach.pdf",
        lambda o: stamped(o, "C-13"),
        "indeterminate",
        {"no_revocation_info", "timestamp_untrusted"},
        "claimed",
        options="no lists",
    ),
    Situation("thu-du-lieu-kem.pdf", letter, "valid", options="no lists"),
    Situation(
        "khac-goc.pdf",
        lambda o: stamped(o, "C-14"),
        "indeterminate",
        {"untrusted", "timestamp_untrusted"},
        "claimed",
        options="other root",
    ),
    Situation("thu-nhieu-nam-sau.pdf", letter, "valid", options="years later"),
    Situation(
        "tu-khai-nhieu-nam-sau.pdf",
        unstamped,
        "valid_with_warnings",
        {"no_timestamp", "expired_now"},
        "claimed",
        options="years later",
    ),
)


@dataclass(frozen=True)
class Desk:
    """A folder with roots, revocation lists and the options that name them."""

    folder: Path
    office: Office

    def options(self, kind: str) -> list[str]:
        now = YEARS_LATER if kind == "years later" else CHECKED_AT
        root = "other-root" if kind == "other root" else "root"
        trust = self.kept(f"{root}.pem", self.office.pki.certificate_pem(root))
        lists: list[str] = []
        for number, der in enumerate(() if kind == "no lists" else self.office.pki.crls(now)):
            lists += ["--crl", self.kept(f"{kind}-{number}.crl", der)]
        return ["--trust", trust, *lists, "--at", now.isoformat()]

    def kept(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)


@pytest.fixture(scope="module")
def desk(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"), office)


@pytest.fixture(scope="module")
def files(desk: Desk) -> dict[str, str]:
    """Every situation's file, kept once."""
    return {one.name: desk.kept(one.name, one.make(desk.office)) for one in SITUATIONS}


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main(["signature", "verify", *words, "--json"]) == 0
    shown: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return shown


@pytest.mark.parametrize("kind", sorted({one.options for one in SITUATIONS}))
def test_every_situation_has_its_verdict(
    desk: Desk, files: dict[str, str], capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    meant = [one for one in SITUATIONS if one.options == kind]
    found = told(capsys, *(files[one.name] for one in meant), *desk.options(kind))
    for one, answer in zip(meant, found, strict=True):
        assert answer["file"] == files[one.name]
        assert answer["verdict"] == one.verdict, answer
        signatures = answer["signatures"]
        reasons = {code for signature in signatures for code in signature["reasons"]}
        assert (reasons or set(answer["reasons"])) == one.reasons, answer
        for signature in signatures:
            assert signature["time_source"] == one.time_source, answer
            assert (signature["signed_at"] is None) == (one.time_source == "none")


def test_what_is_told_of_one_signature(
    desk: Desk, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (letter_told,) = told(capsys, files["thu.pdf"], *desk.options("usual"))
    assert letter_told["signatures"][0] == {
        "field": "SIG_PERSON_1",
        "verdict": "valid",
        "signer": "Nguyễn Thị Hạnh",
        "signed_at": SIGNED_AT.isoformat(),
        "time_source": "timestamp",
        "coverage": "entire_revision",
        "changes": ["form_filling", "new_signature", "validation_data"],
        "level": "B-LTA",
        "reasons": [],
    }
    assert letter_told["signatures"][1]["signer"] == "Tỉnh ủy Sông Lam"
    assert letter_told["signatures"][1]["signed_at"] == SEALED_AT.isoformat()


def test_a_bad_file_does_not_stop_the_others(
    desk: Desk,
    files: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "LARGEST_BYTES", 100_000_000)
    huge = desk.folder / "lon.pdf"
    with huge.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(100_000_001)
    good = files["thu.pdf"]
    words = [
        good,
        str(desk.folder / "khong-co.pdf"),
        str(desk.folder),
        str(huge),
        "/dev/null",
        good,
    ]
    found = told(capsys, *words, *desk.options("usual"))
    verdicts = [one["verdict"] for one in found]
    assert verdicts == ["valid", "invalid", "invalid", "indeterminate", "invalid", "valid"]
    assert found[3]["reasons"] == ["not_judged"]


def test_a_file_that_kills_its_reader_is_not_judged(
    desk: Desk,
    files: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "_SECONDS", 0)
    (found,) = told(capsys, files["thu.pdf"], *desk.options("usual"))
    assert found["verdict"] == "indeterminate"
    assert found["reasons"] == ["not_judged"]


def test_people_read_sentences(desk: Desk, files: dict[str, str]) -> None:
    """In a process of its own, without settings, database or Django."""
    script = (
        "import sys; from nhactruong.assembly.cli import main; code = main(sys.argv[1:]); "
        "sys.exit(code or int('django' in sys.modules))"
    )
    words = [files[name] for name in ("thu.pdf", "tu-khai.pdf", "chua-ky.pdf", "rac.pdf")]
    options = desk.options("usual")
    done = subprocess.run(
        [sys.executable, "-c", script, "signature", "verify", *options, *words],
        env={"PYTHONPATH": ":".join(filter(None, sys.path)), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "thu.pdf: HỢP LỆ. Tệp có 2 chữ ký số, tất cả đều hợp lệ." in done.stdout
    assert "dấu thời gian 09:30:00 ngày 23/11/2026." in done.stdout
    assert "tu-khai.pdf: HỢP LỆ, CẦN LƯU Ý." in done.stdout
    assert "Ký lúc 09:30:00 ngày 23/11/2026 (tự khai)." in done.stdout
    assert "chua-ky.pdf: KHÔNG CÓ CHỮ KÝ SỐ." in done.stdout
    assert "rac.pdf: KHÔNG HỢP LỆ." in done.stdout


@pytest.mark.parametrize(
    "wrong",
    [
        ["--trust", "{rubbish}"],
        ["--trust", "{missing}"],
        ["--trust", "{folder}"],
        ["--trust", "{root}", "--crl", "{rubbish}"],
        ["--trust", "{root}", "--crl", "{missing}"],
        ["--trust", "{root}", "--crl", "{root}"],
        ["--trust", "{root}", "--at", "hôm qua"],
        ["--trust", "{root}", "--at", "2026-13-01"],
        ["--trust", "{root}", "--at", "0001-01-01T00:00:00+14:00"],
    ],
)
def test_a_wrong_option_is_one_sentence(
    desk: Desk, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    places = {
        "rubbish": desk.kept("rac.txt", b"-----BEGIN CERTIFICATE-----\nabc\n"),
        "missing": str(desk.folder / "khong-co"),
        "folder": str(desk.folder),
        "root": desk.kept("goc.pem", desk.office.pki.certificate_pem("root")),
    }
    words = [word.format(**places) for word in wrong]
    assert main(["signature", "verify", "tep.pdf", *words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(wrong[-2])
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [[], ["verify"], ["verify", "a.pdf"], ["sign", "a.pdf"], ["verify", "--trust", "a.pem"]],
)
def test_a_missing_option_is_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["signature", *words])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("Lệnh chưa đúng: ")


def test_roots_and_lists_come_as_people_keep_them(
    desk: Desk, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """DER or PEM, several in one file, lists one after another, office time without a zone."""
    pki = desk.office.pki
    every = b"Vietnamese text\n" + b"".join(
        pki.certificate_pem(label) for label in ("other-root", "root", "issuing")
    )
    bundle = desk.kept("nhieu.pem", every)
    lists = [desk.kept(f"d{number}.crl", der) for number, der in enumerate(pki.crls(CHECKED_AT))]
    at = "2026-11-23T11:30"
    name = files["co-dau-thoi-gian.pdf"]
    (found,) = told(capsys, name, "--trust", bundle, "--at", at, "--crl", *lists)
    assert found["verdict"] == "valid"
    (found,) = told(
        capsys, "--at", at, "--crl", lists[0], "--crl", lists[1], "--trust", bundle, name
    )
    assert found["verdict"] == "valid"
