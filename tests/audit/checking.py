"""What a check is, and how it is carried out: on planted lines first, then on the product."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: A line of a file and what is wrong with it.
Hit = tuple[int, str]
Finder = Callable[[str], Iterable[Hit]]


@dataclass(frozen=True)
class Check:
    """One rule about text files.

    ``where`` are globs from the root of the product; ``planted`` are bad files, each of which must be found, and
    ``harmless`` are lines that look alike and must not be. ``allowed`` says which lines (file → a part of the line) are
    as they are for a reason.
    """

    name: str
    where: tuple[str, ...]
    find: Finder
    planted: tuple[str, ...]
    harmless: tuple[str, ...] = ()
    allowed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    leaves_out: tuple[str, ...] = ("migrations",)


@dataclass(frozen=True)
class Report:
    """What came of one check: how many files it read, and a sentence for each thing that is wrong."""

    name: str
    files: int
    wrong: list[str]


def files_of(check: Check, root: Path) -> list[Path]:
    """The files that a check reads."""
    found = {path for glob in check.where for path in root.glob(glob) if path.is_file()}
    return sorted(p for p in found if not set(check.leaves_out) & set(p.relative_to(root).parts))


def hits(check: Check, root: Path) -> Iterator[str]:
    """What a check finds below this folder, less what is allowed; an allowance that nothing needs is one more."""
    used = set()
    for path in files_of(check, root):
        name, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for number, said in check.find(text):
            line = lines[number - 1] if number <= len(lines) else ""
            excuse = next((part for part in check.allowed.get(name, ()) if part in line), None)
            if excuse is None:
                yield f"{name}:{number}: {said}: {line.strip()[:140]}"
            used.add((name, excuse))
    for name, parts in check.allowed.items():
        if (root / name).exists():
            yield from (
                f"{name}: nothing needs the allowance of {p!r} any more" for p in parts if (name, p) not in used
            )


def finds_what_is_planted(check: Check) -> list[str]:
    """Plants every bad line in a tree of its own, one at a time; out: what the check overlooked or saw where nothing
    was."""
    wrong = [] if check.planted else ["nothing is planted for this check"]
    place_of_it = check.where[0].replace("**/", "").replace("*", "planted")
    for text, bad in [*((t, True) for t in check.planted), *((t, False) for t in check.harmless)]:
        with tempfile.TemporaryDirectory() as tree:
            place = Path(tree) / place_of_it
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
            if bool(list(hits(check, Path(tree)))) is not bad:
                wrong.append(f"{'overlooks' if bad else 'objects to'} {text!r}")
    return wrong


def carry_out(check: Check, root: Path = ROOT) -> Report:
    """The whole check: what it overlooks, whether it read anything, what it found."""
    files = files_of(check, root)
    wrong = finds_what_is_planted(check)
    if not files:
        wrong.append("no file was read")
    return Report(check.name, len(files), [*wrong, *hits(check, root)])
