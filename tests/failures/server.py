"""gunicorn as an office runs it, begun, ended and begun again on the same port."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from bench.crowd.server import command
from tests.failures.cluster import PATIENCE
from tests.failures.place import ROOT, Place


class Server:
    """In: an office and a free port."""

    def __init__(self, place: Place, port: int) -> None:
        self.place, self.port, self.log = place, port, place.folder / "server.log"
        self.address = f"http://127.0.0.1:{port}"
        self.start()

    def start(self) -> None:
        """Begins it and waits until it listens, whether or not the database is there."""
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                command(self.port, []), cwd=ROOT, env=self.place.environment, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not self.listens():
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"The server did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.1)

    def listens(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.address}/ready/", timeout=PATIENCE)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def hang_up(self) -> None:
        """HUP: what `systemctl reload` sends; workers are replaced one by one."""
        self.process.send_signal(signal.SIGHUP)

    def end(self) -> None:
        """TERM: what `systemctl restart` sends; requests at hand are finished."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise

    def boots(self) -> int:
        return self.log.read_text().count("Booting worker")

    def faults(self) -> list[str]:
        """What its log tells of faults of ours."""
        marks = ("Traceback", "Internal Server Error", " CRITICAL ", "[CRITICAL]")
        return [line for line in self.log.read_text().splitlines() if any(mark in line for mark in marks)]


@contextlib.contextmanager
def serving(place: Place) -> Iterator[Server]:
    """The server of an office until the block ends."""
    place.collect()
    server = Server(place, free_port())
    try:
        yield server
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.end()


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
