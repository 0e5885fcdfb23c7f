"""Operations: which press of a button has already been carried out, and with what result."""

from __future__ import annotations

from django.db import models


class Operation(models.Model):
    """One step of one operation, written in the transaction of the act itself."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField()
    operation_id = models.UUIDField()
    step = models.PositiveSmallIntegerField()
    command = models.CharField(max_length=200)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "operation_id", "step"], name="operation_once"
            )
        ]


class OperationAnswer(models.Model):
    """The first answer given to an operation, so that a repeated request gets the same one."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField()
    operation_id = models.UUIDField()
    method_path = models.CharField(max_length=500)
    #: Keyed digest of what was sent, codes and marks of the form apart; "" when not kept.
    sent = models.CharField(max_length=64, blank=True, default="")
    status = models.PositiveSmallIntegerField()
    location = models.CharField(max_length=500, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "operation_id"], name="answer_once")
        ]
