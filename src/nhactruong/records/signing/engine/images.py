"""Sample pictures: a blue signature that looks written by hand, and a red round seal.

Both are transparent PNG files at 300 dots an inch, the same for the same name. They are samples:
the seal says so in its middle. Source: signatures.md 3.1, 3.2.
"""

from __future__ import annotations

import hashlib
import io
import math
import random
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from nhactruong.kernel.text import fold, one_line

DOTS_PER_INCH: Final = 300
_MM_PER_INCH: Final = 25.4
#: Drawn larger and reduced, so that edges are smooth.
_OVERSAMPLING: Final = 4
_BLUE: Final = (22, 48, 140)
_RED: Final = (200, 24, 30)
#: So many steps of transparency are enough for print, and keep the files small.
_ALPHA_STEP: Final = 17
_BOLD_FONT_FILE: Final = "Tinos_700Bold.ttf"

Point = tuple[float, float]


@lru_cache(maxsize=64)
def signature_png(name: str, *, width_mm: float = 45, height_mm: float = 20) -> bytes:
    """A signature for `name`: loops after the letters of the given name, and a flourish below."""
    seed = int.from_bytes(hashlib.sha256(one_line(name).encode()).digest()[:8], "big")
    dice = random.Random(seed)  # noqa: S311  # a drawing, not a secret
    width, height = _dots(width_mm), _dots(height_mm)
    ink = Image.new("L", (width * _OVERSAMPLING, height * _OVERSAMPLING), 0)
    pen = ImageDraw.Draw(ink)
    pace = height * _OVERSAMPLING * 0.022
    _stroke(pen, _letters(name, dice, ink.width, ink.height), pace)
    _stroke(pen, _flourish(dice, ink.width, ink.height), pace * 0.8)
    return _png(ink, (width, height), _BLUE)


@lru_cache(maxsize=64)
def seal_png(agency: str, *, font_folder: Path, diameter_mm: float = 36) -> bytes:
    """A round seal with `agency` along its ring, a star and the word MẪU in the middle."""
    side = _dots(diameter_mm)
    big = side * _OVERSAMPLING
    ink = Image.new("L", (big, big), 0)
    pen = ImageDraw.Draw(ink)
    unit = big / 100
    _ring(pen, big, 0.4 * unit, 1.6 * unit)
    _ring(pen, big, 2.8 * unit, 0.6 * unit)
    _ring(pen, big, 19.5 * unit, 0.6 * unit)
    font_file = str(font_folder / _BOLD_FONT_FILE)
    _round_text(ink, one_line(agency).upper(), font_file, radius=38.4 * unit, reach=250)
    _round_text(ink, "MẪU THỬ NGHIỆM", font_file, radius=38.4 * unit, reach=90, below=True)
    pen.polygon(_star(big / 2, 40 * unit, 12.5 * unit), fill=255)
    word = ImageFont.truetype(font_file, round(15 * unit))
    pen.text((big / 2, 63 * unit), "MẪU", font=word, fill=255, anchor="mm")
    return _png(ink, (side, side), _RED)


def _dots(millimetres: float) -> int:
    return round(millimetres / _MM_PER_INCH * DOTS_PER_INCH)


def _letters(name: str, dice: random.Random, width: int, height: int) -> list[Point]:
    """A running line: each letter of the given name is a rise and a loop of its own height."""
    words = fold(name).split() or ["x"]
    letters = words[-1] + words[0][:1]
    step = width * 0.62 / (len(letters) + 1)
    x, middle = width * 0.12, height * 0.55
    points: list[Point] = [(x, middle + height * 0.15), (x + step * 0.2, middle - height * 0.3)]
    for place, letter in enumerate(letters):
        tall = letter in "bdfhklt" or place == 0
        deep = letter in "gpqy"
        rise = height * (0.36 if tall else 0.15) * dice.uniform(0.85, 1.15)
        fall = height * (0.28 if deep else 0.09) * dice.uniform(0.8, 1.2)
        lean = step * dice.uniform(0.25, 0.45)
        points += [
            (x + step * 0.35, middle + fall),
            (x + step * 0.75 + lean, middle - rise),
            (x + step * 0.45 + lean, middle - rise * 1.06),
            (x + step * 0.55, middle + fall * 0.6),
        ]
        x += step * dice.uniform(0.85, 1.1)
        middle -= height * 0.008
    points.append((min(x + step * 1.6, width * 0.93), middle - height * 0.2))
    return points


def _flourish(dice: random.Random, width: int, height: int) -> list[Point]:
    base = height * dice.uniform(0.78, 0.86)
    return [
        (width * 0.82, base - height * 0.12),
        (width * 0.5, base - height * 0.02),
        (width * 0.16, base + height * 0.05),
        (width * 0.1, base - height * 0.03),
        (width * 0.45, base - height * 0.05),
        (width * 0.9, base + height * dice.uniform(-0.06, 0.02)),
    ]


def _stroke(pen: ImageDraw.ImageDraw, points: list[Point], thickness: float) -> None:
    """A smooth curve through `points`, thinner where the hand moves fast."""
    path = [points[0], *points, points[-1]]
    for before, start, end, after in zip(path, path[1:], path[2:], path[3:], strict=False):
        length = math.dist(start, end)
        steps = max(2, int(length / 2))
        for index in range(steps):
            x, y = _between(before, start, end, after, index / steps)
            swell = 1.15 - 0.5 * math.sin(math.pi * index / steps) * min(1, length / 400)
            radius = thickness * swell / 2
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)


def _between(before: Point, start: Point, end: Point, after: Point, t: float) -> Point:
    """The point of a Catmull-Rom curve at `t` from 0 (start) to 1 (end)."""

    def axis(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - a - 3 * c + d) * t**3
        )

    return (
        axis(before[0], start[0], end[0], after[0]),
        axis(before[1], start[1], end[1], after[1]),
    )


def _ring(pen: ImageDraw.ImageDraw, side: int, inset: float, thickness: float) -> None:
    pen.ellipse((inset, inset, side - inset, side - inset), outline=255, width=round(thickness))


def _round_text(
    ink: Image.Image,
    text: str,
    font_file: str,
    *,
    radius: float,
    reach: float,
    below: bool = False,
) -> None:
    """Write `text` along a circle, centred at the top (or bottom), over at most `reach` degrees."""
    size = ink.width * 0.105
    while True:
        font = ImageFont.truetype(font_file, round(size))
        spread = size * 0.08
        widths = [font.getlength(letter) + spread for letter in text]
        degrees = math.degrees(sum(widths) / radius)
        if degrees <= reach or size < 8:
            break
        size *= reach / degrees * 0.99
    side = -1 if below else 1
    angle = -degrees / 2
    centre = ink.width / 2
    for letter, width in zip(text, widths, strict=True):
        half = math.degrees(width / radius) / 2
        angle += half
        # A capital with its marks stays inside this square however it is turned.
        tile_side = round(size * 1.9)
        tile = Image.new("L", (tile_side, tile_side), 0)
        ImageDraw.Draw(tile).text(
            (tile_side / 2, tile_side / 2 + size * 0.36), letter, font=font, fill=255, anchor="ms"
        )
        turned = tile.rotate(-side * angle, resample=Image.Resampling.BICUBIC)
        bearing = math.radians(angle)
        x = centre + radius * math.sin(bearing)
        y = centre - side * radius * math.cos(bearing)
        corner = (round(x - tile_side / 2), round(y - tile_side / 2))
        ink.paste(255, corner, turned)
        angle += half


def _star(x: float, y: float, radius: float) -> list[Point]:
    return [
        (
            x + (radius if corner % 2 == 0 else radius * 0.382) * math.sin(corner * math.pi / 5),
            y - (radius if corner % 2 == 0 else radius * 0.382) * math.cos(corner * math.pi / 5),
        )
        for corner in range(10)
    ]


def _png(ink: Image.Image, size: tuple[int, int], colour: tuple[int, int, int]) -> bytes:
    alpha = ink.resize(size, Image.Resampling.LANCZOS)
    alpha = alpha.point([round(value / _ALPHA_STEP) * _ALPHA_STEP for value in range(256)])
    picture = Image.new("RGBA", size, (*colour, 0))
    picture.putalpha(alpha)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return out.getvalue()
