"""Mutation testing of `lifecycle/`: `python -m tests.mutants --sample 250 --seed 1`.

mutmut (https://mutmut.readthedocs.io) makes some 17,000 small faults and knows which tests pass each of them; trying
them all takes days. So a sample is drawn, the same one for the same seed, and the share that is found is told with the
interval in which the share of all of them lies (Wilson, 95 %). What survives the tests of rules, log and reads
(`[tool.mutmut]` in pyproject.toml) is shown to the tests of the pages that need it as well.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from math import sqrt
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE = ROOT / "mutants"
#: Tests of pages and commands, by the beginning of the names that they look after.
BESIDE = {
    "lifecycle.damage": ("tests/failures/test_damage.py", "tests/failures/test_poisoned.py"),
    "lifecycle.history": ("tests/test_lead_page.py", "tests/test_past_*.py", "tests/test_consent_*.py",
                          "tests/test_changes_page.py", "tests/test_custody_*.py", "tests/test_provenance.py"),
    "lifecycle.imported": ("tests/test_import*.py",),
    "lifecycle.models": ("tests/test_admin.py", "tests/test_reassign.py"),
    "lifecycle.proof": ("tests/test_notes.py", "tests/test_checkpoints.py", "tests/test_auditors_pack.py",
                        "tests/test_integrity_page.py"),
    "lifecycle.reports": ("tests/test_report_*.py", "tests/test_query_counts_flat.py"),
    "lifecycle.service": ("tests/test_bulk_service.py", "tests/test_import*.py", "tests/test_reassign.py",
                          "tests/test_move_pages.py",
                          "tests/test_erasure_page.py", "tests/test_races.py", "tests/test_running.py"),
    "lifecycle.timeline": ("tests/test_lead_page.py", "tests/test_spoken_rules.py"),
    "lifecycle": ("tests/test_board*.py", "tests/test_cards.py", "tests/test_move_pages.py", "tests/test_help.py",
                  "tests/test_seed_demo.py", "tests/test_spoken_rules.py", "tests/test_migrations.py"),
}  # fmt: skip
#: What pytest's and the system's exit codes say; mutmut writes 33 where no test passes the place.
SAID = {0: "survived", 1: "killed", 2: "killed", 3: "killed", 33: "no test", 5: "no test"}
_SQL = re.compile(r"\b(SELECT|FROM|WHERE|AND|CASE|WHEN|THEN|COALESCE|OVER|JOIN|GROUP BY|ORDER BY|UNION|VALUES|IN|IS)\b")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=250, help="how many of them are tried")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--workers", type=int, default=1, help="how many at a time")
    parser.add_argument("--only", default="lifecycle", help="those whose name begins like this")
    parser.add_argument("--again", action="store_true", help="only what is left of a run with the same sample")
    parser.add_argument("--out", type=Path, help="keep names and outcomes here")
    options = parser.parse_args()
    if not MADE.exists():
        _mutmut("lifecycle.states.*", workers=options.workers)
    names = sorted(name for name in _outcomes() if name.startswith(options.only))
    drawn = random.Random(options.seed).sample(names, min(options.sample, len(names)))
    if not options.again:
        _mutmut(*drawn, workers=options.workers)
    outcomes = _outcomes()
    found = {name: _said(outcomes[name]) for name in drawn}
    for name in sorted(name for name, said in found.items() if said in ("survived", "no test")):
        found[name] = _again(name) or found[name]
    if options.out:
        options.out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    for name in sorted(name for name, said in found.items() if said in ("survived", "no test", "not run")):
        print(f"{found[name]}: {name}")
    print(summary(len(names), Counter(found.values())))
    return 0


def _said(code: int | None) -> str:
    return "not run" if code is None else SAID.get(code, "timed out")


def _again(name: str) -> str:
    """What is to be said of a mutant that the first tests let live."""
    if _same_sql(name):
        return "the same SQL"
    patterns = [pattern for start, tests in BESIDE.items() if name.startswith(start) for pattern in tests]
    files = tuple(sorted({str(file.relative_to(MADE)) for pattern in patterns for file in MADE.glob(pattern)}))
    healthy, failing = _beside("", files)
    if not healthy:
        # Tests that fail without any fault say nothing of one.
        files = (*files, *(f"--deselect={test}" for test in failing))
    return "" if _beside(name, files)[0] else "killed on pages"


@cache
def _beside(name: str, words: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
    """Whether these tests pass with this mutant, ``""`` for none of them; and those that do not."""
    first = ("-x",) if name else ()
    asked = [sys.executable, "-m", "pytest", "-q", *first, "-m", "not browser", "-p", "tests.mutants.plugin", *words]
    away = {"TEST_ENGINE": "sqlite", "MUTANT_UNDER_TEST": name}
    done = subprocess.run(asked, cwd=MADE, env={**os.environ, **away}, capture_output=True, text=True, check=False)
    return done.returncode == 0, tuple(re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.M))


def _same_sql(name: str) -> bool:
    """Whether nothing but the case of letters was changed, in a piece of SQL, where it means nothing."""
    asked = [sys.executable, "-m", "mutmut", "show", name]
    shown = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    before, after = (re.findall(rf"^\{sign}(?!\{sign}{{2}})(.*)", shown, re.M) for sign in "-+")
    return [line.casefold() for line in before] == [line.casefold() for line in after] and any(map(_SQL.search, before))


def summary(of: int, counted: "Counter[str]") -> str:
    """One sentence with the share that was found (a mutant that runs for ever counts as found) and its interval. What
    says the same in SQL is no fault, and does not count."""
    tried = counted.total() - counted["the same SQL"]
    share = (counted["killed"] + counted["killed on pages"] + counted["timed out"]) / tried
    z = 1.96
    middle = (share + z * z / (2 * tried)) / (1 + z * z / tried)
    half = z / (1 + z * z / tried) * sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    parts = ", ".join(f"{count} {said}" for said, count in counted.most_common())
    within = f"{middle - half:.1%} to {middle + half:.1%} of all of them"
    return f"{counted.total()} of {of:,} mutants: {parts}; {share:.1%} found ({within})"


def _mutmut(*names: str, workers: int) -> None:
    words = [sys.executable, "-m", "mutmut", "run", "--max-children", str(workers), *names]
    subprocess.run(words, cwd=ROOT, env={**os.environ, "TEST_ENGINE": "sqlite"}, check=False)


def _outcomes() -> dict[str, int | None]:
    kept: dict[str, int | None] = {}
    for file in MADE.glob("lifecycle/**/*.meta"):
        kept |= json.loads(file.read_text())["exit_code_by_key"]
    return kept


if __name__ == "__main__":
    sys.exit(main())
