"""``verify_log``: exit 0 when the log is sound, 1 when it is not, 2 when this release cannot tell."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from lifecycle.verify import Problem, Verdict, verify


class Command(BaseCommand):
    help = "Verify every stream of the log, the cached columns and the guards."
    # The system check would stop at a missing guard; here it is a finding among others.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the verdict as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes()):
                raise DatabaseError("migrations are pending; run `manage.py migrate` first")
            verdict = self._verify(quiet=options["json"] or not options["verbosity"])
        except DatabaseError as problem:
            self.stderr.write(f"Cannot tell: {str(problem).strip()}.")
            raise SystemExit(2) from problem
        self._print_json(verdict) if options["json"] else self._print(verdict)
        if verdict.exit_code:
            raise SystemExit(verdict.exit_code)

    def _verify(self, *, quiet: bool) -> Verdict:
        verdict = Verdict()
        with tqdm(unit=" events", disable=True if quiet else None, file=self.stderr, leave=False) as bar:
            for verdict in verify():
                bar.update(verdict.events - bar.n)
        return verdict

    def _print(self, verdict: Verdict) -> None:
        for name in verdict.guards_missing:
            self.stdout.write(f"guard missing: {name}")
        for problem in (*verdict.problems, *verdict.unknown):
            self.stdout.write(_sentence(problem))
        self.stdout.write(f"leads: {verdict.leads}")
        self.stdout.write(f"events: {verdict.events}")
        self.stdout.write(f"problems: {len(verdict.problems) + len(verdict.guards_missing)}")

    def _print_json(self, verdict: Verdict) -> None:
        answer = {"ok": verdict.exit_code == 0, "exit_code": verdict.exit_code, **asdict(verdict)}
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _sentence(problem: Problem) -> str:
    place = f"{problem.lead}, version {problem.version}" if problem.version else problem.lead or "the log"
    return f"{place}: {problem.what}"
