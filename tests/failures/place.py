"""Where a failure happens: an office of our own on one engine, and the processes that work on it."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.failures.cluster import PATIENCE, Cluster, cluster

ROOT = Path(__file__).resolve().parent.parent.parent
ENGINES = ("sqlite", "postgresql")
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PGSERVER_POSTGRES_VERSION")


@dataclass
class Place:
    """A database at an address, with a folder for what is said about it; ``cluster``: its server, where we own it."""

    engine: str
    folder: Path
    address: str
    cluster: Cluster | None = None
    key: str = field(default_factory=lambda: secrets.token_urlsafe(50))
    _writers: int = 0

    @property
    def server(self) -> Cluster:
        """The PostgreSQL that is ours to kill."""
        assert self.cluster is not None
        return self.cluster

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a production process; nothing of the developer's own comes along."""
        return {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "crm.settings",
            "HINDSIGHT_ENV_FILE": "",
            "PYTHONPATH": str(ROOT),
            "SECRET_KEY": self.key,
            "ALLOWED_HOSTS": "127.0.0.1",
            "PROXIES": "1",
            # The people of these tests log in with a password alone.
            "SECOND_FACTOR_FOR": "",
            "LOG_LEVEL": "ERROR",
            "DATABASE_URL": self.address,
            "STATIC_ROOT": str(self.folder / "static"),
            "IMPORT_FILES": str(self.folder / "imports"),
            "CHECKPOINT_KEY_FILE": str(self.folder / "checkpoint.key"),
        }

    def at(self, address: str) -> "Place":
        """The same office at another address: a restored copy."""
        return Place(self.engine, self.folder, address, self.cluster, self.key)

    def office(self, task: str, *words: str, **more: str) -> Any:
        """What a task of ``office.py`` answers, done in a process of its own. ``more``: for its environment."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.failures.office", task, *words], cwd=ROOT, text=True,
            env={**self.environment, **more}, capture_output=True, timeout=20 * PATIENCE,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{task} failed:\n{done.stderr[-3000:]}")
        return json.loads(done.stdout.strip().splitlines()[-1])

    def manage(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """A command of the product, whatever its exit code."""
        return subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, text=True, env={**self.environment, **more},
            capture_output=True, timeout=20 * PATIENCE,
        )  # fmt: skip

    def sealed(self, file: Path) -> None:
        """Signs the log as it is now, into this file."""
        if not (self.folder / "checkpoint.key").exists():
            key = str(self.folder / "checkpoint.key")
            assert not self.manage("checkpoint", "--new-key", key, "--name", "drill.example.com").returncode
        done = self.manage("checkpoint", "--out", str(file), "--verbosity", "0")
        assert not done.returncode, done.stderr[-2000:]

    def collect(self) -> None:
        """Style and script for pages, as an upgrade collects them."""
        if not (self.folder / "static").exists():
            done = self.manage("collectstatic", "--noinput", "--verbosity", "0")
            assert not done.returncode, done.stderr[-2000:]

    def writer(self, *, only: str = "", most: int = 0) -> "Writer":
        """Starts a process that appends until it is killed. ``only``: these deeds; ``most``: so many, then it ends."""
        self._writers += 1
        return Writer(self, self._writers, only, most)


class Writer:
    """A process that writes down each acknowledgement after its call has returned."""

    def __init__(self, place: Place, number: int, only: str, most: int) -> None:
        self.file = place.folder / f"acknowledged-{number}-{secrets.token_hex(4)}"
        self.faults = self.file.with_suffix(".faults")
        words = [sys.executable, "-m", "tests.failures.writer", str(number), str(most), only]
        with self.file.open("wb") as out, self.faults.open("wb") as faults:
            self.process = subprocess.Popen(words, cwd=ROOT, env=place.environment, stdout=out, stderr=faults)

    def wait_for(self, deeds: int) -> None:
        """Until it has acknowledged so many deeds in all. Raises when it has ended or does not get on."""
        until = time.monotonic() + 5 * PATIENCE
        while len(self.lines) <= deeds:
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"A writer does not get on:\n{self.faults.read_text()[-3000:]}")
            time.sleep(0.01)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def ask_to_end(self) -> None:
        """Lets it finish what it is at."""
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        return self.process.wait(PATIENCE)

    @property
    def lines(self) -> list[str]:
        """What it has acknowledged so far, one deed a line; a torn last line was never said."""
        return self.file.read_bytes().decode().split("\n")[:-1]


@contextlib.contextmanager
def place(engine: str, *, leads: int = 60, room: Path | None = None) -> Iterator[Place]:
    """An office with so many leads (0: no tables yet) in a folder that is gone afterwards.

    ``room``: another folder for its data.
    """
    with tempfile.TemporaryDirectory(prefix="hindsight-failures-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        if engine == "sqlite":
            made = Place(engine, folder, f"sqlite:///{room or folder}/office.sqlite3")
        else:
            server = stack.enter_context(cluster(folder))
            made = Place(engine, folder, server.database("office", server.tablespace(room) if room else ""), server)
        if leads:
            made.office("prepare", str(leads))
        yield made


@contextlib.contextmanager
def ending(writers: Sequence[Writer]) -> Iterator[Sequence[Writer]]:
    """Whatever happens inside, none of these processes is left behind."""
    try:
        yield writers
    finally:
        for writer in writers:
            if writer.process.poll() is None:
                writer.kill()
