"""The processes of a contender: what to do comes on stdin, line by line in JSON, and the answers go out so.

    python bench/worker.py MODULE LEADS WRITERS

A line is [task, by how many of the writers, the task's arguments]. Each writer has its own leads: every WRITERS-th one
behind the raced ones. Database and settings are in the environment.
"""

import importlib
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.steps import CYCLE, RACED, Step, choose, illegal

#: What has no Django in it.
WITHOUT_DJANGO = (
    "bench.peers.raw_sqlite",
    "bench.peers.raw_psycopg",
    "bench.peers.event_sourcing",
    "bench.peers.event_sourcing_board",
)


class Worker:
    """In: the contender's module, how many leads there are, which of how many writers this is."""

    def __init__(self, module: Any, leads: int, number: int, of: int) -> None:
        self.module, self.leads = module, leads
        self.mine = range(RACED + 1 + number, leads + 1, of)
        self.done, self.chance = 0, random.Random(number)

    def prepare(self) -> dict[str, Any]:
        """Fills an empty database."""
        self.module.prepare(self.leads)
        return {"name": self.module.NAME}

    def begin(self) -> dict[str, Any]:
        """Connects and reads what a logged-in person has at hand."""
        self.module.begin(self.leads)
        return {"name": self.module.NAME}

    def moves(self, count: int, at: float) -> dict[str, Any]:
        """So many moves flat out, from a moment of the machine's monotonic clock on; seconds."""
        took, move, mine = [], self.module.move, self.mine
        _wait(at)
        cpu, begun = time.process_time(), time.monotonic()
        before = begun
        for n in range(self.done, self.done + count):
            step = CYCLE[n // len(mine) % len(CYCLE)]
            move(mine[n % len(mine)], lambda status, step=step: step)  # type: ignore[misc]
            after = time.monotonic()
            took.append(after - before)
            before = after
        self.done += count
        return {"begun": begun, "ended": before, "cpu": time.process_time() - cpu, "took": took}

    def race(self, seconds: float, at: float) -> dict[str, Any]:
        """Looks at one of the raced leads, takes a step that is legal from what was seen, again and again."""
        outcomes: Counter[str] = Counter()
        _wait(at)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            outcomes[self._attempt(self.chance.randint(1, RACED), lambda s: choose(s, self.chance))] += 1
        return dict(outcomes)

    def _attempt(self, number: int, pick: Callable[[str], Step]) -> str:
        try:
            return "done" if self.module.move(number, pick) else "refused"
        except Exception as fault:
            return f"error: {type(fault).__name__} {str(fault)[:80]}"

    def recorded(self) -> dict[str, Any]:
        """What the contender's own history says of the raced leads."""
        if not hasattr(self.module, "recorded"):
            return {"steps": None, "illegal": None}
        states = self.module.recorded()
        return {"steps": sum(len(s) - 1 for s in states), "illegal": sum(illegal(s) for s in states)}


def _wait(at: float) -> None:
    """Until a moment that is the same for every process of this machine."""
    time.sleep(max(at - time.monotonic(), 0))


def _serve(pipe: Connection, worker: Worker) -> None:
    """A process: one task after the other until the pipe is closed."""
    # The protocol has stdout to itself, whatever a library prints.
    sys.stdout = sys.stderr
    while True:
        try:
            task, wishes = pipe.recv()
        except EOFError:
            return
        pipe.send(getattr(worker, task)(**wishes))


def main() -> None:
    name, leads, of = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if name not in WITHOUT_DJANGO:
        import django

        django.setup()
    module = importlib.import_module(name)
    # Forked before anybody has connected: libraries are loaded once for all of them.
    fork, pipes = multiprocessing.get_context("fork"), []
    for number in range(of):
        near, far = fork.Pipe()
        fork.Process(target=_serve, args=(far, Worker(module, leads, number, of)), daemon=True).start()
        far.close()
        pipes.append(near)
    for line in sys.stdin:
        task, writers, wishes = json.loads(line)
        for pipe in pipes[:writers]:
            pipe.send((task, wishes))
        print(json.dumps([pipe.recv() for pipe in pipes[:writers]]), flush=True)


if __name__ == "__main__":
    main()
