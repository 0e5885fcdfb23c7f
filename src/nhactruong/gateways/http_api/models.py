"""How often each caller has asked."""

from __future__ import annotations

from django.db import models


class CallerWindow(models.Model):
    """The running minute of one caller: one row each, written anew every minute.

    It is a counter and no record of the office; `caller` is a hash of a key or an account.
    """

    id = models.BigAutoField(primary_key=True)
    caller = models.CharField(max_length=80, unique=True)
    minute = models.BigIntegerField()
    used = models.PositiveIntegerField()
