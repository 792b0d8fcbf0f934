"""A checkpoint by e-mail: what lies in the mailboxes of several people, nobody changes afterwards."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lifecycle.models import Checkpoint

from ..models import Role, User
from .files import file_name


def brokers() -> list[User]:
    """Who gets a checkpoint unless somebody else is named: every broker who can log in and has an address."""
    return list(User.objects.filter(role=Role.BROKER, is_active=True).exclude(email="").order_by("display_name"))


def send(checkpoint: Checkpoint, to: Sequence[User | str]) -> int:
    """Sends it to each of them in a letter of its own; out: how many letters. Raises what the mail server says."""
    letters = [_letter(checkpoint, one) for one in to]
    with get_connection() as connection:
        return sum(connection.send_messages([letter]) or 0 for letter in letters)


def _letter(checkpoint: Checkpoint, to: User | str) -> EmailMessage:
    address, language = (to, "") if isinstance(to, str) else (to.email, to.language)
    with translation.override(language or None):
        letter = EmailMessage(_subject(checkpoint), _body(checkpoint), to=[address])
    letter.attach(file_name(checkpoint), checkpoint.note, "text/plain")
    return letter


def _subject(checkpoint: Checkpoint) -> str:
    return ngettext(
        "Checkpoint %(number)d: %(size)d fact", "Checkpoint %(number)d: %(size)d facts", checkpoint.size
    ) % {"number": checkpoint.number, "size": checkpoint.size}


def _body(checkpoint: Checkpoint) -> str:
    said = _(
        "This letter is a seal on your office's log. Keep it; there is nothing to do.\n\n"
        "It holds a number that only this log gives, with every fact recorded up to now, each as it is today. If"
        " anybody ever changes, removes or slips in a fact among them, even somebody who owns the database, the log no"
        " longer gives that number, and this letter shows it:\n\n"
        "    manage.py verify_log --against %(file)s\n\n"
        "The letter holds nobody's name and nothing about your clients."
    )
    return said % {"file": file_name(checkpoint)} + "\n\n" + checkpoint.note
