"""An issued PDF seen by other people's programs: poppler's tools, and pikepdf for its structure.

Nothing of the product is used here, so that what the product prints is measured from outside.
"""

from __future__ import annotations

import html
import io
import re
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import pikepdf
import pytest
import tesserocr
from PIL import Image

#: The Party's form in millimetres. Source: documents.md 4 (P-PAGE-1, P-PAGE-2, columns of 77 and 88).
LEFT, RIGHT, TOP, BOTTOM = 30.0, 195.0, 20.0, 277.0
LEFT_MIDDLE, RIGHT_MIDDLE, TEXT_MIDDLE = 68.5, 151.0, 112.5
INDENT: Final = 10.0
WITHIN: Final = 1.0
_MM: Final = 72 / 25.4
_DOTS_PER_MM: Final = 10
_WORD: Final = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)
_TESSDATA: Final = Path(__file__).resolve().parents[2] / "vendor" / "tessdata"
_DARK: Final = 140
#: Objects by which a file would do something by itself.
_ACTING: Final = frozenset({"/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/OpenAction"})


@dataclass(frozen=True)
class Words:
    """Words that stand on one line; millimetres from the left and the top of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def _run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=True
    )
    return done.stdout


def lines(pdf: Path, page: int = 1) -> list[Words]:
    """The lines of a page by pdftotext, fields of the form among them, columns apart."""
    shown = _run("pdftotext", "-bbox", "-f", str(page), "-l", str(page), pdf, "-")
    words = [
        Words(html.unescape(text), *(float(value) / _MM for value in (x0, x1, y0, y1)))
        for x0, y0, x1, y1, text in _WORD.findall(shown)
    ]
    found: list[list[Words]] = [words[:1]]
    for before, word in pairwise(words):
        same_line = abs(before.bottom - word.bottom) < 0.6 and -1 < word.left - before.right < 5
        if same_line:
            found[-1].append(word)
        else:
            found.append([word])
    return [
        Words(
            " ".join(word.text for word in row),
            row[0].left,
            row[-1].right,
            min(word.top for word in row),
            max(word.bottom for word in row),
        )
        for row in found
    ]


def line_with(found: list[Words], text: str) -> Words:
    """The first line that holds `text`."""
    line = next((line for line in found if text in line.text), None)
    assert line is not None, f"no line with {text!r} among {[line.text for line in found]}"
    return line


def pictures(pdf: Path, folder: Path) -> list[Image.Image]:
    """Every page as pdftoppm draws it, ten dots a millimetre."""
    _run("pdftoppm", "-r", str(25.4 * _DOTS_PER_MM), "-png", pdf, folder / "issued_page")
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("issued_page-*.png"))]


def ink(picture: Image.Image, box: tuple[float, float, float, float]) -> tuple[float, ...]:
    """(left, top, right, bottom) in millimetres of what is dark inside a box of millimetres."""
    corner = tuple(round(side * _DOTS_PER_MM) for side in box)
    part = picture.crop((corner[0], corner[1], corner[2], corner[3])).convert("L")
    found = part.point(lambda tone: 255 if tone < _DARK else 0).getbbox()
    assert found is not None, f"nothing is printed in {box}"
    return tuple((side + corner[place % 2]) / _DOTS_PER_MM for place, side in enumerate(found))


def expect_valid_signatures(pdf: Path, signers: tuple[str, str]) -> None:
    """Poppler finds the person's and the agency's signature valid, over all but what came after."""
    shown = _run("pdfsig", "-nocert", pdf)
    parts = shown.split("Signature #")[1:]
    for part, signer in zip(parts, signers, strict=False):
        assert f"Common Name: {signer}\n" in part
        assert "Signature Validation: Signature is Valid." in part
    # The third is the time stamp over both, which poppler names and does not check.
    assert len(parts) == 3 and shown.count("Signature is Valid.") == 2
    assert "Document has been changed" not in shown


def expect_archival(pdf: Path) -> None:
    """The structure PDF/A-2b asks for: identification, colours, fonts inside, nothing that acts."""
    facts = _run("pdfinfo", pdf)
    for fact in (r"Encrypted: +no", r"JavaScript: +no", r"Page size: .*\(A4\)", r"Tagged: +yes"):
        assert re.search(fact, facts), facts
    fonts = _run("pdffonts", pdf).splitlines()[2:]
    assert fonts and all(re.search(r" yes (yes|no) +(yes|no) +\d+ +\d+$", row) for row in fonts)
    assert pdf.read_bytes().startswith(b"%PDF-1.7")
    with pikepdf.open(pdf) as document:
        assert document.open_metadata().pdfa_status in ("2A", "2B", "2U")
        intent = document.Root.OutputIntents[0]
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                assert not _ACTING & set(thing.keys())
                assert thing.get("/S") not in ("/JavaScript", "/Launch")


def expect_in_form(pdf: Path, picture: Image.Image, printed: dict[str, str]) -> None:
    """Each part stands where the form wants it. `printed`: issuer, number, day, subject, signer."""
    found = lines(pdf)

    def near(value: float, wanted: float, what: str) -> None:
        assert value == pytest.approx(wanted, abs=WITHIN), what

    for key, column in (
        ("issuer", LEFT_MIDDLE),
        ("number", LEFT_MIDDLE),
        ("subject", LEFT_MIDDLE),
        ("title", RIGHT_MIDDLE),
        ("day", RIGHT_MIDDLE),
        ("signer", RIGHT_MIDDLE),
    ):
        line = line_with(found, printed[key])
        near(line.middle, column, f"{key}: {line}")
        # What is drawn there is what the text says, not an empty field.
        drawn = ink(picture, (line.left - 1, line.top, line.right + 1, line.bottom + 1))
        near(drawn[0], line.left, f"{key} is drawn from {drawn[0]}")
        near(drawn[2], line.right, f"{key} is drawn to {drawn[2]}")
    number, day = line_with(found, printed["number"]), line_with(found, printed["day"])
    # Both are fields of the form, on one line under the heads of their columns.
    near(number.bottom, day.bottom, "number and date")
    near(ink(picture, (100, 10, 210, 27))[1], TOP, "top margin")
    head = max(number.bottom, line_with(found, printed["subject"]).bottom)
    text = [line for line in found if line.bottom > head and line.left < LEFT + INDENT + 1]
    full = [
        line
        for line, after in pairwise(text)
        if after.left < LEFT + WITHIN and 0 < after.top - line.top < 8 and line.right > 150
    ]
    assert full, "no full line of text"
    for line in full:
        assert min(abs(line.left - LEFT), abs(line.left - LEFT - INDENT)) <= WITHIN, line
        near(line.right, RIGHT, f"right margin: {line}")
    left, _, right, bottom = ink(picture, (0, 0, 210, 297))
    assert left >= LEFT - WITHIN and right <= RIGHT + WITHIN and bottom <= BOTTOM + WITHIN
    recipients = line_with(found, "Nơi nhận:")
    near(recipients.left, LEFT, "Nơi nhận")


def expect_seal_over_signature(pdf: Path, picture: Image.Image) -> None:
    """The red seal covers a third of the blue signature, on its left."""
    with pikepdf.open(pdf) as document:
        places = {
            str(field.T): [float(side) / _MM for side in field.Rect]
            for field in document.Root.AcroForm.Fields
            if str(field.T).startswith("SIG_")
        }
    person, seal = places["SIG_PERSON_1"], places["SIG_AGENCY"]
    third = person[0] + (person[2] - person[0]) / 3
    assert seal[2] == pytest.approx(third, abs=WITHIN)
    assert seal[0] < person[0] and seal[1] < person[3] and person[1] < seal[3]
    assert (person[0] + person[2]) / 2 == pytest.approx(RIGHT_MIDDLE, abs=WITHIN)
    red = [
        place
        for place, (r, g, b) in enumerate(picture.crop(_box(seal)).get_flattened_data())
        if r > 150 and g < 110 and b < 110
    ]
    blue = [
        place
        for place, (r, g, b) in enumerate(picture.crop(_box(person)).get_flattened_data())
        if b > 120 and r < 110
    ]
    assert len(red) > 2000 and len(blue) > 200


def _box(place: list[float]) -> tuple[int, int, int, int]:
    left, bottom, right, top = place
    corners = (left, 297 - top, right, 297 - bottom)
    x0, y0, x1, y1 = (round(side * _DOTS_PER_MM) for side in corners)
    return x0, y0, x1, y1


def read_picture(data: bytes, x: float, y: float, width: float, height: float) -> str:
    """The words in a part of a picture, by tesseract; the part in shares of the whole."""
    picture = Image.open(io.BytesIO(data)).convert("L")
    part = picture.crop(
        (
            round((x - 0.005) * picture.width),
            round((y - 0.004) * picture.height),
            round((x + width + 0.005) * picture.width),
            round((y + height + 0.004) * picture.height),
        )
    )
    part = part.resize((part.width * 3, part.height * 3), Image.Resampling.LANCZOS)
    with tesserocr.PyTessBaseAPI(
        path=str(_TESSDATA), lang="vie", psm=tesserocr.PSM.SINGLE_LINE
    ) as engine:
        engine.SetImage(part)
        return str(engine.GetUTF8Text()).strip()
