"""The server while its database is away, locked, or while it is itself begun anew: 503 and never 500, nothing lost."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Collection

from tests.failures.outcome import Outcome
from tests.failures.people import Answer, Crowd
from tests.failures.place import Place
from tests.failures.server import Server, serving

#: Times that the database goes away, and that the server is begun anew.
RUNS, PEOPLE = 5, 6
#: What people may be answered while the database is there.
_FINE = frozenset({200, 204, 404, 409, 422})
#: So many notes must come through before and after each failure.
SOME = 5


def away(place: Place, runs: int, *, people: int = PEOPLE, tell: Callable[[str], None] = print) -> Outcome:
    """PostgreSQL is stopped and started while people work."""
    found = Outcome("database stopped under the server", place.engine)
    recovered: list[float] = []
    with serving(place) as server:
        crowd = Crowd(place, server.address, people)
        try:
            for _ in range(runs):
                crowd.wait_for(SOME)
                place.server.stop()
                _wait_for_503(crowd)
                place.server.start()
                recovered.append(crowd.wait_for(SOME))
                found.runs += 1
                tell(f"  {statuses(crowd.answers())}, recovered within {recovered[-1]:.1f} s")
        finally:
            crowd.go_home()
        judge(found, crowd, server)
    found.add(place.office("check", str(place.folder)))
    found.more["seconds until five notes were saved again, at most"] = round(max(recovered), 1)
    return found


def locked(place: Place, runs: int, *, people: int = 3, tell: Callable[[str], None] = print) -> Outcome:
    """Another process holds SQLite's file for longer than anybody waits for it."""
    found = Outcome("file locked by another process", place.engine)
    with serving(place) as server:
        crowd = Crowd(place, server.address, people)
        try:
            for _ in range(runs):
                crowd.wait_for(SOME)
                other = sqlite3.connect(place.address.removeprefix("sqlite:///"), timeout=60, isolation_level=None)
                other.execute("BEGIN EXCLUSIVE")
                _wait_for_503(crowd)
                other.execute("ROLLBACK")
                other.close()
                crowd.wait_for(SOME)
                found.runs += 1
                tell(f"  {statuses(crowd.answers())}")
        finally:
            crowd.go_home()
        judge(found, crowd, server)
    found.add(place.office("check", str(place.folder)))
    return found


def begun_anew(
    place: Place, runs: int, *, people: int = PEOPLE, reload: bool = True, tell: Callable[[str], None] = print
) -> Outcome:
    """The server itself gets HUP (if ``reload``), then TERM and is begun again, while people work."""
    found = Outcome("server restarted (HUP, TERM)", place.engine)
    silent: Counter[str] = Counter()
    with serving(place) as server:
        crowd = Crowd(place, server.address, people)
        try:
            for _ in range(runs):
                crowd.wait_for(SOME)
                if reload:
                    silent["no answer at HUP"] += _reloaded(server, crowd)
                seen = len(crowd.answers())
                server.end()
                server.start()
                crowd.wait_for(SOME)
                silent["no answer at TERM"] += sum(a.status == 0 for a in crowd.answers()[seen:])
                found.runs += 1
                tell(f"  {statuses(crowd.answers())}")
        finally:
            crowd.go_home()
        judge(found, crowd, server, may_be_silent=True)
    found.add(place.office("check", str(place.folder)))
    found.more |= dict(silent)
    return found


def _reloaded(server: Server, crowd: Crowd) -> int:
    """Lets every worker be replaced; out: how many requests got no answer meanwhile."""
    seen, boots = len(crowd.answers()), server.boots()
    server.hang_up()
    until(lambda: server.boots() >= boots + 2)
    crowd.wait_for(SOME)
    return sum(a.status == 0 for a in crowd.answers()[seen:])


def _wait_for_503(crowd: Crowd) -> None:
    begun = time.monotonic()
    until(lambda: any(a.status == 503 and a.at > begun for a in crowd.answers()))


def until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("What was waited for did not come.")
        time.sleep(0.05)


def statuses(answers: list[Answer]) -> str:
    return ", ".join(f"{n} × {status or 'none'}" for status, n in sorted(Counter(a.status for a in answers).items()))


def judge(
    found: Outcome, crowd: Crowd, server: Server, *, may_be_silent: bool = False, also: Collection[int] = ()
) -> None:
    """Every answer is right or a 503 that says when to come back; the log of the server tells of no fault.

    ``also``: other answers that are right here.
    """
    answers, fine = crowd.answers(), {*_FINE, 503, *also}
    wrong = [a for a in answers if a.status not in fine and (a.status or not may_be_silent)]
    hasty = [a for a in answers if a.status in (503, 507) and not a.retry_after]
    found.wrong += [f"{a.what}: {a.status or 'no answer'} after {a.took:.1f} s" for a in wrong[:3]]
    found.wrong += [f"{a.what}: {a.status} without Retry-After" for a in hasty[:1]]
    found.wrong += server.faults()[:2]
    away = [a.took for a in answers if a.status == 503]
    found.more |= {"answers": statuses(answers), "slowest 503 (s)": round(max(away, default=0), 1)}
