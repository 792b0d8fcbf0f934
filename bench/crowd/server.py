"""The server as an office runs it: its own command and configuration, production settings, its own log file."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_STARTS_WITHIN = 60


@dataclass(frozen=True, slots=True)
class Server:
    """The running server: where it listens, its first process, what it writes to stderr."""

    address: str
    pid: int
    log: Path

    def faults(self) -> list[str]:
        """The lines of its log that tell of something wrong."""
        marks = (" ERROR ", " CRITICAL ", "Traceback", "[ERROR]", "[CRITICAL]")
        return [line for line in self.log.read_text().splitlines() if any(mark in line for mark in marks)]

    def boots(self) -> int:
        """How many processes it has begun so far to answer requests."""
        return self.log.read_text().count("Booting worker")


def settings(database: str, folder: Path) -> dict[str, str]:
    """The environment of a production server behind one reverse proxy; nothing of the developer's own comes along."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "DATABASE_POOL_MIN", "DATABASE_POOL_MAX", "MALLOC_ARENA_MAX")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "HINDSIGHT_ENV_FILE": "",
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "PROXIES": "1",
        # The crowd has no phones.
        "SECOND_FACTOR_FOR": "",
        "DATABASE_URL": database,
        "STATIC_ROOT": str(folder / "static"),
        "IMPORT_FILES": str(folder / "imports"),
    }


def command(port: int, more: list[str]) -> list[str]:
    """What `deploy/hindsight.service` starts, on a port of its own."""
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    return [gunicorn, "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", *more, "crm.wsgi"]


@contextlib.contextmanager
def serving(environment: dict[str, str], folder: Path, more: list[str]) -> Iterator[Server]:
    """Runs the server until the block ends."""
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    port, log = _free_port(), folder / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command(port, more), cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    server = Server(f"http://127.0.0.1:{port}", process.pid, log)
    try:
        _wait_until_ready(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: Server, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{server.address}/ready/", timeout=5)
            return
        time.sleep(0.2)
    raise SystemExit(f"The server did not start:\n{server.log.read_text()}")
