"""Which passwords are long and still everybody's: a well-known one twice, with a year behind it, or a walk of keys."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from zxcvbn import zxcvbn

#: So many guesses, as a power of ten, must a program need that tries common passwords, names, words, dates and walks
#: over the keyboard first. The login lets nobody try that often; a stolen database would.
LEAST_GUESSES = 10.0
#: zxcvbn looks at no more, and nothing of what it finds is that long.
_LOOKED_AT = 72


class NotEverybodys:
    """Refuses what zxcvbn (https://github.com/dwolfhub/zxcvbn-python) guesses soon. What it is made of is free."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises a ``ValidationError`` for what a program guesses among the first."""
        own = [str(getattr(user, name, "")) for name in ("username", "display_name", "email")]
        if guesses(password, own) < LEAST_GUESSES:
            raise ValidationError(
                _(
                    "This is a well-known password with something added, a word repeated, or keys in a row. "
                    "Take several words that have nothing to do with each other."
                ),
                code="password_cheap",
            )

    def get_help_text(self) -> str:
        """Said beside the field."""
        return gettext("A well-known password is not made better by a year, by signs, or by repeating it.")


def guesses(password: str, own: list[str]) -> float:
    """How many are needed, as a power of ten. ``own``: what everybody knows of the person."""
    if not password:
        return 0.0
    return float(zxcvbn(password[:_LOOKED_AT], user_inputs=[word for word in own if word])["guesses_log10"])
