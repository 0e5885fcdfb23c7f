"""Keys, signatures and verification reports."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord, Record


class SigningKey(PublicRecord):
    """A certificate whose key the holder may use; the key itself is never in this store."""

    class HolderKind(models.TextChoices):
        """Whose certificate it is."""

        PERSON = "person", "Cá nhân"
        AGENCY = "agency", "Cơ quan"

    holder_kind = models.CharField(max_length=10, choices=HolderKind.choices)
    holder_id = models.BigIntegerField()
    mode = models.CharField(max_length=10, default="soft")
    #: The identifier in the certificate's subject that ties it to the holder.
    subject_id = models.CharField(max_length=100)
    subject_name = models.CharField(max_length=300)
    registered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(PublicRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["holder_kind", "holder_id"],
                condition=models.Q(withdrawn_at=None),
                name="one_key_in_use",
            )
        ]


class SigningRequest(PublicRecord):
    """An opened signature: what is to be signed, by whom, until when; at most one a field."""

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    field_name = models.CharField(max_length=40)
    sha256_before = models.CharField(max_length=64)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=200)
    asked_by_user = models.BigIntegerField(null=True)
    asked_by_post = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta(PublicRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["document", "field_name"],
                condition=models.Q(closed_at=None),
                name="one_open_request",
            )
        ]


class SignatureRecord(Record):
    """A signature made here; append-only. Source: signatures.md 9."""

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    rendition = models.ForeignKey("documents.Rendition", on_delete=models.PROTECT, related_name="+")
    field_name = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    signer_name = models.CharField(max_length=200)
    signer_post = models.BigIntegerField(null=True)
    authority_id = models.BigIntegerField(null=True)
    form = models.CharField(max_length=5, blank=True)
    certificate_serial = models.CharField(max_length=80)
    certificate_subject = models.CharField(max_length=500)
    certificate_issuer = models.CharField(max_length=500)
    level = models.CharField(max_length=10)
    digest_algorithm = models.CharField(max_length=20)
    time_stamped_at = models.DateTimeField(null=True)
    sha256_before = models.CharField(max_length=64)
    sha256_after = models.CharField(max_length=64)
    mode = models.CharField(max_length=10)
    box = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["rendition", "field_name"], name="signature_once")
        ]


class VerificationReport(PublicRecord):
    """What was found when a file's signatures were checked; a later check adds a new report."""

    rendition = models.ForeignKey("documents.Rendition", on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=30)
    sentence = models.CharField(max_length=1000)
    report = models.JSONField()
    checked_at = models.DateTimeField()
    #: The report as PDF, kept with what was received; nothing where nobody signed.
    paper = models.ForeignKey(
        "files.Holding", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta(PublicRecord.Meta):
        indexes = [models.Index(fields=["rendition", "-checked_at"], name="report_latest")]
