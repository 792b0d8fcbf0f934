"""Checkpoints as files: written where nobody changes them, read again to compare the log with them."""

import os
from pathlib import Path

from lifecycle.models import Checkpoint
from lifecycle.proof.against import Held
from lifecycle.proof.notes import NotACheckpoint

#: A checkpoint has a few hundred bytes; what is larger is something else.
_MOST_BYTES = 10_000


class Unreadable(Exception):
    """There is no checkpoint at that place; says why."""


def file_name(checkpoint: Checkpoint) -> str:
    """``checkpoint-000012.txt``."""
    return f"checkpoint-{checkpoint.number:06}.txt"


def write(checkpoint: Checkpoint, out: Path) -> Path:
    """Writes it to a file, or into a folder under its own name; out: where. Overwrites nothing: raises ``OSError``."""
    file = out / file_name(checkpoint) if out.is_dir() else out
    if file.exists() and file.read_bytes() == checkpoint.note.encode():
        return file
    # Whole or not at all: a half one would look as if somebody had cut it.
    half = file.with_name(f".{file.name}.{os.getpid()}")
    half.write_bytes(checkpoint.note.encode())
    try:
        os.link(half, file)
    finally:
        half.unlink()
    return file


def read(places: list[str]) -> list[Held]:
    """The checkpoints in these files and folders. Raises ``Unreadable`` for a place without one."""
    files: list[Path] = []
    for place in map(Path, places):
        inside = sorted(place.glob("*.txt")) if place.is_dir() else [place]
        if not inside:
            raise Unreadable(f"There is no checkpoint in {place}: none of its files ends in .txt.")
        files += inside
    return [_read(file) for file in files]


def _read(file: Path) -> Held:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise NotACheckpoint("It is far too long for a checkpoint.")
        return Held.read(file.name, file.read_bytes().decode())
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error.strerror}.") from None
    except (NotACheckpoint, UnicodeDecodeError) as wrong:
        sentence = wrong if isinstance(wrong, NotACheckpoint) else "It is no text."
        raise Unreadable(f"{file}: {sentence}") from None
