"""Files as offices and their enemies make them: read as they mean, or refused in words."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from nhactruong.kernel.errors import InvalidInput
from nhactruong.masterdata.importing import engine
from nhactruong.masterdata.importing.engine import csv_file, opening
from nhactruong.masterdata.importing.engine.child import reader_for
from nhactruong.masterdata.importing.engine.opening import opened
from nhactruong.masterdata.importing.rules import (
    KINDS,
    ListCode,
    escaped,
    headings_of,
    order_of,
    read_row,
    unescaped,
)
from nhactruong.masterdata.importing.rules.cells import day_of
from nhactruong.masterdata.importing.taking_out import csv_lines
from nhactruong.masterdata.importing.taking_out import xlsx_file as workbook_of
from nhactruong.masterdata.importing.tests.files import PEOPLE, csv_of, person_row, xlsx_of

KIND = KINDS[PEOPLE]
ROW = person_row("CB-1", "Lê Văn An")


def rows_in(path: Path) -> list[list[str]]:
    with opened(path) as file:
        return [list(file.heading), *(cells for batch in file.batches for _, cells in batch)]


def put(folder: Path, content: bytes) -> Path:
    path = folder / "danh-sach"
    path.write_bytes(content)
    return path


def read_here(path: Path) -> list[list[str]]:
    """The rows without a child."""
    reader = import_module(f"{engine.__name__}.{reader_for(path.read_bytes()[:8])}")
    return list(reader.rows_of(path))


def refusal_of(path: Path, *, by_child: bool = False) -> InvalidInput:
    with pytest.raises(InvalidInput) as refused:
        (rows_in if by_child else read_here)(path)
    return refused.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("is_marked", [True, False])
def test_csv_of_any_office_program(tmp_path: Path, delimiter: str, is_marked: bool) -> None:
    content = csv_of(PEOPLE, [ROW, ["", "", ""], ROW], delimiter=delimiter)
    content = content if is_marked else content.removeprefix(b"\xef\xbb\xbf")
    for ends in (b"\r\n", b"\n", b"\r"):
        heading, first, *_ = read_here(put(tmp_path, content.replace(b"\r\n", ends)))
        assert order_of(KIND, heading) == list(range(11))
        assert first == ROW


def test_the_child_tells_rows_with_their_numbers(tmp_path: Path) -> None:
    with opened(put(tmp_path, csv_of(PEOPLE, [ROW, ["", " ", ""], ROW]))) as file:
        assert (list(file.heading), file.expected) == (headings_of(KIND), 3)
        numbers = [number for batch in file.batches for number, _ in batch]
    assert numbers == [2, 4], "an empty row is passed over and counted"


def test_a_workbook_with_days_numbers_and_formulas(tmp_path: Path) -> None:
    row = [123, "Lê Văn An", "A99.02", None, "Lái xe", None, 90.0, None, None,
           date(2025, 7, 1), "=TODAY()"]  # fmt: skip
    path = put(tmp_path, xlsx_of(PEOPLE, [row, row]))
    _, first, _ = rows_in(path)
    assert first[:1] + first[6:] == ["123", "90", "", "", "01/07/2025", "=TODAY()"]
    values, faults = read_row(KIND, first)
    assert (values["since"], [fault.column for fault in faults]) == (date(2025, 7, 1), ["until"])


def in_workbook(content: bytes, **parts: bytes) -> bytes:
    """The workbook with parts put in or put instead, by path with `__` for `/`."""
    out = io.BytesIO()
    named = {name.replace("__", "/"): part for name, part in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, named.pop(name, None) or old.read(name))
        for name, part in named.items():
            new.writestr(name, part)
    return out.getvalue()


def test_workbooks_that_are_not_taken(tmp_path: Path) -> None:
    plain = xlsx_of(PEOPLE, [ROW])
    doctype = b'<?xml version="1.0"?><!-- x --><!DOCTYPE a [<!ENTITY b "bbb">]><sst/>'
    wrong = {
        "file.macro": in_workbook(plain, **{"xl__vbaProject.bin": b"x"}),
        "file.links": in_workbook(plain, **{"xl__externalLinks__externalLink1.xml": b"<a/>"}),
        "file.zip_bomb": in_workbook(plain, **{"xl__media__x.xml": b"<a>" + b" " * 9_000_000}),
        "file.password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    }
    said = {code: refusal_of(put(tmp_path, content)).code for code, content in wrong.items()}
    assert said == {code: code for code in wrong}
    for broken in (in_workbook(plain, **{"xl__sharedStrings.xml": doctype}), plain[:-40],
                   in_workbook(plain, **{"xl__worksheets__sheet1.xml": b"<worksheet><row"})):  # fmt: skip
        assert refusal_of(put(tmp_path, broken)).code == "file.broken"
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert refusal_of(put(tmp_path, other.getvalue())).code == "file.unsupported"


def test_tables_that_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal_of(put(tmp_path, b""), by_child=True).code == "file.empty"
    assert refusal_of(put(tmp_path, "Mã\n".encode("utf-16"))).code == "importing.encoding"
    assert refusal_of(put(tmp_path, b"M\xe3,b\n1,2\n")).code == "importing.encoding"
    assert refusal_of(put(tmp_path, b'a,"' + b"x" * 70_000)).code == "importing.row"
    many = b"a\n" + b"1\n" * 100_001
    assert refusal_of(put(tmp_path, many), by_child=True).code == "importing.too_many_rows"
    monkeypatch.setattr(opening, "MOST_BYTES", 10)
    assert refusal_of(put(tmp_path, many), by_child=True).code == "file.too_large"


def test_the_child_that_dies_or_hangs_is_the_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, b"a\n" + b"1\n" * 90_000)
    monkeypatch.setattr(opening, "_CHILD_SECONDS", 0)
    assert refusal_of(path, by_child=True).code == "file.broken"


def test_everything_wrong_with_the_headings_is_said_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        order_of(KIND, ["ma can bo", "Họ và tên", "Họ và tên", "Tuổi", "Cơ quan"])
    for words in ("có hai lần", "không có cột nào tên “Tuổi”", "thiếu cột “Chức danh”",
                  "thiếu cột “Giữ từ ngày”"):  # fmt: skip
        assert words in refused.value.sentence


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1/7/2025", date(2025, 7, 1)),
        ("01.07.2025", date(2025, 7, 1)),
        ("2025-07-01", date(2025, 7, 1)),
        ("29/02/2025", None),
        ("7/2025", None),
        ("01/07/0025", None),
        ("٠١/٠٧/٢٠٢٥", None),
        ("01/07/20255", None),
    ],
)
def test_days_as_they_are_typed(text: str, day: date | None) -> None:
    assert day_of(text) == day


NASTY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["=1+1", "'=x", "''-", "@a", "+84", "\x00", "\u202e", '"', "a;b,c\td", "\r\n"]),
)


@settings(max_examples=60)
@given(NASTY)
def test_the_mark_against_formulas_comes_off_again(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert escaped(text)[:1] not in ("=", "+", "-", "@")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(NASTY, min_size=11, max_size=11), min_size=1, max_size=4))
def test_any_cells_are_read_as_written_and_judged(tmp_path: Path, rows: list[list[str]]) -> None:
    """Whatever stands in a cell comes back as it was, and has a value or a sentence, never both."""
    path = tmp_path / "x"
    path.write_bytes(b"".join(csv_lines(headings_of(KIND), rows)))
    _, *back = list(csv_file.rows_of(path))
    # Line ends inside quotes are kept by the reader as they are.
    assert [[unescaped(cell) for cell in row] for row in back] == rows
    for row in back:
        values, faults = read_row(KIND, row)
        assert not set(values) & {fault.column for fault in faults}
        assert all(fault.sentence.strip() for fault in faults)
        assert not any("\0" in value for value in values.values() if isinstance(value, str))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(st.binary(max_size=400), st.binary(max_size=400).map(b"PK\x03\x04".__add__))
)
def test_any_bytes_are_rows_or_a_refusal(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    try:
        for row in read_here(path):
            assert all(isinstance(cell, str) for cell in row)
    except InvalidInput as refusal:
        assert refusal.sentence


def test_the_empty_file_is_a_list_without_rows_and_explains_itself(tmp_path: Path) -> None:
    for code in ListCode:
        with workbook_of(KINDS[code], [["'x"] * len(KINDS[code].columns)]) as book:
            heading, row = read_here(put(tmp_path, book.read()))
        assert heading == headings_of(KINDS[code])
        assert set(row) == {"''x"} or set(row) == {"'x"}


def test_only_the_first_sheet_counts(tmp_path: Path) -> None:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["a", "b"])
    book.create_sheet("Hai").append(["c"])
    book.save(out)
    assert read_here(put(tmp_path, out.getvalue())) == [["a", "b"]]


def test_csv_quotes_hold_line_ends(tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["a"], ["Lê\nVăn"], ["b"]])
    with opened(put(tmp_path, out.getvalue().encode())) as file:
        assert list(file.batches) == [[(2, ["Lê\nVăn"]), (3, ["b"])]]
