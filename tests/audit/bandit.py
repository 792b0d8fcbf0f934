"""bandit over the product (`[tool.bandit]` in pyproject.toml), with what it finds and what is as it is for a reason."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.audit.checking import ROOT, Report

FOLDERS = ("crm", "leads", "lifecycle")

#: Rule → where (a file or a folder with its stroke) → why. Whatever bandit says elsewhere is a fault.
KNOWN: dict[str, dict[str, str]] = {
    "B105": {
        "crm/settings.py": "The name of a class that makes keys.",
        "leads/demo/office.py": "The demo says its password: a demo that nobody can open shows nothing.",
        "leads/management/commands/seed_demo.py": "A sentence about the demo's password.",
    },
    "B308": {"leads/board/markup.py": "A card escapes every part where it is written."},
    "B703": {
        "leads/board/markup.py": "A card escapes every part where it is written.",
        "leads/board/picture.py": "Cards, one after the other.",
    },
    "B311": {
        "leads/demo/": "The demo is invented, and always the same.",
        "leads/board/hints.py": "So that browsers do not ask in step.",
        "leads/pages/answers.py": "So that browsers do not ask in step.",
    },
    "B405": {"leads/imports/reading/parts.py": "The name of an error; what is read is read by defusedxml."},
    "B608": {
        "lifecycle/": "Names of tables and columns; tests/test_statements.py watches that nothing sent gets into one.",
        "leads/reports/facts.py": "The name of the log's table; the values are parameters.",
    },
    "B611": {
        "leads/changes/tally.py": "The statement of another query, with its parameters.",
        "leads/pages/reports/": "The statement of another query, with its parameters.",
        "leads/reports/": "The statement of another query, with its parameters.",
    },
}

#: A bad line of every kind that must be found wherever it stands.
PLANTED = """
import hashlib
import pickle
import subprocess
import tempfile

from django.utils.safestring import mark_safe


def bad(x):
    eval(x)
    pickle.loads(x)
    subprocess.run(x, shell=True)
    hashlib.md5(x)
    tempfile.mktemp()
    cursor.execute("SELECT * FROM t WHERE a = '%s'" % x)
    return mark_safe(x)
"""
MUST_FIND = {"B301", "B306", "B307", "B324", "B602", "B608", "B308"}


def run(root: Path, *folders: str) -> dict[str, Any]:
    """What bandit says of these folders, as it says it."""
    done = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-c", str(ROOT / "pyproject.toml"), "-f", "json", "-r", *folders],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"bandit did not run: {done.stderr[-500:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _unknown(found: dict[str, Any]) -> Iterator[str]:
    yield from (f"{broken['filename']}: {broken['reason']}" for broken in found["errors"])
    used = set()
    for one in found["results"]:
        name = one["filename"].removeprefix("./")
        place = next(
            (p for p in KNOWN.get(one["test_id"], {}) if name == p or (p[-1] == "/" and name.startswith(p))), ""
        )
        if not place:
            yield f"{name}:{one['line_number']}: {one['test_id']} {one['issue_text']}"
        used.add((one["test_id"], place))
    for rule, places in KNOWN.items():
        yield from (
            f"{rule}: nothing in {place} needs its excuse any more" for place in places if (rule, place) not in used
        )


def carry_out() -> Report:
    """bandit finds what is planted, reads every file of the product, and says nothing that we do not know."""
    with tempfile.TemporaryDirectory() as tree:
        folder = Path(tree) / "leads" / "demo"
        folder.mkdir(parents=True)
        (folder / "planted.py").write_text(PLANTED)
        seen = {one["test_id"] for one in run(Path(tree), "leads")["results"]}
    wrong = [f"overlooks {rule}" for rule in sorted(MUST_FIND - seen)]
    found = run(ROOT, *FOLDERS)
    read = {name.removeprefix("./") for name in found["metrics"] if name != "_totals"}
    there = {
        path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    }
    wrong += [f"{name} was not read" for name in sorted(there - read)]
    if not read:
        wrong.append("no file was read")
    return Report("bandit", len(read), [*wrong, *_unknown(found)])
