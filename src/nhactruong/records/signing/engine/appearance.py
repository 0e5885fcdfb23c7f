"""The picture of a signature on the page: one PNG, proportion kept, nothing else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image
from pyhanko.pdf_utils import generic, layout
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import pil_image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStamp, BaseStampStyle

from nhactruong.kernel.errors import InvalidInput, RuleBroken
from nhactruong.records.signing.engine.geometry import Box
from nhactruong.records.signing.engine.pdfdict import entries

#: How far a drawn box may leave its field, in points: rounding of millimetres, not more.
_TOLERANCE: Final = 1.0
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class ImageStampStyle(BaseStampStyle):
    """One opaque image at its place in a field; without an image an empty appearance.

    The library's own layout cuts every measure to whole points and, given no style, writes an
    English text in a font it does not embed; hence a form of our own.
    """

    image: Image.Image | None = None
    #: Size of the field, then the place of the image inside it, in points.
    field_size: tuple[float, float] = (0.0, 0.0)
    place: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    def create_stamp(
        self,
        writer: BasePdfFileWriter,
        box: layout.BoxConstraints,
        text_params: dict[str, str],
    ) -> ImageStamp:
        """The appearance for one field of one writer; there is no text to fill in."""
        return ImageStamp(writer=writer, style=self, box=box)


class ImageStamp(BaseStamp):
    """The appearance that `ImageStampStyle` describes."""

    def as_form_xobject(self) -> generic.StreamObject:
        """The form: a box of the field's size, and the image painted at its place."""
        style: ImageStampStyle = self.style
        width, height = style.field_size
        form = generic.StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): numbers(0, 0, width, height),
                pdf_name("/Resources"): generic.DictionaryObject(),
            },
            stream_data=b"",
        )
        if style.image is not None:
            left, bottom, wide, high = style.place
            reference = pil_image(style.image, self._ensure_writer)
            form[pdf_name("/Resources")] = generic.DictionaryObject(
                {pdf_name("/XObject"): generic.DictionaryObject({pdf_name("/Im0"): reference})}
            )
            form = generic.StreamObject(
                form,
                stream_data=b"q %.3f 0 0 %.3f %.3f %.3f cm /Im0 Do Q" % (wide, high, left, bottom),
            )
        return form


@dataclass(frozen=True)
class Drawing:
    """How a field is drawn: the style for the signer, and the box really inked, if any."""

    style: ImageStampStyle
    drawn: Box | None


def numbers(*values: float) -> generic.ArrayObject:
    """A PDF array of numbers with three decimals."""
    return generic.ArrayObject(generic.FloatObject(f"{value:.3f}") for value in values)


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


def require_transparent(png: bytes) -> None:
    """Nothing for a PNG whose ground is transparent, so that it hides no word of the page.

    Raises: InvalidInput `signing.image_unreadable`, `signing.image_opaque`.
    """
    image = read_image(png)
    shades = image.getchannel("A").histogram() if "A" in image.mode else [0]
    if not png.startswith(_PNG) or not shades[0]:
        raise InvalidInput(
            "signing.image_opaque",
            "Hình chữ ký, hình dấu phải là tệp PNG nền trong để không che chữ của văn bản.",
        )


def field_box(writer: IncrementalPdfFileWriter, field: generic.DictionaryObject) -> Box:
    """The place of a field's widget; a field off every page counts as page 0."""
    left, bottom, right, top = (float(edge) for edge in field["/Rect"])
    page = _page_of(writer, field)
    return Box(page, min(left, right), min(bottom, top), abs(right - left), abs(top - bottom))


def place_field(
    writer: IncrementalPdfFileWriter, field: generic.DictionaryObject, box: Box
) -> None:
    """Move the widget of an unsigned field; only before the first signature of the file."""
    field[pdf_name("/Rect")] = numbers(*box.corners)
    writer.update_container(field)


def draw_nothing(field: Box) -> Drawing:
    """An empty appearance for a field that shows no image."""
    return Drawing(ImageStampStyle(field_size=(field.width, field.height)), None)


def draw_image(png: bytes, *, image_box: Box, field: Box) -> Drawing:
    """Fit the picture into `image_box` and express it inside the field's own box.

    Raises: RuleBroken `signing.box_outside_field` when the picture would be cut off or scaled,
    because the field of a signed file can no longer move.
    """
    image = read_image(png)
    drawn = image_box.fitted(image.width, image.height)
    left, bottom = drawn.x - field.x, drawn.y - field.y
    gaps = (left, bottom, field.right - drawn.right, field.top - drawn.top)
    if drawn.page != field.page or min(gaps) < -_TOLERANCE:
        raise RuleBroken(
            "signing.box_outside_field",
            "Vị trí đặt hình nằm ngoài ô chữ ký đã dành sẵn trên trang. "
            "Lập lại bản trình ký với ô chữ ký đúng chỗ.",
        )
    style = ImageStampStyle(
        image=image,
        field_size=(field.width, field.height),
        place=(left, bottom, drawn.width, drawn.height),
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
