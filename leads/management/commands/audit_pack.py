"""``audit_pack``: a lead's facts with the proof that they are those that were recorded, for somebody outside."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leads.keys import leads_by_key
from leads.lead_page import desk_for
from leads.models import Role, User
from leads.proof.keys import NoKey, public_keys
from leads.proof.pack import pack
from lifecycle.models import OfficeSettings
from lifecycle.proof.evidence import NoEvidence


class Command(BaseCommand):
    help = (
        "Write the auditor's pack of a lead: its facts, the proof that they stand in the log of the newest checkpoint,"
        " a page to read, and a program that checks it with Python alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("lead", help="its key, as pages and search show it: L-17, or that of the old system")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a .zip, or a folder to put it in")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        named = leads_by_key(options["lead"])
        if len(named) != 1:
            others = ", ".join(f"L-{lead.pk}" for lead in named)
            problem = f"Several leads have that key; say one of {others}." if named else "There is no such lead."
            raise CommandError(problem, returncode=2)
        try:
            with timezone.override(OfficeSettings.load().zone):
                name, content = pack(named[0], desk_for(User(role=Role.BROKER)), public_keys([])[0])
        except (NoEvidence, NoKey) as problem:
            raise CommandError(str(problem), returncode=2) from problem
        file = out / name if out.is_dir() else out
        try:
            # What people told about a client is in it: nobody else on this machine may read it.
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as into:
                into.write(content)
        except OSError as error:
            raise CommandError(f"{file} was not written: {error.strerror}.", returncode=2) from error
        self.stdout.write(f"written to {file}")
