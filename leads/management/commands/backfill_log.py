"""``backfill_log``: leads that stand in the database without events get their honest beginning. Can be run again."""

import uuid
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from leads.models import Lead
from lifecycle.service.importing import Imported, begin_streams

#: Leads of one transaction: about a thousand events at most.
AT_ONCE = 300


class Command(BaseCommand):
    help = "Give leads without any event their beginning, from what their columns say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--source", default="backfill", help="name of the system they come from (default: backfill)"
        )
        parser.add_argument("--dry-run", action="store_true", help="do everything and keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        if not source or len(source) > 60:
            raise CommandError("Name the source in 1 to 60 characters.", returncode=2)
        total, refused = self._begin(source, options)
        if options["dry_run"]:
            self.stdout.write("Nothing was kept (dry run). It would have been:")
        self.stdout.write(f"leads: {total.leads}")
        self.stdout.write(f"events: {total.events}")
        self.stdout.write(f"refused: {refused}")
        if refused:
            raise SystemExit(1)

    def _begin(self, source: str, options: dict[str, Any]) -> tuple[Imported, int]:
        total, refused = Imported(), 0
        batch, now = uuid.uuid4(), timezone.now()
        quiet = None if options["verbosity"] else True
        with tqdm(total=_waiting().count(), unit=" leads", disable=quiet, file=self.stderr, leave=False) as bar:
            for ids in _chunks():
                done = begin_streams(ids, source=source, now=now, batch=batch, rehearse=options["dry_run"])
                total.leads, total.events = total.leads + done.leads, total.events + done.events
                refused += len(done.refused)
                for key, _, sentence in done.refused:
                    # Said at once: a whole table may be refused.
                    bar.clear()
                    self.stderr.write(f"{key}: {sentence}")
                bar.update(len(ids))
        return total, refused


def _waiting() -> Any:
    return Lead.objects.filter(version=0).order_by("pk").values_list("pk", flat=True)


def _chunks() -> Iterator[list[int]]:
    """In the order of their ids, so that one that is refused does not come again in the same run."""
    last = 0
    while ids := list(_waiting().filter(pk__gt=last)[:AT_ONCE]):
        yield ids
        last = ids[-1]
