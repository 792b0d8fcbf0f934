"""The virtual environment of what the benchmarks need beyond the product: peers, the driver of the load test."""

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"


def program(name: str) -> Path:
    """A program of that environment, which is made, or made anew, when a list of requirements is new or has changed."""
    lists = sorted([*HERE.glob("*requirements.txt"), *HERE.glob("*/*requirements.txt")])
    digest, stamp = hashlib.sha256(b"".join(file.read_bytes() for file in lists)).hexdigest(), VENV / ".made-of"
    if not stamp.exists() or stamp.read_text() != digest:
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        wanted = [word for file in lists for word in ("--requirement", str(file))]
        subprocess.run([VENV / "bin" / "python", "-m", "pip", "install", "--quiet", "--quiet", *wanted], check=True)
        stamp.write_text(digest)
    return VENV / "bin" / name
