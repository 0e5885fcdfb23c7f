"""Taking frames and rules off a scanned page, so that a mark inside a frame is read as text.

Recognition takes a framed "KHẨN" or "MẬT" for a picture and passes over it; a missed secrecy mark
is the worst reading error there is. Source: documents.md 4.3 (S20-S22: marks stand in frames).
"""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageChops, ImageFilter

#: Longer than any stroke of a letter of 16 pt (11.3 pt high), shorter than any frame (8 mm).
_LEAST_RULE_PT: Final = 15.0
_INK: Final = 150


def without_rules(page: Image.Image, dpi: int) -> Image.Image:
    """The grey page with straight dark runs longer than 15 pt painted white."""
    length = round(_LEAST_RULE_PT * dpi / 72)
    ink = page.point(lambda grey: 0 if grey < _INK else 255)
    across = _runs(ink, length, horizontal=True)
    down = _runs(ink, length, horizontal=False)
    rules = ImageChops.darker(across, down).filter(ImageFilter.MinFilter(5))
    return ImageChops.lighter(page, ImageChops.invert(rules))


def _runs(ink: Image.Image, length: int, *, horizontal: bool) -> Image.Image:
    """Only the dark runs of at least `length` pixels in one direction (an opening by doubling)."""
    steps: list[int] = []
    covered = 1
    while covered < length:
        step = min(covered, length - covered)
        steps.append(step)
        covered += step
    kept = ink
    for step in steps:
        kept = ImageChops.lighter(kept, _shifted(kept, step, horizontal=horizontal))
    for step in steps:
        kept = ImageChops.darker(kept, _shifted(kept, -step, horizontal=horizontal))
    return kept


def _shifted(picture: Image.Image, step: int, *, horizontal: bool) -> Image.Image:
    return ImageChops.offset(picture, step if horizontal else 0, 0 if horizontal else step)
