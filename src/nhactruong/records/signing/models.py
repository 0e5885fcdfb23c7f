"""Keys, pictures, requests, signatures and verification reports."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord, Record
from nhactruong.records.signing.ports import Mode


class SigningKey(PublicRecord):
    """A certificate whose key the holder may use; the key itself is never in this store."""

    class HolderKind(models.TextChoices):
        """Whose certificate it is."""

        PERSON = "person", "Cá nhân"
        AGENCY = "agency", "Cơ quan"

    holder_kind = models.CharField(max_length=10, choices=HolderKind.choices)
    holder_id = models.BigIntegerField()
    mode = models.CharField(
        max_length=10,
        choices=[
            (Mode.SOFT.value, "Khóa mềm của cơ quan mẫu"),
            (Mode.PKCS11.value, "Thiết bị hoặc HSM cắm ở máy chủ"),
            (Mode.CSC.value, "Dịch vụ ký từ xa"),
            (Mode.AGENT.value, "Thiết bị cắm ở máy của người ký"),
        ],
        default=Mode.SOFT.value,
    )
    #: Where the key is found: label of the token and id of the key, or name of the credential.
    reference = models.JSONField(default=dict)
    #: PEM: its certificate, then those of the authorities above; keys of the sample have none here.
    certificates = models.TextField(blank=True)
    serial = models.CharField(max_length=80, blank=True)
    valid_until = models.DateTimeField(null=True)
    #: The line of the register of devices; a key whose device is lost cannot be used.
    device = models.ForeignKey(
        "devices.Device", on_delete=models.PROTECT, null=True, related_name="+"
    )
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


class SignaturePicture(PublicRecord):
    """The picture of a person's signature or of an agency's seal; encrypted, shown on no page."""

    holder_kind = models.CharField(max_length=10, choices=SigningKey.HolderKind.choices)
    holder_id = models.BigIntegerField()
    content = models.BinaryField()
    #: Of the picture itself, so that the record can say which one was used.
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(PublicRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["holder_kind", "holder_id"],
                condition=models.Q(withdrawn_at=None),
                name="one_picture_in_use",
            )
        ]


class SigningBatch(PublicRecord):
    """Several papers that one confirmation signs; each has a request of its own."""

    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    asked_by_user = models.BigIntegerField()
    asked_by_person = models.BigIntegerField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta(PublicRecord.Meta):
        indexes = [models.Index(fields=["asked_by_user", "-id"], name="batch_of_person")]

    @classmethod
    def type_name(cls) -> str:
        """The kind of record, as the record of acts knows it."""
        return cls.__name__


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
    #: While a key elsewhere is asked: the prepared file, encrypted; nothing once it is closed.
    prepared = models.BinaryField(null=True)
    batch = models.ForeignKey(
        SigningBatch, on_delete=models.PROTECT, null=True, related_name="requests"
    )
    #: What the key answered, until the signature is in the file; a raw signature is no secret.
    answer = models.BinaryField(null=True)
    #: Why this paper of a batch was not signed, in words.
    fault = models.CharField(max_length=500, blank=True)

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
