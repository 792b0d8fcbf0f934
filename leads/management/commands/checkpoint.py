"""``checkpoint``: signs the log as it is now, into a file and by letter; exit 1 when the log is not what it was."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from leads.proof import files, letters
from leads.proof.keys import NoKey, new_key, signing_key
from lifecycle.models import Checkpoint
from lifecycle.proof.notes import NotACheckpoint
from lifecycle.service.proving import NoCheckpoint, make_checkpoint

_KEEP = (
    "This is the public key. Give it to the broker, on paper or by a letter, and keep it where nobody who looks after"
    " this machine can change it: checkpoints are checked with it."
)


class Command(BaseCommand):
    help = (
        "Sign the log as it is now: a Merkle root over all facts, chained to the checkpoint before it. Keep the file"
        " where nobody who looks after the database can change it; `verify_log --against FILE` compares."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, metavar="FILE", help="write it to this file, or into this folder")
        parser.add_argument("--mail", action="store_true", help="send it to every broker")
        parser.add_argument("--mail-to", action="append", default=[], metavar="ADDRESS", help="send it there")
        parser.add_argument("--again", action="store_true", help="no new one: write and send the newest once more")
        parser.add_argument("--new-key", type=Path, metavar="FILE", help="make a key to sign with, and nothing else")
        parser.add_argument("--name", default="", help="with --new-key: what the log is called: crm.example.com")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["new_key"]:
                return self._make_key(options["new_key"], options["name"])
            checkpoint = self._newest() if options["again"] else self._made(bool(options["verbosity"]))
        except NoKey as problem:
            raise CommandError(str(problem), returncode=2) from problem
        self.stdout.write(f"checkpoint {checkpoint.number}: {checkpoint.size} facts up to id {checkpoint.upto}")
        if options["out"]:
            self._write(checkpoint, options["out"])
        if options["mail"] or options["mail_to"]:
            self._send(checkpoint, options["mail_to"] + (letters.brokers() if options["mail"] else []))
        if not (options["out"] or options["mail"] or options["mail_to"]):
            self.stdout.write(f"\n{checkpoint.note}")

    def _make_key(self, file: Path, name: str) -> None:
        if not name:
            raise NoKey("Say what the log is called, for example --name crm.example.com.")
        public = new_key(file, name)
        self.stdout.write(f"The key to sign with is in {file}. Name it in CHECKPOINT_KEY_FILE.\n")
        self.stdout.write(f"{_KEEP}\n\n{public}")

    def _made(self, loud: bool) -> Checkpoint:
        key = signing_key()
        with tqdm(unit=" facts", disable=None if loud else True, file=self.stderr, leave=False) as bar:
            try:
                return make_checkpoint(key=key, now=timezone.now(), step=bar.update)
            except NotACheckpoint as wrong:
                raise CommandError(f"A checkpoint that is kept here was changed: {wrong}") from wrong
            except NoCheckpoint as problem:
                for finding in problem.findings:
                    self.stdout.write(finding)
                raise CommandError(str(problem), returncode=1 if problem.findings else 2) from problem

    def _newest(self) -> Checkpoint:
        newest = Checkpoint.objects.order_by("-number").first()
        if newest is None:
            raise CommandError("There is no checkpoint yet.", returncode=2)
        return newest

    def _write(self, checkpoint: Checkpoint, out: Path) -> None:
        try:
            self.stdout.write(f"written to {files.write(checkpoint, out)}")
        except OSError as error:
            again = "It is kept here; `checkpoint --again --out FILE` writes it elsewhere."
            raise CommandError(f"{out} was not written: {error.strerror}. {again}", returncode=2) from error

    def _send(self, checkpoint: Checkpoint, to: list[Any]) -> None:
        if not to:
            raise CommandError("No broker has an e-mail address; name one with --mail-to.", returncode=2)
        try:
            self.stdout.write(f"letters sent: {letters.send(checkpoint, to)}")
        except OSError as error:
            again = "The checkpoint is kept; `checkpoint --again --mail` sends it once more."
            raise CommandError(f"The letters were not sent: {error}. {again}", returncode=2) from error
