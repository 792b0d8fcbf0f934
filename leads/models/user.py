"""The people of the office. Never deleted once they have acted: they are deactivated, their name stays in the log."""

import uuid
from enum import StrEnum
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lifecycle.intents import Person
from lifecycle.models.office import valid_zone


class Role(StrEnum):
    AGENT = "agent"
    BROKER = "broker"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return {Role.AGENT: gettext("Agent"), Role.BROKER: gettext("Broker"), Role.ADMIN: gettext("Admin")}[self]


def role_choices() -> list[tuple[str, str]]:
    return [(r.value, r.label) for r in Role]


class Density(StrEnum):
    """How close the cards of the board lie."""

    ROOMY = "roomy"
    COMPACT = "compact"

    @property
    def label(self) -> str:
        return {Density.ROOMY: gettext("Roomy"), Density.COMPACT: gettext("Compact")}[self]


def density_choices() -> list[tuple[str, str]]:
    return [(d.value, d.label) for d in Density]


def language_choices() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


class OfficeUserManager(UserManager["User"]):
    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        """A superuser is an admin of the office as well."""
        extra.setdefault("role", Role.ADMIN.value)
        return super().create_superuser(username, email, password, **extra)


class User(AbstractUser):
    """``display_name`` is what everybody sees and is unique in an office; ``time_zone`` is an IANA name or ``""``.

    ``language`` is a code of ``settings.LANGUAGES`` or ``""``; ``density`` says how close the cards of the board lie.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(_("role"), max_length=8, choices=role_choices, default=Role.AGENT.value)
    display_name = models.CharField(_("display name"), max_length=150, unique=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        default="",
        validators=[valid_zone],
        help_text=_("Empty: the office's."),
    )

    language = models.CharField(
        _("language"),
        max_length=8,
        choices=language_choices,
        blank=True,
        default="",
        help_text=_("Empty: as the browser asks."),
    )
    density = models.CharField(
        _("cards on the board"), max_length=8, choices=density_choices, default=Density.ROOMY.value
    )

    objects: ClassVar[OfficeUserManager] = OfficeUserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
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
