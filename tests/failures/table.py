"""The figures that were kept, and the table of ``docs/reliability.md`` that is made from them."""

import json
import os
import platform
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT, PAGE = ROOT / "docs" / "reliability.json", ROOT / "docs" / "reliability.md"
_BEGIN, _END = "<!-- figures: python -m tests.failures --table -->", "<!-- /figures -->"
_ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Skipped(Exception):
    """This machine does not permit it; the words say what."""


def machine() -> str:
    """Processor, cores and kernel."""
    found = re.search(r"model name\s*: (.+)", _read("/proc/cpuinfo"))
    return f"{found[1] if found else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}"


def _read(path: str) -> str:
    file = Path(path)
    return file.read_text() if file.exists() else ""


def keep(file: Path, figure: dict[str, Any]) -> None:
    """Puts a figure beside the others; it takes the place of an earlier one of the same failure and engine."""
    figures = [f for f in _figures(file) if (f["name"], f["engine"]) != (figure["name"], figure["engine"])]
    file.write_text(json.dumps([*figures, figure], indent=1, ensure_ascii=False) + "\n")


def _figures(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text()) if file.exists() else []
    return found


def as_markdown(figures: list[dict[str, Any]]) -> str:
    """One row a failure and engine."""
    rows = [
        "| failure | engine | runs | facts acknowledged | lost | unsound | what else was seen | date | command |",
        "|---|---|---:|---:|---:|---:|---|---|---|",
    ]
    for f in sorted(figures, key=lambda f: (f["failure"], f["engine"])):
        seen = "; ".join(
            [*(f"{name}: {_plain(value)}" for name, value in f["more"].items()), *(f"**{w}**" for w in f["wrong"])]
        )
        rows.append(
            f"| {f['failure']} | {_ENGINES[f['engine']]} | {f['runs']:,} | {f['acknowledged']:,} | {f['lost']} |"
            f" {f['unsound']} | {seen} | {f['date']} | `{f['command']}` |"
        )
    machines = "; ".join(sorted({f["machine"] for f in figures}))
    return "\n".join([*rows, "", f"Machine: {machines}."])


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {n}" for name, n in value.items())
    return str(value)


def rewrite(page: Path = PAGE, kept: Path = KEPT) -> None:
    """Puts the table of the kept figures into the page, between its marks."""
    text = page.read_text()
    before, _, rest = text.partition(_BEGIN)
    _, mark, after = rest.partition(_END)
    assert mark, f"{page} has no place for the figures."
    page.write_text(f"{before}{_BEGIN}\n{as_markdown(_figures(kept))}\n{_END}{after}")
