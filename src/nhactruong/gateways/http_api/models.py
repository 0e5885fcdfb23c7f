"""Keys of services, how often each caller has asked, and what changed in the directory."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord
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

    `account` signs nobody in: it has no password, and no person stands behind it. Operations are
    kept in its name.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=500)
    scopes = ArrayField(models.CharField(max_length=40))
    networks = ArrayField(models.CharField(max_length=50), default=list)
    requests_per_minute = models.PositiveIntegerField()
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


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
