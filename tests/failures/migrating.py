"""Migrations of a large log with somebody writing: how long a writer waits at most."""

import json
import subprocess
import sys
import time
from collections.abc import Callable

from tests.failures.outcome import Outcome
from tests.failures.place import ROOT, Place, ending

#: Target: with 10 M events no writer stalls for longer.
EVENTS, MOST_SECONDS = 10_000_000, 0.25
#: The migrations after this one are tried. Further back the writer, which is this release, would miss its columns.
BEFORE = ("lifecycle", "0006_reports")
_EVENTS_A_LEAD = 11


def run(place: Place, events: int, *, tell: Callable[[str], None] = print) -> Outcome:
    """Fills the office (0: it is filled) and lets the newest migrations run while somebody writes without pause."""
    found = Outcome("migration with a writer running", place.engine, runs=1)
    if events:
        tell(f"  filling {events:,} facts")
        words = [sys.executable, "bench/filling.py", str(max(1, events // _EVENTS_A_LEAD))]
        subprocess.run(words, cwd=ROOT, env=place.environment, check=True, stdout=subprocess.DEVNULL)
    _managed(place, "migrate", *BEFORE, "--skip-checks")
    with ending([place.writer(only="note")]) as (writer,):
        writer.wait_for(200)
        quiet = writer.lines
        begun, before = time.monotonic(), len(writer.lines)
        _managed(place, "migrate", "--skip-checks")
        took = time.monotonic() - begun
        during = _waits(writer.lines[before:])
        writer.wait_for(len(writer.lines) + 20)
        writer.ask_to_end()
        if writer.ended():
            found.wrong.append(writer.faults.read_text()[-500:])
    found.more = {
        "facts": place.office("counts")["rows"]["lifecycle_leadevent"], "migrated from": "/".join(BEFORE),
        "seconds of migrating": round(took, 1), "notes written meanwhile": len(during),
        "longest wait before (ms)": round(max(_waits(quiet)) * 1000),
        "longest wait meanwhile (ms)": round(max(during, default=took) * 1000),
    }  # fmt: skip
    if place.engine == "postgresql" and max(during, default=took) > MOST_SECONDS:
        found.wrong.append(f"a writer waited {max(during, default=took) * 1000:.0f} ms")
    found.add(place.office("check", str(place.folder)))
    return found


def _managed(place: Place, *words: str) -> None:
    done = place.manage(*words, "--verbosity", "0")
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{done.stderr[-3000:]}")


def _waits(lines: list[str]) -> list[float]:
    return [said["took"] for said in map(json.loads, lines) if "took" in said]
