"""Who may let whom go."""

from django.utils.translation import gettext

from ..models import User


def hindrance(viewer: User, person: User) -> str:
    """Why this broker or admin cannot let this person go, as a sentence; ``""`` where they can."""
    if person.pk == viewer.pk:
        return gettext("You cannot take your own access away. Ask another admin.")
    if person.is_superuser and not viewer.is_superuser:
        return gettext("This account belongs to whoever runs Hindsight; only they close it.")
    if person.is_broker and not viewer.is_office_admin:
        return gettext("Only an admin lets a broker or an admin go.")
    return ""
