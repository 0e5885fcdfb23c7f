"""Keys of services, how often each caller has asked, and what changed in the directory."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord
from nhactruong.gateways.http_api import rules
from nhactruong.gateways.http_api.rules import Stage
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.models import Agency


class CallerWindow(models.Model):
    """The running minute of one caller: one row each, written anew every minute.

    It is a counter and no record of the office; `caller` is a hash of a key or an account.
    """

    id = models.BigAutoField(primary_key=True)
    caller = models.CharField(max_length=80, unique=True)
    minute = models.BigIntegerField()
    used = models.PositiveIntegerField()


class ServiceKey(PublicRecord):
    """The key of a program: bound to one agency and one purpose; only its hash is kept.

    Asked for by the administrator, allowed by a second person, then collected once: from then on
    it has `account`, which signs nobody in (no password, no person). Operations are kept in its
    name.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=500)
    scopes = ArrayField(models.CharField(max_length=40))
    networks = ArrayField(models.CharField(max_length=50), default=list)
    requests_per_minute = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    asked_by = models.CharField(max_length=200)
    asked_person_id = models.BigIntegerField()
    asked_post_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    is_allowed = models.BooleanField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_person_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=1000, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True)
    issued_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)

    class Meta(PublicRecord.Meta):
        constraints = [
            # The second person is never the first, whatever the program says.
            models.CheckConstraint(
                condition=models.Q(decided_person_id=None)
                | ~models.Q(decided_person_id=models.F("asked_person_id")),
                name="key_needs_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(token_hash=None)
                | models.Q(
                    is_allowed=True,
                    account__isnull=False,
                    issued_at__isnull=False,
                    expires_at__isnull=False,
                ),
                name="key_opens_only_when_allowed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def type_name(cls) -> str:
        """The kind of record, as work items and notices know it."""
        return "ServiceKey"

    @property
    def stage(self) -> Stage:
        """Where the key stands at this second."""
        return rules.stage_of(
            is_allowed=self.is_allowed,
            decided_at=self.decided_at,
            expires_at=self.expires_at,
            revoked_at=self.revoked_at,
            now=clock.now(),
        )


class ChangeLineage(models.Model):
    """One database cluster whose transactions numbered changes; a restore begins another."""

    id = models.BigAutoField(primary_key=True)
    system_identifier = models.BigIntegerField(unique=True)


class DirectoryChange(models.Model):
    """Something of the directory that changed; written by the database itself, in the act.

    `xid` is the number of the transaction. Rows join and never change.
    """

    id = models.BigAutoField(primary_key=True)
    lineage = models.ForeignKey(ChangeLineage, on_delete=models.PROTECT, related_name="+")
    xid = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    object_id = models.UUIDField()
    agency_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["lineage", "xid", "id"], name="change_place")]
