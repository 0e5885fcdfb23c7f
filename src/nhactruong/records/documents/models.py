"""Document → component → version → rendition, and relations between documents."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord, Record


class Document(PublicRecord):
    """The content of one document of one agency; a received copy is a document of its own.

    The register line above it (incoming or outgoing) carries the same public identifier.
    """

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    @classmethod
    def type_name(cls) -> str:
        """The name under which threads and dossiers know a document, incoming or outgoing."""
        return "Document"


class Component(PublicRecord):
    """A part: the main text, an appendix, an attachment."""

    class Kind(models.TextChoices):
        """What the part is."""

        MAIN = "main", "Văn bản chính"
        APPENDIX = "appendix", "Phụ lục"
        ATTACHMENT = "attachment", "Tài liệu kèm theo"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="components")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.MAIN)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=300, blank=True)

    class Meta(PublicRecord.Meta):
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="component_position")
        ]


class ComponentVersion(Record):
    """One state of a part's content; frozen when it is presented for signature or received."""

    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["component", "number"], name="component_version")
        ]


class Rendition(PublicRecord):
    """Bytes of a version in one form; `parent` is the rendition it was made from."""

    class Purpose(models.TextChoices):
        """Why the bytes exist, in the order of a document's life."""

        ORIGINAL = "original", "Bản gốc"
        PRESENTED = "presented", "Bản trình ký"
        SIGNED = "signed", "Bản đã ký"
        NUMBERED = "numbered", "Bản đã cấp số"
        SEALED = "sealed", "Bản đã đóng dấu"
        PREVIEW = "preview", "Bản xem"

    version = models.ForeignKey(
        ComponentVersion, on_delete=models.PROTECT, related_name="renditions"
    )
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    holding = models.ForeignKey("files.Holding", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    parent_sha256 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=100)
    page_count = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta(PublicRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["version", "purpose"],
                condition=models.Q(
                    purpose__in=["original", "presented", "signed", "numbered", "sealed"]
                ),
                name="rendition_once",
            )
        ]


class Relation(Record):
    """How one document stands to another: replies_to, amends, replaces, based_on, copy_of…"""

    from_document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    to_document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["from_document", "to_document", "kind"], name="relation_once"
            )
        ]
