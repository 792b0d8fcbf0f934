"""Mutation testing of `lifecycle/`: `python -m tests.mutants --sample 250 --seed 1`.

mutmut (https://mutmut.readthedocs.io) makes some 17,000 small faults and knows which tests pass each of them; trying
them all takes days. So a sample is drawn, the same one for the same seed, and the share that is found is told with the
interval in which the share of all of them lies (Wilson, 95 %). mutmut runs the tests on SQLite (`[tool.mutmut]` in
pyproject.toml says which); what lives there, and lies where PostgreSQL is spoken to, is tried on PostgreSQL as well.
"""

import argparse
import ast
import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MADE = ROOT / "mutants"
#: What speaks of places that no test on SQLite passes.
ON_POSTGRESQL_ALONE = (
    "tests/test_guards.py",
    "tests/test_append_statements.py",
    "tests/test_drift.py",
    "tests/test_horizon.py",
    "tests/test_import_history.py",
    "tests/test_report_first_response.py",
    "tests/test_tally.py",
    "tests/test_withdrawing.py",
)
#: What pytest's and the system's exit codes say; mutmut writes 33 where no test passes the place, and 255 where its
#: worker went down at the end, which many do after a test that failed in the middle.
SAID = {0: "survived", 1: "killed", 2: "killed", 3: "killed", 33: "no test", 5: "no test", 255: "unclear"}
LEFT = ("survived", "no test")
#: Seconds for the tests of one mutant, where they are run apart.
PATIENCE = 1200
_SQL = re.compile(
    r"\b(SELECT|FROM|WHERE|AND|AS|CASE|WHEN|THEN|ELSE|END|COALESCE|OVER|JOIN|GROUP BY|ORDER BY|UNION|VALUES|IN|IS|WITH"
    r"|LIMIT)\b|\b(event|lead|stay|near|entry|board|one)\.\w+ AS \w+"
)
#: What makes a place one of PostgreSQL's own, or does more there.
_ELSEWHERE = re.compile("postgresql|lock|horizon")
#: What somebody reads is no SQL, in whatever it stands.
_READ = re.compile(r"\b_(refuse|never|guard)\(")


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
    with ThreadPoolExecutor(options.workers) as pool:
        unclear = sorted(name for name, said in found.items() if said == "unclear")
        found |= zip(unclear, pool.map(_plainly, unclear), strict=True)
        left = sorted(name for name, said in found.items() if said in LEFT)
        found |= {name: said for name, said in zip(left, pool.map(_again, left), strict=True) if said}
    if options.out:
        options.out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    for name in sorted(name for name, said in found.items() if said in (*LEFT, "unclear", "not run")):
        print(f"{found[name]}: {name}")
    print(summary(len(names), Counter(found.values())))
    return 0


def _said(code: int | None) -> str:
    return "not run" if code is None else SAID.get(code, "timed out")


def _plainly(name: str) -> str:
    """What pytest alone says of a mutant, on SQLite."""
    return _tried(name, "sqlite", _tests(name), "-p", "tests.mutants.plugin")


def _again(name: str) -> str:
    """What else is to be said of a mutant that lived on SQLite; ``""`` for nothing."""
    if _same_sql(name):
        return "the same SQL"
    tests = _tests(name)
    if tests and not _ELSEWHERE.search(_source(name) + name):
        return ""
    there = [test for test in tests or ON_POSTGRESQL_ALONE if (MADE / test.partition("::")[0]).exists()]
    if _tried(name, "postgresql", there) != "killed":
        return ""
    # Tests that fail without any fault say nothing of one.
    return "killed on PostgreSQL" if _tried("", "postgresql", there) == "survived" else "unclear"


def _tests(name: str) -> list[str]:
    """The tests that pass the place, the quick ones first."""
    tests = _stats()["tests_by_mangled_function_name"].get(name.rpartition("__mutmut_")[0], [])
    return sorted(tests, key=lambda test: _stats()["duration_by_test"].get(test, 0))


def _tried(name: str, engine: str, tests: list[str], *more: str) -> str:
    asked = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not browser", "-p", "no:cacheprovider", *more, *tests]
    away = {"TEST_ENGINE": engine, "MUTANT_UNDER_TEST": name}
    try:
        done = subprocess.run(
            asked, cwd=MADE, env={**os.environ, **away}, capture_output=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return "timed out"
    return {0: "survived", 1: "killed"}.get(done.returncode, "unclear")


@cache
def _stats() -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = json.loads((MADE / "mutmut-stats.json").read_text())
    return told


def _source(name: str) -> str:
    """The text of the function that the mutant is one of, without its faults."""
    place = name.rpartition("__mutmut_")[0]
    module, _, function = place.rpartition(".")
    wanted = function.removeprefix("x").replace("ǁ", ".").removeprefix("_").removeprefix(".")
    path = ROOT / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = file.read_text()
    return next((ast.get_source_segment(text, f) or "" for n, f in _functions(ast.parse(text)) if n == wanted), "")


def _functions(module: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{f.name}", f) for f in node.body if isinstance(f, ast.FunctionDef))


def _same_sql(name: str) -> bool:
    """Whether nothing but the case of letters was changed, in a piece of SQL, where it means nothing."""
    asked = [sys.executable, "-m", "mutmut", "show", name]
    shown = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    before, after = (re.findall(rf"^\{sign}(?!\{sign}{{2}})(.*)", shown, re.M) for sign in "-+")
    sql = any(map(_SQL.search, before)) and not any(map(_READ.search, before))
    return sql and list(map(_without_case, before)) == list(map(_without_case, after))


def _without_case(line: str) -> str:
    """The line in small letters, but for what stands in quotes of SQL."""
    return "".join(part if part.startswith("'") else part.casefold() for part in re.split(r"('[^']*')", line))


def summary(of: int, counted: "Counter[str]") -> str:
    """One sentence with the share that was found (a mutant that runs for ever counts as found) and its interval. What
    says the same in SQL is no fault, and does not count."""
    tried = counted.total() - counted["the same SQL"]
    share = (counted["killed"] + counted["killed on PostgreSQL"] + counted["timed out"]) / tried
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
