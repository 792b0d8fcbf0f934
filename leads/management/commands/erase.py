"""``erase``: erases the personal data of one lead, on behalf of a broker or an admin. The log stays."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leads.erasure import erase
from leads.models import Lead, User
from lifecycle.errors import Refused
from lifecycle.events import Kind, Source
from lifecycle.models import ReasonCode


class Command(BaseCommand):
    help = "Erase the personal data of a lead: contact data and all words. The facts stay. This cannot be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("lead", metavar="LEAD", help="the number of the lead, for example L-1234")
        parser.add_argument("--reason", required=True, help="a reason code, for example erasure_requested")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="the broker or admin who does this")
        parser.add_argument("--reference", default="", help="the number of the request, for example DSR-2026-14")

    def handle(self, *args: Any, **options: Any) -> None:
        lead, actor = _lead(options["lead"]), _actor(options["by"])
        try:
            done = erase(
                lead_id=lead.pk,
                reason=options["reason"],
                reference=options["reference"],
                actor=actor,
                source=Source.COMMAND.value,
            )
        except Refused as refused:
            hint = f" Reasons: {', '.join(_reasons())}." if refused.field == "reason" else ""
            raise CommandError(f"{refused.sentence}{hint}", returncode=2) from refused
        if not done.events:
            self.stdout.write("nothing left to erase")
            return
        said = done.events[0].data
        self.stdout.write(f"contact facts erased: {len(said['fields'])}")
        self.stdout.write(f"facts whose words were erased: {said['words']}")
        for name in ("rows", "files", "entries"):
            self.stdout.write(f"{name}: {said[name]}")


def _lead(text: str) -> Lead:
    number = text.upper().removeprefix("L-")
    found = None
    if number.isascii() and number.isdigit() and len(number) < 19:
        found = Lead.objects.filter(pk=int(number)).exclude(status="").first()
    if found is None:
        # Never by a key of an old system: two of them may share one, and this cannot be undone.
        raise CommandError("There is no lead with this number. Write it as L-1234, as its page does.", returncode=2)
    return found


def _actor(username: str) -> User:
    found = User.objects.filter(username=username).first() if "\x00" not in username else None
    if found is None:
        raise CommandError("Nobody here has this user name.", returncode=2)
    return found


def _reasons() -> list[str]:
    return sorted(r.code for r in ReasonCode.book().values() if Kind.PERSONAL_DATA_ERASED.value in r.kinds)
