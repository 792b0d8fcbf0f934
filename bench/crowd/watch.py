"""What the load costs: processor time and memory of server, database and driver, and open connections, once a second.

Reads /proc, so it runs on Linux only.
"""

import contextlib
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and all that it has started, those that they started included."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(child) for child in task.read_text().split()]
    return found


def seconds(pid: int) -> float:
    """Processor seconds of a process and its family, of those that have ended as well."""
    ticks = 0
    for one in family(pid):
        with contextlib.suppress(OSError):
            values = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            # Of its own (user, system), and of the children that it has buried.
            ticks += sum(int(value) for value in values[11:15])
    return ticks / _TICKS


def megabytes(pid: int) -> float:
    """Memory of a process and its family, what they share divided among those who share it."""
    kilobytes = 0
    for one in family(pid):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return kilobytes / 1024


@dataclass(slots=True)
class Watch:
    """In: the processes to watch by name, an open psycopg connection or None. Out: what was seen, once a second."""

    pids: dict[str, int]
    database: Any = None
    memory: list[float] = field(default_factory=list)
    connections: list[int] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=dict)
    took: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __enter__(self) -> "Watch":
        self.spent = {name: -seconds(pid) for name, pid in self.pids.items()}
        self.took = -time.monotonic()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self.took += time.monotonic()
        for name, pid in self.pids.items():
            self.spent[name] += seconds(pid)

    def cores(self, name: str) -> float:
        """How many cores that family kept busy on average."""
        return self.spent[name] / self.took

    def _look(self) -> None:
        while not self._over.wait(1):
            self.memory.append(megabytes(self.pids["server"]))
            if self.database is not None:
                # All but the one that asks.
                asked = self.database.execute(
                    "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
                )
                self.connections.append(asked.fetchone()[0])
