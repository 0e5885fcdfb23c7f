"""Places on a page, in PDF points, origin at the bottom left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

POINTS_PER_MM: Final = 72 / 25.4
#: Nothing is drawn nearer to the edge of the paper. Source: signatures.md 3.2.
MINIMUM_MARGIN_MM: Final = 5.0
#: The part of the personal image that the seal covers, from its left. Source: signatures.md 3.2.
SEAL_OVERLAP: Final = 1 / 3


@dataclass(frozen=True)
class PageSize:
    """Width and height of a page in points."""

    width: float
    height: float


A4: Final = PageSize(210 * POINTS_PER_MM, 297 * POINTS_PER_MM)


@dataclass(frozen=True)
class Box:
    """A rectangle on one page: index of the page from 0, then points."""

    page: int
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """The y of the upper edge."""
        return self.y + self.height

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top, as a PDF `/Rect` writes them."""
        return (self.x, self.y, self.right, self.top)

    def fitted(self, width: float, height: float) -> Box:
        """The largest box of the proportion `width` to `height` inside this one, centred."""
        scale = min(self.width / width, self.height / height)
        drawn_width, drawn_height = width * scale, height * scale
        return Box(
            self.page,
            self.x + (self.width - drawn_width) / 2,
            self.y + (self.height - drawn_height) / 2,
            drawn_width,
            drawn_height,
        )

    def moved_inside(self, page: PageSize) -> Box:
        """This box moved so that it keeps the least margin on every side of `page`."""
        margin = MINIMUM_MARGIN_MM * POINTS_PER_MM
        x = max(margin, min(self.x, page.width - margin - self.width))
        y = max(margin, min(self.y, page.height - margin - self.height))
        return Box(self.page, x, y, self.width, self.height)


def seal_box(personal_box_drawn: Box, diameter_mm: float, page: PageSize = A4) -> Box:
    """The square of the seal: over the left third of the personal image, at its middle height.

    `personal_box_drawn` is the image as drawn (`SignedPdf.drawn`), not the box offered to it.
    Source: signatures.md 3.2 (NĐ 30/2020 Phụ lục I, mục II.8).
    """
    side = diameter_mm * POINTS_PER_MM
    return Box(
        personal_box_drawn.page,
        personal_box_drawn.x + personal_box_drawn.width * SEAL_OVERLAP - side,
        personal_box_drawn.y + personal_box_drawn.height / 2 - side / 2,
        side,
        side,
    ).moved_inside(page)
