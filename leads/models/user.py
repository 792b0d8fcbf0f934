"""The people of the office. Never deleted once they have acted: they are deactivated, their name stays in the log."""

import uuid
from enum import StrEnum
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from lifecycle.intents import Person
from lifecycle.models.office import valid_zone


class Role(StrEnum):
    AGENT = "agent"
    BROKER = "broker"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return self.value.capitalize()


def role_choices() -> list[tuple[str, str]]:
    return [(r.value, r.label) for r in Role]


class OfficeUserManager(UserManager["User"]):
    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        """A superuser is an admin of the office as well."""
        extra.setdefault("role", Role.ADMIN.value)
        return super().create_superuser(username, email, password, **extra)


class User(AbstractUser):
    """``display_name`` is what everybody sees and is unique in an office; ``time_zone`` is an IANA name or ``""``."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(max_length=8, choices=role_choices, default=Role.AGENT.value)
    display_name = models.CharField(max_length=150, unique=True)
    time_zone = models.CharField(
        max_length=64, blank=True, default="", validators=[valid_zone], help_text="Empty: the office's."
    )

    objects: ClassVar[OfficeUserManager] = OfficeUserManager()

    class Meta:
        ordering = ["display_name"]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A person without a display name goes by the user name; only admins enter the admin pages."""
        if not self.display_name:
            self.display_name = self.get_full_name() or self.username
        self.is_staff = self.is_superuser or self.role == Role.ADMIN
        super().save(*args, **kwargs)

    @property
    def initials(self) -> str:
        words = self.display_name.split()
        return "".join(w[0] for w in (words if len(words) < 3 else [words[0], words[-1]])).upper()

    @property
    def is_broker(self) -> bool:
        return self.is_superuser or self.role in (Role.BROKER, Role.ADMIN)

    @property
    def is_office_admin(self) -> bool:
        return self.is_superuser or self.role == Role.ADMIN

    @property
    def as_person(self) -> Person:
        """This user as the rules see one."""
        role = Role.ADMIN.value if self.is_superuser else self.role
        return Person(self.pk, self.display_name, role, self.is_active)
