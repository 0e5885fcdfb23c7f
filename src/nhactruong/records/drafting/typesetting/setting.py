"""A letter set in type: the data handed to the fixed typst template, and what comes back."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import typst

from nhactruong.kernel import clock
from nhactruong.kernel.errors import InvalidInput, OutsideFailure
from nhactruong.kernel.states import URGENCY_LABELS, Urgency
from nhactruong.records.drafting.rules import (
    Block,
    Kind,
    Numbered,
    Run,
    Table,
    TextBlock,
    block_text,
    clean_text,
    is_titled,
    numbered,
    text_of,
)
from nhactruong.records.drafting.typesetting.letter import (
    POINTS_PER_MM,
    Anchors,
    Box,
    Letter,
    Typeset,
    date_line,
)
from nhactruong.records.drafting.typesetting.metrics import Face, face

#: The letter faces; they are vendored beside the sources, no system font is ever read.
FONT_FOLDER: Final = Path(__file__).resolve().parents[5] / "vendor" / "fonts" / "tinos"
_TEMPLATE: Final = Path(str(files(__package__).joinpath("letter.typ")))

PAGE_HEIGHT: Final = 297 * POINTS_PER_MM
LEFT_COLUMN: Final = 77 * POINTS_PER_MM
RIGHT_COLUMN: Final = 88 * POINTS_PER_MM
#: Height of the number line, the date line and the name line.
LINE_HEIGHT: Final = 18.0
#: From the title to the name line: the signature's 20 mm, 2 mm below it, air above.
SIGNATURE_SPACE_MM: Final = 26.0
SIGNATURE_WIDTH: Final = 45 * POINTS_PER_MM
SIGNATURE_HEIGHT: Final = 20 * POINTS_PER_MM
SIGNATURE_GAP: Final = 2 * POINTS_PER_MM
NAME_LIMIT: Final = LEFT_COLUMN - 8
SUBJECT_LIMIT: Final = 140 * POINTS_PER_MM

#: Widths in mm of the urgency boxes. Source: documents.md 4.3 S21 (the last one from memory).
_URGENCY_WIDTHS: Final = {
    Urgency.URGENT: 20,
    Urgency.VERY_URGENT: 40,
    Urgency.EXPRESS: 30,
    Urgency.EXPRESS_TIMED: 52,
}
#: Falling sizes in points of the issuer's name; longer names break. Source: documents.md 4.3 P03.
_NAME_SIZES: Final = (14, 13.5, 13)
#: The number and the date keep to one line, for they are one field each.
_SLOT_SIZES: Final = (14, 13.5, 13, 12, 11, 10, 9, 8, 7)
#: A word longer than this may break inside, for it would run off the page.
_LONG_WORD: Final = re.compile(r"\S{41,}")
_PIECE: Final = 10
_BLANKS: Final = re.compile(r"[ \t\r\n]+")
_NO_BREAK: Final = "\u00a0"
#: Longer than this it is no name of a person or a place, and may break.
_LONGEST_NAME: Final = 40


class _Compilers(threading.local):
    """One compiler a thread and font folder: a compiler holds the inputs of its last run."""

    def __init__(self) -> None:
        self.by_folder: dict[Path, typst.Compiler] = {}

    def of(self, folder: Path) -> typst.Compiler:
        if folder not in self.by_folder:
            fonts = typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
            )
            self.by_folder[folder] = typst.Compiler(
                input=str(_TEMPLATE), root=str(_TEMPLATE.parent), font_paths=fonts
            )
        return self.by_folder[folder]


_compilers = _Compilers()


def typeset(letter: Letter, *, fonts: Path = FONT_FOLDER) -> Typeset:
    """The letter as tagged PDF/A-2b, with the places of number, date, name and signature.

    Raises: InvalidInput `drafting.unprintable` when the faces lack a character of it;
    OutsideFailure `drafting.typesetting_failed`. Source: documents.md 4.
    """
    return _typeset(letter, fonts, with_slots=True)


def typeset_without_slots(letter: Letter, *, fonts: Path = FONT_FOLDER) -> Typeset:
    """As `typeset`, the places of number and date left empty for form fields."""
    return _typeset(letter, fonts, with_slots=False)


def preview(letter: Letter, *, fonts: Path = FONT_FOLDER) -> bytes:
    """The letter as PDF for the screen; a character the faces lack shows as an empty box.

    Raises: OutsideFailure `drafting.typesetting_failed`.
    """
    return _compile(_compilers.of(fonts), letter_data(letter, fonts), standard="1.7")


def unprintable(letter: Letter, *, fonts: Path = FONT_FOLDER) -> tuple[str, ...]:
    """The characters of the letter that the faces cannot print, in the order they appear."""
    known = face(fonts).advances
    found: dict[str, None] = {}
    for text in _texts(letter):
        # Most texts are plain Vietnamese: look at each character once.
        for letter_form in dict.fromkeys(clean_text(text)):
            if ord(letter_form) not in known:
                found[letter_form] = None
    return tuple(found)


def _typeset(letter: Letter, fonts: Path, *, with_slots: bool) -> Typeset:
    missing = unprintable(letter, fonts=fonts)
    if missing:
        raise InvalidInput(
            "drafting.unprintable",
            "Văn bản có ký tự mà bộ chữ của thể thức không in được: %(characters)s."
            " Thay các ký tự này bằng chữ thường dùng rồi làm lại.",
            characters=" ".join(f"{one} (U+{ord(one):04X})" for one in missing[:8]),
        )
    data = letter_data(letter, fonts)
    if not with_slots:
        data |= {"number": [], "date": []}
    compiler = _compilers.of(fonts)
    pdf = _compile(compiler, data, standard="a-2b")
    value = json.loads(compiler.query("<anchors>", field="value", one=True))
    anchors = _anchors(value, data["number_size"], data["date_size"])
    return Typeset(pdf, value["pages"], anchors, letter)


def _compile(
    compiler: typst.Compiler, data: dict[str, Any], standard: Literal["1.7", "a-2b"]
) -> bytes:
    try:
        pdf = compiler.compile(
            format="pdf",
            sys_inputs={"letter": json.dumps(data, ensure_ascii=False)},
            pdf_standards=standard,
            timestamp=data["made_at"],
        )
    except typst.TypstError as error:
        raise OutsideFailure(
            "drafting.typesetting_failed",
            "Không dàn được trang văn bản. Thử lại;"
            " nếu vẫn lỗi, báo quản trị hệ thống mã %(hint)s.",
            hint=error.message[:120],
        ) from error
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no PDF bytes")
    return pdf


def _anchors(value: dict[str, Any], number_size: float, date_size: float) -> Anchors:
    name = _box(value["name"], RIGHT_COLUMN, LINE_HEIGHT)
    middle = (name.x0 + name.x1) / 2
    bottom = name.y1 + SIGNATURE_GAP
    start, end = value["recipients"], value["recipients-end"]
    page_bottom = PAGE_HEIGHT - 20 * POINTS_PER_MM
    low = end["y"] if end["page"] == start["page"] else page_bottom
    return Anchors(
        number=_box(value["number"], LEFT_COLUMN, LINE_HEIGHT),
        date=_box(value["date"], RIGHT_COLUMN, LINE_HEIGHT),
        name=name,
        signature=Box(
            name.page,
            middle - SIGNATURE_WIDTH / 2,
            bottom,
            middle + SIGNATURE_WIDTH / 2,
            bottom + SIGNATURE_HEIGHT,
        ),
        recipients=_box(start, LEFT_COLUMN, low - start["y"]),
        number_size=number_size,
        date_size=date_size,
    )


def _box(place: dict[str, Any], width: float, height: float) -> Box:
    top = PAGE_HEIGHT - place["y"]
    return Box(place["page"] - 1, place["x"], top - height, place["x"] + width, top)


def letter_data(letter: Letter, fonts: Path) -> dict[str, Any]:
    """The JSON value `letter.typ` reads: sizes, words cut into pieces, blocks with their labels."""
    regular, italic, bold = face(fonts), face(fonts, "italic"), face(fonts, "bold")
    issuer = [_unbroken(line, letter) for line in map(_tidy, letter.issuer_lines) if line]
    name_size = min(
        (bold.fitting_size(line, NAME_LIMIT, _NAME_SIZES) for line in issuer),
        default=_NAME_SIZES[0],
    )
    name_size = min(
        name_size, regular.fitting_size(_tidy(letter.superior_line), NAME_LIMIT, _NAME_SIZES)
    )
    subject = _tidy(letter.subject)
    shown = _unbroken(subject, letter)
    typed = letter.type_name is not None
    number, day = _tidy(letter.number_line), _tidy(date_line(letter))
    blocks = [_block_data(entry) for entry in numbered(letter.body)]
    made = clock.now() if letter.date is None else datetime.combine(letter.date, time(), tzinfo=UTC)
    return {
        "form": {
            "left_column": LEFT_COLUMN,
            "right_column": RIGHT_COLUMN,
            "pitch": LINE_HEIGHT,
            "signature_space": SIGNATURE_SPACE_MM,
        },
        "made_at": int(made.timestamp()),
        "title": " ".join(filter(None, (_tidy(letter.type_name or "Công văn"), subject)))[:500],
        "author": " ".join(filter(None, map(_tidy, letter.issuer_lines))),
        "name_size": name_size,
        "superior": _lines(letter.superior_line, regular, name_size, NAME_LIMIT),
        "issuer": [_lines(line, bold, name_size, NAME_LIMIT) for line in issuer],
        "number": _pieces(number),
        "number_size": regular.fitting_size(number, LEFT_COLUMN, _SLOT_SIZES),
        "date": _pieces(day),
        "date_size": italic.fitting_size(day, RIGHT_COLUMN, _SLOT_SIZES),
        "type_name": _pieces((letter.type_name or "").upper()),
        "subject": _lines(shown, bold, 14, SUBJECT_LIMIT) if typed else None,
        "letter_subject": None if typed else _lines(shown, italic, 12, NAME_LIMIT),
        "addressees": {"label": letter.addressee_label, "names": _addressees(letter)},
        "recipients": [_pieces(line) for line in _listed(letter.recipients)],
        "capacity": _pieces(letter.capacity_line),
        "titles": [_pieces(line) for line in letter.title_lines],
        "signer": _pieces(_unbroken(_tidy(letter.signer_name), letter)),
        "urgency": _urgency_data(letter.urgency),
        "circulation": _pieces(letter.circulation_mark),
        "draft_mark": _pieces(letter.draft_mark or ""),
        "blocks": blocks,
    }


def _texts(letter: Letter) -> Iterable[str]:
    yield from (letter.superior_line, letter.number_line, letter.place, letter.subject)
    yield from ((letter.type_name or "").upper(), letter.capacity_line, letter.signer_name)
    yield from (letter.addressee_label, letter.circulation_mark, letter.draft_mark or "")
    yield from (*letter.issuer_lines, *letter.addressees, *letter.recipients, *letter.title_lines)
    for block in letter.body.blocks:
        yield block_text(block).upper() if _in_capitals(block) else block_text(block)


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", clean_text(text)).strip(" ")


def _unbroken(text: str, letter: Letter) -> str:
    """`text` with no line break inside the signer's name or the place, where they stand in it."""
    for name in map(_tidy, (letter.signer_name, letter.place)):
        if " " in name and len(name) <= _LONGEST_NAME:
            for printed in (name, name.upper()):
                text = text.replace(printed, printed.replace(" ", _NO_BREAK))
    return text


def _pieces(text: str) -> list[str]:
    """`text` tidied and cut where a line may break although there is no blank; [] for no text."""
    tidy = _tidy(text)
    return _cut(tidy) if tidy else []


def _lines(text: str, face_of_it: Face, size: float, limit: float) -> dict[str, Any] | None:
    """Centred lines of about equal length: the words and the width to set them in."""
    words = _pieces(text)
    if not words:
        return None
    return {"words": words, "width": face_of_it.balanced_width("".join(words), size, limit)}


def _cut(text: str) -> list[str]:
    pieces: list[str] = []
    done = 0
    for found in _LONG_WORD.finditer(text):
        start = found.start()
        pieces.append(text[done:start] + text[start : start + _PIECE])
        pieces.extend(text[n : n + _PIECE] for n in range(start + _PIECE, found.end(), _PIECE))
        done = found.end()
    if done < len(text):
        pieces.append(text[done:])
    return pieces


def _listed(lines: tuple[str, ...]) -> list[str]:
    """Lines as the form lists them: "- …;", the last with a full stop."""
    bare = [re.sub(r"^[-–—]\s*", "", _tidy(line)).rstrip(" ;,.") for line in lines]
    bare = [line for line in bare if line]
    return [f"- {line}{'.' if n == len(bare) else ';'}" for n, line in enumerate(bare, start=1)]


def _addressees(letter: Letter) -> list[list[str]]:
    if not letter.addressee_label:
        return []
    listed = _listed(letter.addressees)
    if len(listed) == 1:
        return [_cut(listed[0].removeprefix("- ").removesuffix("."))]
    return [_cut(line) for line in listed]


def _urgency_data(urgency: Urgency) -> dict[str, Any] | None:
    if urgency is Urgency.NORMAL:
        return None
    return {"text": URGENCY_LABELS[urgency].upper(), "width": _URGENCY_WIDTHS[urgency]}


def _block_data(entry: Numbered) -> dict[str, Any]:
    block, label = entry.block, entry.label
    if isinstance(block, Table):
        rows = [[_runs_data(cell.runs) for cell in row] for row in block.rows]
        return {"table": True, "header": block.header, "rows": rows, "widths": _widths(block)}
    titled = is_titled(block)
    return {
        "table": False,
        "label": label,
        "bold": titled or block.kind is Kind.DECISION_LINE,
        "label_bold": block.kind is Kind.ARTICLE,
        "align": "center" if block.kind in (Kind.CHAPTER, Kind.DECISION_LINE) else "justify",
        "break_after_label": block.kind is Kind.CHAPTER,
        "outline": _outline(block) if titled else 0,
        "runs": _runs_data(block.runs, capital=_in_capitals(block)),
    }


def _in_capitals(block: Block) -> bool:
    return isinstance(block, TextBlock) and (
        block.kind in (Kind.CHAPTER, Kind.DECISION_LINE)
        or (block.kind is Kind.HEADING and block.level == 1)
    )


def _outline(block: Block) -> int:
    if isinstance(block, Table) or block.kind is Kind.CHAPTER:
        return 1
    return block.level or 2


def _runs_data(runs: tuple[Run, ...], *, capital: bool = False) -> list[dict[str, Any]]:
    data = []
    blank_before = True
    for n, run in enumerate(runs, start=1):
        text = _BLANKS.sub(" ", clean_text(run.text))
        if blank_before:
            text = text.lstrip(" ")
        if n == len(runs):
            text = text.rstrip(" ")
        if text:
            blank_before = text.endswith(" ")
            words = _cut(text.upper() if capital else text)
            data.append({"t": words, "b": run.bold, "i": run.italic})
    return data


def _widths(table: Table) -> list[float]:
    """Relative column widths: by the longest cell of each, neither too thin nor too wide."""
    columns = zip(*table.rows, strict=True)
    return [
        min(max(max(len(text_of(cell.runs)) for cell in column), 5), 45) ** 0.75
        for column in columns
    ]
