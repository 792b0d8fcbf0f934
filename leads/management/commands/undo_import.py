"""``undo_import``: takes back what an import brought, where nobody has touched it since."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from leads.imports import phases
from leads.models import Import, ImportedRow, Outcome
from lifecycle.errors import Refused


class Command(BaseCommand):
    help = "Take back an import: its leads go to the trash by a fact, unless somebody has worked with them since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("import", help="the import, as `import_leads` printed it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = Import.objects.get(pk=UUID(options["import"]))
        except (ValueError, Import.DoesNotExist) as problem:
            raise CommandError("There is no such import.", returncode=2) from problem
        try:
            made = phases.undo_now(made)
        except Refused as refused:
            raise CommandError(refused.sentence, returncode=2) from refused
        self.stdout.write(f"withdrawn: {made.counts.get('withdrawn', 0)}")
        self.stdout.write(f"stayed: {made.counts.get('kept', 0)}")
        for row in ImportedRow.objects.filter(of=made, outcome=Outcome.KEPT).select_related("lead").order_by("line"):
            self.stderr.write(f"line {row.line}, {row.lead.key if row.lead else ''}: {row.sentence}")
