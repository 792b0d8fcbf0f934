"""A server whose clock is an hour behind, then a day ahead, then right again."""

from collections.abc import Callable
from typing import Any

from tests.failures.clock import DAY, HOUR, VARIABLE
from tests.failures.outcome import Outcome
from tests.failures.place import Place


def run(place: Place, *, tell: Callable[[str], None] = print) -> Outcome:
    """Facts, pages and Scribe's round by each clock. What the wrong day did stays in the log; it is counted here."""
    found = Outcome("clock an hour back, a day ahead", place.engine, runs=3)
    place.collect()
    # One of these would be archived in twelve hours, the other in three days.
    soon, later = place.office("waiting", "0.5")["leads"]
    for name, seconds in (("an hour back", -HOUR), ("a day ahead", DAY), ("right again", 0)):
        seen = _by(place, seconds)
        found.more[f"run_due, {name}"] = seen["due"] or "nothing"
        if seen["backward"]:
            found.wrong.append(f"{name}: recorded_at went backward {seen['backward']} times")
        found.wrong += [f"{name}: {path} answered {status}" for path, status in seen["pages"].items() if status >= 500]
        tell(f"  {name}: {found.more[f'run_due, {name}']}")
        status = place.office("statuses")["statuses"]
        if (status[str(soon)] == "ARCHIVED") != (seconds != -HOUR) or status[str(later)] == "ARCHIVED":
            found.wrong.append(f"{name}: {status[str(soon)]} twelve hours and {status[str(later)]} three days early")
    found.add(place.office("check", str(place.folder)))
    return found


def _by(place: Place, seconds: int) -> dict[str, Any]:
    clock = {VARIABLE: str(seconds)}
    due = place.office("due", **clock)
    appended = place.office("append", **clock)
    return {
        "due": {name: n for name, n in due.items() if n},
        "backward": appended["backward"],
        "pages": place.office("pages", **clock)["statuses"],
    }
