"""What every benchmark says in the same words: one figure, with its target and what it is measured against.

A part of the benchmark is a module of this folder with ``run(options) -> list[Figure]``; `bench/all.py` runs the parts
and writes `bench/RESULTS.md`. A part run alone prints the same table.
"""

import argparse
import json
import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

#: Offices larger than this are filled on PostgreSQL alone.
LARGEST_FILL = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table.

    ``work`` what is done, ``engine`` SQLite or PostgreSQL ("" where neither), ``subject`` who does it (Hindsight, or
    the peer's name with its version), ``value`` with its ``unit`` (median of the rounds; "moves/s", "ms", "×" …).
    ``ratio`` is Hindsight against ``against``, above 1 where Hindsight is better, unless ``at_most`` is given: then it
    is a cost, and small is good. ``at_least`` / ``at_most`` is the target for ``ratio`` (for ``value`` where there is
    no ratio). ``note`` tells what a reader must know to believe the figure: rounds, spread, settings, the cause of a
    miss.
    """

    work: str
    engine: str
    subject: str
    value: float
    unit: str
    ratio: float | None = None
    against: str = ""
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        judged = self.value if self.ratio is None else self.ratio
        if self.at_least is not None:
            return judged >= self.at_least
        return judged <= self.at_most if self.at_most is not None else None


def interleaved(rounds: int, contenders: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Each contender once a round, the next round beginning with the next one; out: what each returned.

    A busy second of the machine then falls on all of them, and none always goes first.
    """
    measured: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for n in range(rounds):
        start = n % len(names)
        for name in names[start:] + names[:start]:
            measured[name].append(contenders[name]())
    return measured


def spread(values: Sequence[float]) -> str:
    """Median with the lowest and the highest, for a note."""
    return f"{statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table; a missed target says so."""
    lines = [
        "| work | engine | who | median | ratio | against | target | |",
        "|---|---|---|--:|--:|---|--:|---|",
    ]
    for f in figures:
        ratio = "" if f.ratio is None else f"{f.ratio:.2f}"
        target = f"≥ {f.at_least:g}" if f.at_least is not None else f"≤ {f.at_most:g}" if f.at_most is not None else ""
        met = {None: "", True: "met", False: "**missed**"}[f.met]
        said = "; ".join(part for part in (met, f.note) if part)
        value = f"{f.value:,.0f} {f.unit}" if f.value >= 100 else f"{f.value:.3g} {f.unit}"
        value = "" if math.isnan(f.value) else value
        lines.append(f"| {f.work} | {f.engine} | {f.subject} | {value} | {ratio} | {f.against} | {target} | {said} |")
    return "\n".join(lines)


def keep(figures: Sequence[Figure], file: Path) -> None:
    """Writes figures where `bench/all.py` finds them again."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(f) for f in figures], indent=1))


def kept(file: Path) -> list[Figure]:
    """Figures that `keep` wrote."""
    return [Figure(**row) for row in json.loads(file.read_text())]


def parser(about: str | None) -> argparse.ArgumentParser:
    """The options that every part has."""
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5, help="each contender so many times, interleaved")
    options.add_argument("--engine", choices=("sqlite", "postgresql"), help="this one alone")
    options.add_argument("--quick", action="store_true", help="small and short, to see that it runs; no figures")
    options.add_argument("--out", type=Path, help="also keep the figures in this file, for bench/all.py")
    return options


def show(run: Callable[[argparse.Namespace], list[Figure]], options: argparse.Namespace) -> None:
    """A part run alone: prints its table, and keeps the figures where the options say."""
    found = run(options)
    print(table(found))
    if options.out:
        keep(found, options.out)
