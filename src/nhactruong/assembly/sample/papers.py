"""Papers that come from outside: typeset in the sender's own form, some of them as bad scans."""

from __future__ import annotations

import io
import json
import random
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst
from PIL import Image, ImageDraw

from nhactruong.assembly.sample.story import Row, Texts
from nhactruong.kernel.states import URGENCY_LABELS, Urgency
from nhactruong.records.drafting.rules import body_from_plain
from nhactruong.records.drafting.typesetting import FONT_FOLDER, Letter, typeset
from nhactruong.records.extraction.engine.pdfium import pypdfium2
from nhactruong.records.signing.engine import images

_SCAN_DPI: Final = 240
_LETTER: Final = "cong-van"
_TEMPLATE: Final = Path(str(files("nhactruong.assembly.sample").joinpath("state.typ")))


def paper(row: Row, texts: Texts, type_name: str) -> bytes:
    """The PDF of a document from outside, as its row describes it; a picture only if scanned."""
    in_form = _party if row["profile"] == "party" else _state
    made = in_form(row, texts, type_name)
    return scanned(made, seed=row["key"]) if row["scan"] else made


def _party(row: Row, texts: Texts, type_name: str) -> bytes:
    is_letter = row["type"] == _LETTER
    letter = Letter(
        superior_line=row["superior_line"],
        issuer_lines=tuple(row["issuer_lines"]),
        number_line=f"Số {row['number']}",
        place=row["place"],
        date=texts.days.on(row["issued_day"]),
        type_name=None if is_letter else type_name.upper(),
        subject=texts.fill(row["subject"]),
        body=body_from_plain(texts.fill(row["body"])),
        capacity_line=row["capacity_line"],
        title_lines=(row["title_line"],),
        signer_name=row["signer"],
        addressee_label="Kính gửi" if row.get("addressees") else "",
        addressees=tuple(row.get("addressees", ())),
        recipients=tuple(row["recipients"]),
        urgency=Urgency(row["urgency"]),
    )
    return typeset(letter).pdf


def _state(row: Row, texts: Texts, type_name: str) -> bytes:
    is_letter = row["type"] == _LETTER
    subject = texts.fill(row["subject"])
    urgency = Urgency(row["urgency"])
    return _set_state(
        {
            "title": subject,
            "superior_lines": [line for line in row["superior_line"].split("\n") if line],
            "issuer_lines": row["issuer_lines"],
            "number": row["number"],
            "date_line": _date_line(row, texts),
            "type_name": "" if is_letter else type_name.upper(),
            "subject": "" if is_letter else subject,
            "letter_subject": subject if is_letter else "",
            "urgency": "" if urgency is Urgency.NORMAL else URGENCY_LABELS[urgency].upper(),
            "addressees": row.get("addressees", []),
            "body": texts.fill(row["body"]).strip().split("\n"),
            "recipients": row["recipients"],
            "capacity_lines": [line for line in row["capacity_line"].split("\n") if line],
            "title_line": row["title_line"],
            "signer": row["signer"],
            "signature": list(images.signature_png(row["signer"])),
        }
    )


def _set_state(value: dict[str, Any]) -> bytes:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONT_FOLDER)]
    )
    made: bytes = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=fonts,
        sys_inputs={"paper": json.dumps(value)},
    )
    return made


def _date_line(row: Row, texts: Texts) -> str:
    """Place and date; the State's form writes them as the Party's does."""
    day = texts.days.on(row["issued_day"])
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{row['place']}, ngày {day.day:02d} tháng {month} năm {day.year}"


def scanned(pdf: bytes, *, seed: str) -> bytes:
    """The pages as an office scanner gives them: a little turned, soft, grey and dusty."""
    dice = random.Random(seed)  # noqa: S311  # dust on glass, no secret
    shots = [_shot(page, dice) for page in pypdfium2.PdfDocument(pdf)]
    out = io.BytesIO()
    shots[0].save(
        out, "PDF", resolution=_SCAN_DPI, save_all=True, append_images=shots[1:], quality=72
    )
    return out.getvalue()


def _shot(page: Any, dice: random.Random) -> Image.Image:
    shot: Image.Image = page.render(scale=_SCAN_DPI / 72).to_pil().convert("RGB")
    shot = shot.rotate(
        dice.uniform(-0.7, 0.7), resample=Image.Resampling.BILINEAR, fillcolor=(250, 250, 248)
    )
    pen = ImageDraw.Draw(shot)
    for _ in range(140):
        x, y = dice.randrange(shot.width), dice.randrange(shot.height)
        grey = dice.randrange(90, 190)
        pen.point((x, y), fill=(grey, grey, grey))
    grain = Image.effect_noise((shot.width // 3, shot.height // 3), 30).resize(shot.size)
    return Image.blend(shot, grain.convert("RGB"), 0.06)
