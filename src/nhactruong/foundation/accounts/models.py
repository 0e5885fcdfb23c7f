"""Accounts, the tokens of machines, and confirmations given in a session."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from nhactruong.foundation.accounts.rules import PURPOSE_LABELS


class UserManager(BaseUserManager["User"]):
    """Finds accounts by name; `create_user` is for commands."""

    def create_user(self, username: str, password: str | None = None, **extra: Any) -> User:
        """A stored account; no password means it cannot sign in with one."""
        user = self.model(username=username, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account; no administrator flag exists, rights come from posts."""

    username = models.CharField("Tên đăng nhập", max_length=60, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    failed_confirmations = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    #: Apart from those of the password: who knows the password must not get new tries by it.
    failed_second_factors = models.PositiveSmallIntegerField(default=0)
    second_factor_locked_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    preferences = models.JSONField(default=dict, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    @property
    def is_staff(self) -> bool:
        """Never: there is no back door of a framework's admin pages."""
        return False

    def __str__(self) -> str:
        return self.username


class DoorTry(models.Model):
    """Wrong tries to sign in under a name, be it anybody's or nobody's; forgotten within the hour.

    What was typed is kept as a keyed hash only: people type their password there.
    """

    id = models.BigAutoField(primary_key=True)
    name_hash = models.CharField(max_length=64)
    #: A browser in which the account was opened before; "" for all others together.
    device = models.CharField(max_length=40, blank=True)
    failed = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name_hash", "device"], name="one_count_at_the_door")
        ]


class ApiToken(models.Model):
    """A machine's key to the interface in the name of an account; only its hash is kept."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Invitation(models.Model):
    """A code with which the owner of an account sets its password; only its hash is kept.

    It serves once, until `expires_at`; a newer one of the same account ends it at once.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(
        max_length=10,
        choices=[(purpose.value, label) for purpose, label in PURPOSE_LABELS.items()],
    )
    code_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Confirmation(models.Model):
    """The last confirmation by a second factor in one session, and one that waits for its act.

    `session_id` is what the record of acts shows of the session, never its key.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_id = models.CharField(max_length=16)
    confirmed_at = models.DateTimeField(null=True)
    ticket_hash = models.CharField(max_length=64, blank=True)
    ticket_made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "session_id"], name="one_confirmation_a_session"
            )
        ]
