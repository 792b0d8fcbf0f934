"""The one command: every benchmark, part after part, one table, `bench/RESULTS.md`.

    python bench/all.py [--leads 100000] [--only moves,pages] [--continue] [--keep FOLDER] [--database URL] [--quick]

Each part (`PARTS`) is a process of its own and leaves its figures in `bench/out/<leads>/`. With ``--continue`` those
whose figures are there already are not run again; with ``--only`` these alone are run, and the table still shows all
kept figures, those of other sizes too. Filled databases go to a temporary folder, or stay in ``--keep`` and are found
again; with ``--database`` a filled one of your own is asked by the parts that only read; `bench/README.md` tells more.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import figures, machine  # noqa: E402

OUT = ROOT / "bench" / "out"
RESULTS = ROOT / "bench" / "RESULTS.md"
#: Why targets are missed, as far as it is known; kept by hand.
CAUSES = ROOT / "bench" / "MISSED.md"
#: Part (a module of this folder) and what its table is called. The quick ones first.
PARTS = {
    "moves": "A move against those who keep a history, and who keep none",
    "pages": "Pages in a small and in a large office",
    "as_of": "The board and a lead as of an instant, against a history table",
    "past": "A look at the past against now",
    "reports": "Reports against the board",
    "log": "The log as a whole: rebuilding, verifying, bringing in",
    "live": "Live boards",
    "load": "The real server under load",
    "imports": "An import while others work",
}
#: The parts that want a large office; the others know how large theirs has to be.
READERS = ("pages", "as_of", "past", "reports", "log", "imports")
RATIO = """The **ratio** is Hindsight against whom the next column names, medians of rounds that took turns in one run:
above 1 Hindsight is better, below 1 worse. Where the target is "≤" it is a cost (its time divided by theirs), and small
is good. A target without a ratio is for the median itself. A missed target stands there with its cause, as far as it
is known."""


def main() -> None:
    options = _options()
    chosen = options.only.split(",") if options.only else list(PARTS)
    if unknown := [part for part in chosen if part not in PARTS]:
        sys.exit(f"There is no part {unknown[0]}. Parts: {', '.join(PARTS)}.")
    out = OUT / ("quick" if options.quick else str(options.leads))
    with tempfile.TemporaryDirectory(prefix="hindsight-bench-") as folder:
        options.keep = (options.keep or Path(folder)).resolve()
        failed = [part for n, part in enumerate(chosen, 1) if not _done(part, n, len(chosen), out, options)]
    text = _results([out] if options.quick else _offices())
    print(text)
    if options.quick:
        print("Quick: to see that everything runs. These are no figures, and bench/RESULTS.md stays as it was.")
    else:
        RESULTS.write_text(text)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}. What it said is in {out}/<part>.log; go on with --continue.")


def _options() -> argparse.Namespace:
    options = figures.parser(__doc__)
    options.add_argument("--leads", type=int, default=100_000)
    options.add_argument("--only", help="these parts alone, between commas: " + ", ".join(PARTS))
    options.add_argument("--continue", action="store_true", dest="go_on", help="keep the figures that are there")
    options.add_argument("--keep", type=Path, help="folder in which filled databases stay and are found again")
    options.add_argument("--database", help="address of a filled database, for the parts that only read one")
    return options.parse_args()


def _done(part: str, place: int, of: int, out: Path, options: argparse.Namespace) -> bool:
    """Runs one part unless its figures are to be used again; out: whether there are figures now."""
    file = out / f"{part}.json"
    if options.go_on and file.exists():
        print(f"[{place}/{of}] {part}: kept from {_when(file)}", flush=True)
        return True
    script = ROOT / "bench" / f"{part}.py"
    if not script.exists():
        print(f"[{place}/{of}] {part}: there is no {script.name} here", flush=True)
        return False
    file.unlink(missing_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    print(f"[{place}/{of}] {part} …", end=" ", flush=True)
    begun, command = time.monotonic(), [sys.executable, str(script), *_passed_on(script, options), "--out", str(file)]
    with (out / f"{part}.log").open("w") as log:
        done = subprocess.run(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    took = (time.monotonic() - begun) / 60
    ended = done.returncode == 0 and file.exists()
    if ended:
        (out / f"{part}.command").write_text(" ".join(["python", f"bench/{part}.py", *command[2:-2]]))
    print(f"{'done' if ended else 'FAILED'} after {took:.1f} minutes", flush=True)
    return ended


def _passed_on(script: Path, options: argparse.Namespace) -> list[str]:
    """Of our options those that the part understands."""
    help_ = subprocess.run([sys.executable, str(script), "--help"], cwd=ROOT, capture_output=True, text=True).stdout
    wanted = {"--rounds": options.rounds, "--engine": options.engine, "--keep": options.keep}
    if script.stem in READERS:
        wanted |= {"--leads": options.leads, "--database": options.database}
        if options.leads > figures.LARGEST_FILL and not options.database:
            wanted["--engine"] = "postgresql"
    passed = [word for name, value in wanted.items() if value and name in help_ for word in (name, str(value))]
    return [*passed, "--quick"] if options.quick else passed


def _offices() -> list[Path]:
    """The folders of kept figures, the smallest office first."""
    return sorted((f for f in OUT.iterdir() if f.name.isdecimal()), key=lambda folder: int(folder.name))


def _results(folders: list[Path]) -> str:
    command = " ".join(["python", "bench/all.py", *sys.argv[1:]])
    lines = [
        "# What Hindsight costs", "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, last by `{command}`. How it is measured: [README.md](README.md).", "",
        machine.table(), "", RATIO, "",
    ]  # fmt: skip
    missed = 0
    for part, title in PARTS.items():
        files = [file for folder in folders if (file := folder / f"{part}.json").exists()]
        for file in files:
            # Only those that read an office depend on its size.
            large = f", {int(file.parent.name):,} leads" if part in READERS and file.parent.name.isdecimal() else ""
            found, asked = figures.kept(file), file.with_suffix(".command")
            missed += sum(figure.met is False for figure in found)
            told = asked.read_text() if asked.exists() else part
            lines += [f"## {title}{large}", "", f"{_when(file)}, `{told}`", "", figures.table(found), ""]
        if not files:
            lines += [f"## {title}", "", "Not measured yet.", ""]
    lines.insert(6, f"Targets missed: {missed}; [why](#why-some-targets-are-missed).")
    lines.insert(7, "")
    lines.append(CAUSES.read_text())
    return "\n".join(lines)


def _when(file: Path) -> str:
    return f"{datetime.fromtimestamp(file.stat().st_mtime, UTC):%Y-%m-%d %H:%M} UTC"


if __name__ == "__main__":
    main()
