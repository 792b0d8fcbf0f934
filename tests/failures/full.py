"""A full disk while people work: a sentence for each of them, nothing half, and on it goes when there is room again."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.failures.outcome import Outcome
from tests.failures.people import Crowd
from tests.failures.place import place
from tests.failures.served import SOME, judge, statuses, until
from tests.failures.server import serving
from tests.failures.table import Skipped

PEOPLE = 4
_MEGABYTES = {"sqlite": 24, "postgresql": 64}


def run(engine: str, runs: int, *, tell: Callable[[str], None] = print) -> Outcome:
    """An office on a small file system of its own, that something else fills up."""
    found = Outcome("disk full", engine)
    with small_disk(_MEGABYTES[engine]) as room, place(engine, room=room) as office, serving(office) as server:
        crowd = Crowd(office, server.address, PEOPLE)
        try:
            for _ in range(runs):
                crowd.wait_for(SOME)
                _filled(room, crowd)
                crowd.wait_for(SOME)
                found.runs += 1
                tell(f"  {statuses(crowd.answers())}")
        finally:
            crowd.go_home()
        judge(found, crowd, server, also={507})
        found.add(office.office("check", str(office.folder)))
        found.more["where"] = "a tmpfs of its own" + (" as a tablespace" if office.cluster else "")
    return found


def _filled(room: Path, crowd: Crowd) -> None:
    """Leaves no room until people have been told so, then gives it back."""
    begun, ballast = time.monotonic(), room / "ballast"
    with ballast.open("wb", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(b"\0" * 4096)
    until(lambda: sum(a.status == 507 and a.at > begun for a in crowd.answers()) >= 3)
    ballast.unlink()


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system of so many megabytes in memory; skipped where this machine lets nobody mount one."""
    if os.geteuid() != 0:
        raise Skipped("only root mounts a small file system; the short test has a way that works for everybody")
    with tempfile.TemporaryDirectory(prefix="hindsight-small-disk-") as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", name]
        done = subprocess.run(mount, capture_output=True, text=True)
        if done.returncode:
            raise Skipped(f"no small file system can be mounted here: {done.stderr.strip()}")
        try:
            # The server of the database, which is not root, has to come through.
            Path(name).chmod(0o755)
            yield Path(name)
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)
