"""A restore drill: a copy is taken while people write, put into an empty database, and must be the office again."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from tests.failures.outcome import Outcome
from tests.failures.place import Place, ending

#: Takes a copy under a name and restores it; out: its address.
Way = Callable[[Place, str], str]
RUNS, WRITERS, LEAST = 3, 3, 40


def run(
    place: Place, runs: int, *, writers: int = WRITERS, least: int = LEAST, most_ways: int = 9,
    tell: Callable[[str], None] = print,
) -> Outcome:  # fmt: skip
    """So many copies by each way that the docs name, each restored and looked through."""
    found = Outcome("restore drill", place.engine)
    ways = SQLITE if place.engine == "sqlite" else POSTGRESQL
    for n in range(runs):
        for name, take in list(ways.items())[:most_ways]:
            _once(place, f"{name}-{n}", take, found, writers, least)
            found.runs += 1
            tell(f"  {name}: {found.acknowledged} acknowledged, {found.lost} lost")
    found.more["ways"] = ", ".join(ways)
    return found


def _once(place: Place, name: str, take: Way, found: Outcome, writers: int, least: int) -> None:
    said = place.folder / f"before-{name}"
    said.mkdir()
    with ending([place.writer() for _ in range(writers)]) as crew:
        for writer in crew:
            writer.wait_for(least)
        # What was acknowledged when the copy was begun has to be in it.
        for file in place.folder.glob("acknowledged-*"):
            if not file.suffix:
                shutil.copy(file, said)
        # While everybody writes: what the copy holds beyond the seal is simply newer.
        place.sealed(said / "sealed.txt")
        restored = place.at(take(place, name))
        for writer in crew:
            writer.ask_to_end()
            writer.ended()
    found.add(restored.office("check", str(said)))
    found.wrong += _judge(restored, said / "sealed.txt")


def _judge(restored: Place, seal: Path) -> list[str]:
    """What is wrong with a restored office: its guards, what it counts, its being written to, what it was sealed as."""
    wrong = []
    if changed := _attacked(restored):
        wrong.append(f"after the restore nothing refuses: {changed}")
    appended = restored.office("append")
    if appended["grown"] != appended["leads"] - len(appended["refused"]):
        wrong.append(f"{appended['grown']} notes on {appended['leads']} leads after the restore")
    done = restored.manage("verify_log", "--against", str(seal))
    if done.returncode:
        wrong.append(f"verify_log exits {done.returncode}: {(done.stdout + done.stderr)[-300:]}")
    return wrong


_ATTACKS = (
    "UPDATE lifecycle_leadevent SET reason = 'outbid'",
    "DELETE FROM lifecycle_leadevent",
    "UPDATE leads_lead SET status = 'CLOSED'",
)


def _attacked(restored: Place) -> list[str]:
    """The statements that the guards of the copy let through."""
    return [sql for sql in _ATTACKS if _goes_through(restored, sql)]


def _goes_through(restored: Place, sql: str) -> bool:
    import psycopg

    try:
        if restored.engine == "sqlite":
            with sqlite3.connect(restored.address.removeprefix("sqlite:///"), timeout=60) as connection:
                connection.execute(sql)
        else:
            with psycopg.connect(restored.address) as server:
                server.execute(sql.encode())
    except (sqlite3.IntegrityError, psycopg.IntegrityError):
        return False
    return True


# ---- the ways of the docs


def _backup(place: Place, name: str) -> str:
    """SQLite's online copy: what `.backup` of its shell does."""
    copy = place.folder / f"{name}.sqlite3"
    with sqlite3.connect(place.address.removeprefix("sqlite:///")) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    return f"sqlite:///{copy}"


def _vacuum(place: Place, name: str) -> str:
    copy = place.folder / f"{name}.sqlite3"
    with sqlite3.connect(place.address.removeprefix("sqlite:///"), timeout=60) as source:
        source.execute("VACUUM INTO ?", [str(copy)])
    return f"sqlite:///{copy}"


def _dump(place: Place, name: str) -> str:
    folder = _writable(place, f"dump-{name}")
    file = str(folder / "office.dump")
    place.server.run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={place.address}")
    target = place.server.database(f"restored_{name.replace('-', '_')}")
    place.server.run("pg_restore", "--exit-on-error", f"--dbname={target}", file)
    return target


def _writable(place: Place, name: str) -> Path:
    """A folder that the server's own programs may write to."""
    folder = place.folder / name
    folder.mkdir()
    if place.server.owner:
        shutil.chown(folder, place.server.owner)
    return folder


SQLITE: dict[str, Way] = {"backup": _backup, "VACUUM INTO": _vacuum}
POSTGRESQL: dict[str, Way] = {"pg_dump": _dump}
