"""``verify_log``: exit 0 when the log is sound, 1 when it is not, 2 when this release cannot tell."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from tqdm import tqdm

from leads.proof import files
from leads.proof.keys import NoKey, public_keys
from lifecycle.proof.against import Held
from lifecycle.proof.notes import PublicKey
from lifecycle.service.proving import keep_verdict
from lifecycle.verify import Verdict, verify


class Command(BaseCommand):
    help = (
        "Verify every stream of the log, the cached columns and the guards; with --against also that the log is what"
        " checkpoints that somebody kept say it was."
    )
    # The system check would stop at a missing guard; here it is a finding among others.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
        parser.add_argument(
            "--against", nargs="+", default=[], metavar="FILE", help="checkpoints that were kept: files, or folders"
        )
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            metavar="KEY",
            help="the public key that signed them, or a file with it; without it the key of this server is believed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ran_at, begun = timezone.now(), time.monotonic()
        try:
            held = files.read(options["against"])
            keys = public_keys(options["key"]) if held else []
        except (files.Unreadable, NoKey) as problem:
            self.stderr.write(f"Cannot tell: {problem}")
            raise SystemExit(2) from problem
        try:
            if MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes()):
                raise DatabaseError("migrations are pending; run `manage.py migrate` first")
            verdict = self._verify(held, keys, quiet=options["json"] or not options["verbosity"])
        except DatabaseError as problem:
            self.stderr.write(f"Cannot tell: {str(problem).strip()}.")
            raise SystemExit(2) from problem
        try:
            keep_verdict(verdict=verdict, ran_at=ran_at, took=timedelta(seconds=time.monotonic() - begun))
        except DatabaseError as problem:
            # A copy that nobody may write to can be verified as well.
            self.stderr.write(f"What was found is not kept for the page: {str(problem).strip()}.")
        self._print_json(verdict) if options["json"] else self._print(verdict)
        if verdict.exit_code:
            raise SystemExit(verdict.exit_code)

    def _verify(self, held: list[Held], keys: list[PublicKey], *, quiet: bool) -> Verdict:
        verdict = Verdict()
        with tqdm(unit=" events", disable=True if quiet else None, file=self.stderr, leave=False) as bar:
            for verdict in verify(held, keys):
                bar.update(verdict.events - bar.n)
        return verdict

    def _print(self, verdict: Verdict) -> None:
        for sentence in verdict.sentences():
            self.stdout.write(sentence)
        self.stdout.write(f"leads: {verdict.leads}")
        self.stdout.write(f"events: {verdict.events}")
        if verdict.checkpoints:
            self.stdout.write(f"checkpoints: {verdict.checkpoints}")
        self.stdout.write(f"problems: {len(verdict.problems) + len(verdict.guards_missing)}")

    def _print_json(self, verdict: Verdict) -> None:
        answer = {"ok": verdict.exit_code == 0, "exit_code": verdict.exit_code, **asdict(verdict)}
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
