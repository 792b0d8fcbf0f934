"""``rebuild_cache``: the derived cached columns, and the board's tally, once more; on a sound database all stays."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from lifecycle.service.rebuilding import Drifted, drifted, rebuild
from lifecycle.service.tallying import make_anew


class Command(BaseCommand):
    help = "Set the cached columns of every lead from its events, and count them anew for the board."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        seen, found = 0, list[Drifted]()
        quiet = None if options["verbosity"] else True
        with tqdm(unit=" leads", disable=quiet, file=self.stderr, leave=False) as bar:
            for looked_at, differing in drifted():
                seen += looked_at
                found += differing
                bar.update(looked_at)
        for lead in found:
            self.stdout.write(f"{lead.key}: {', '.join(lead.columns)}")
        changed = len(found) if options["dry_run"] else rebuild([lead.lead_id for lead in found])
        if not options["dry_run"]:
            # What was mended here no fact speaks of.
            make_anew()
        self.stdout.write(f"leads: {seen}")
        self.stdout.write(f"{'would change' if options['dry_run'] else 'changed'}: {changed}")
