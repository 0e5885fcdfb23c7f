"""What a careless clerk or a forger may do to a signed file."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from datetime import datetime

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper

from nhactruong.records.signing.engine.identity import SigningIdentity

Update = Callable[[IncrementalPdfFileWriter], None]


def updated(pdf: bytes, update: Update) -> bytes:
    """The file with one more revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    update(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rotate_page(writer: IncrementalPdfFileWriter) -> None:
    """Turn the first page upside down."""
    page, _ = writer.find_page_for_modification(0)
    page.get_object()[pdf_name("/Rotate")] = generic.NumberObject(180)
    writer.mark_update(page)


def add_note(writer: IncrementalPdfFileWriter) -> None:
    """Lay a comment over the first page."""
    note = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): generic.ArrayObject(
                    map(generic.NumberObject, (80, 400, 300, 440))
                ),
                pdf_name("/Contents"): generic.TextStringObject("Không thực hiện"),
            }
        )
    )
    page, _ = writer.find_page_for_modification(0)
    page.get_object()["/Annots"].append(note)
    writer.mark_update(page)
    writer.update_container(page.get_object()["/Annots"])


def write_field(name: str, value: str) -> Update:
    """Set the value of one text field."""

    def update(writer: IncrementalPdfFileWriter) -> None:
        for reference in writer.root["/AcroForm"]["/Fields"]:
            field = reference.get_object()
            if field["/T"] == name:
                field[pdf_name("/V")] = generic.TextStringObject(value)
                writer.update_container(field)

    return update


def add_harmless_object(writer: IncrementalPdfFileWriter) -> None:
    """Hang a private entry under the catalogue: nothing visible, yet not a known kind of change."""
    writer.root[pdf_name("/PieceInfo")] = generic.DictionaryObject(
        {pdf_name("/Scanner"): generic.DictionaryObject()}
    )
    writer.update_root()


def add_empty_visible_field(writer: IncrementalPdfFileWriter) -> None:
    """Add an unsigned signature field that covers part of the text."""
    append_signature_field(writer, SigFieldSpec("SIG_LATE", on_page=0, box=(80, 300, 400, 500)))


def freely_signed(
    pdf: bytes,
    identity: SigningIdentity,
    field: str,
    *,
    tsa: TimeStamper | None = None,
    digest: str = "sha256",
    certify: bool = False,
    permission: MDPPerm = MDPPerm.FILL_FORMS,
    moment: datetime | None = None,
    subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES,
    box: tuple[int, int, int, int] | None = None,
    locked: FieldMDPSpec | None = None,
) -> bytes:
    """A signature by a tool that asks no questions: any certificate, digest and order."""

    async def sign() -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        if writer.prev.encrypted:
            writer.encrypt("")
        signer = PdfSigner(
            PdfSignatureMetadata(
                field_name=field,
                md_algorithm=digest,
                subfilter=subfilter,
                certify=certify,
                docmdp_permissions=permission,
            ),
            identity.signer_factory(),
            timestamper=tsa,
            new_field_spec=SigFieldSpec(field, on_page=0, box=box, field_mdp_spec=locked)
            if box or locked
            else None,
        )
        # A careless tool does not ask whether the file may still be signed.
        signer._enforce_certification_constraints = lambda reader: None
        session = signer.init_signing_session(writer)
        if moment is not None:
            session.system_time = moment
        reserved = await session.estimate_signature_container_size(None)
        document = session.prepare_tbs_document(
            validation_info=None, bytes_reserved=reserved, appearance_text_params=None
        )
        prepared, output = document.digest_tbs_document()
        done = await document.perform_signature(
            document_digest=prepared.document_digest,
            pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=moment),
        )
        await done.post_signature_processing(output)
        output.seek(0)
        return bytes(output.read())

    return asyncio.run(sign())
