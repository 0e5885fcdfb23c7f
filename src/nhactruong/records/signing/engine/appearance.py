"""The picture of a signature on the page: one PNG, proportion kept, nothing else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image
from pyhanko.pdf_utils import generic, layout
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStamp, BaseStampStyle

from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.records.signing.engine.geometry import Box
from nhactruong.records.signing.engine.pdfdict import entries

#: How far a drawn box may leave its field, in points: rounding of millimetres, not more.
_TOLERANCE: Final = 1.0
_NO_MARGIN: Final = layout.Margins(0, 0, 0, 0)


class ImageStamp(BaseStamp):
    """An appearance that holds its background image alone."""

    def _render_inner_content(self) -> list[bytes]:
        return []


@dataclass(frozen=True)
class ImageStampStyle(BaseStampStyle):
    """Draw one image at a given place of the field, opaque, without border or text."""

    border_width: int = 0
    background_opacity: float = 1.0

    def create_stamp(
        self,
        writer: BasePdfFileWriter,
        box: layout.BoxConstraints,
        text_params: dict[str, str],
    ) -> ImageStamp:
        """The appearance for a field of the size `box`; there is no text to fill in."""
        return ImageStamp(writer=writer, style=self, box=box)


@dataclass(frozen=True)
class Drawing:
    """How a field is drawn: the style for the signer and the box on the page really inked."""

    style: ImageStampStyle
    drawn: Box


def read_image(png: bytes) -> Image.Image:
    """The picture in a mode that a PDF can carry with its transparency.

    Raises: InvalidInput `signing.image_unreadable`.
    """
    try:
        image = Image.open(io.BytesIO(png))
        image.load()
    except (OSError, ValueError, SyntaxError) as error:
        raise InvalidInput(
            "signing.image_unreadable",
            "Tệp hình chữ ký hoặc con dấu không đọc được. Chọn lại tệp PNG nền trong.",
        ) from error
    return image if image.mode in ("RGB", "RGBA", "L", "LA") else image.convert("RGBA")


def field_box(writer: IncrementalPdfFileWriter, field: generic.DictionaryObject) -> Box:
    """The place of a field's widget; a field off every page counts as page 0."""
    left, bottom, right, top = (float(edge) for edge in field["/Rect"])
    page = _page_of(writer, field)
    return Box(page, min(left, right), min(bottom, top), abs(right - left), abs(top - bottom))


def place_field(
    writer: IncrementalPdfFileWriter, field: generic.DictionaryObject, box: Box
) -> None:
    """Move the widget of an unsigned field; only before the first signature of the file."""
    field[pdf_name("/Rect")] = generic.ArrayObject(
        generic.FloatObject(f"{edge:.3f}") for edge in box.corners
    )
    writer.update_container(field)


def draw_image(png: bytes, *, image_box: Box, field: Box) -> Drawing:
    """Fit the picture into `image_box` and express it inside the field's own box.

    Raises: RuleBroken `signing.box_outside_field` when the picture would be cut off or scaled,
    because the field of a signed file can no longer move.
    """
    image = read_image(png)
    drawn = image_box.fitted(image.width, image.height)
    left, bottom = drawn.x - field.x, drawn.y - field.y
    right, top = field.right - drawn.right, field.top - drawn.top
    if drawn.page != field.page or min(left, bottom, right, top) < -_TOLERANCE:
        raise RuleBroken(
            "signing.box_outside_field",
            "Vị trí đặt hình nằm ngoài ô chữ ký đã dành sẵn trên trang. "
            "Lập lại bản trình ký với ô chữ ký đúng chỗ.",
        )
    margins = layout.Margins(
        left=max(0, left), right=max(0, right), top=max(0, top), bottom=max(0, bottom)
    )
    content: PdfContent = PdfImage(image, box=layout.BoxConstraints(drawn.width, drawn.height))
    style = ImageStampStyle(
        background=content,
        background_layout=layout.SimpleBoxLayoutRule(
            x_align=layout.AxisAlignment.ALIGN_MIN,
            y_align=layout.AxisAlignment.ALIGN_MIN,
            margins=margins,
            inner_content_scaling=layout.InnerScaling.SHRINK_TO_FIT,
        ),
    )
    return Drawing(style, drawn)


def _page_of(writer: IncrementalPdfFileWriter, field: generic.DictionaryObject) -> int:
    named = field.raw_get("/P") if "/P" in field else None
    for index in range(int(writer.root["/Pages"]["/Count"])):
        page_ref, _ = writer.find_page_for_modification(index)
        if isinstance(named, generic.IndirectObject):
            if named.reference == page_ref.reference:
                return index
        elif any(
            isinstance(item, generic.IndirectObject) and item.reference == field.container_ref
            for item in entries(page_ref.get_object(), "/Annots")
        ):
            return index
    return 0
