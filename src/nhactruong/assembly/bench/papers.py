"""A few hundred distinct letters, typeset once and kept in the file store."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nhactruong.assembly.bench import words
from nhactruong.assembly.bench.tables import Ready, ready
from nhactruong.foundation.files import store
from nhactruong.foundation.files.models import Blob
from nhactruong.kernel import clock
from nhactruong.kernel.text import fold
from nhactruong.records.drafting.rules import Body, body_from_plain, body_to_json
from nhactruong.records.drafting.typesetting import Letter, typeset


@dataclass(frozen=True, slots=True)
class Paper:
    """A stored letter; `text` and `body` are encoded once for the rows that share them."""

    blob_id: int
    sha256: str
    pages: int
    text: Ready
    body: Ready
    folded: str


def letter(dice: random.Random, *, sentences: int) -> Letter:
    """A Party letter of an invented body, as long as that many sentences."""
    return letter_with(dice, body_from_plain(words.text_body(dice, sentences)))


def letter_with(dice: random.Random, body: Body) -> Letter:
    """A Party letter with that text."""
    where = words.place(dice).text
    return Letter(
        superior_line="ĐẢNG BỘ TỈNH SÔNG LAM",
        issuer_lines=(f"ĐẢNG ỦY XÃ {where.upper()}",),
        number_line=f"Số {1 + int(dice.random() * 900)}-CV/ĐU",
        place=where,
        date=date(2026, 1 + int(dice.random() * 9), 1 + int(dice.random() * 27)),
        type_name=None,
        subject=words.subject(dice).text,
        body=body,
        capacity_line="T/M BAN THƯỜNG VỤ",
        title_lines=("PHÓ BÍ THƯ",),
        signer_name=words.person(dice).text,
        addressee_label="Kính gửi",
        addressees=("Tỉnh ủy Sông Lam",),
        recipients=("Như trên", "Lưu Văn phòng Đảng ủy"),
    )


def stored_papers(dice: random.Random, count: int) -> Sequence[Paper]:
    """`count` distinct letters of one to three pages, in the file store and known as blobs."""
    made = []
    for _ in range(count):
        text = words.text_body(dice, 4 + int(dice.random() * 22))
        body = body_from_plain(text)
        printed = typeset(letter_with(dice, body))
        kept = store.write(store.chunks_of(io.BytesIO(printed.pdf)))
        made.append((kept, printed.pages, text, body))
    blobs = Blob.objects.bulk_create(
        [
            Blob(
                sha256=kept.sha256,
                size_bytes=kept.size,
                media_type="application/pdf",
                stored_at=clock.now(),
            )
            for kept, _, _, _ in made
        ]
    )
    return [
        Paper(blob.pk, kept.sha256, pages, ready(text), ready(body_to_json(body)), fold(text))
        for blob, (kept, pages, text, body) in zip(blobs, made, strict=True)
    ]
