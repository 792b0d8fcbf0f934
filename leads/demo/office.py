"""The invented office: its name, its zone, its hours, the eight people who work there and the one who left."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OFFICE_NAME = "Lake & Larkin Realty"
OFFICE_ZONE = "America/Los_Angeles"
PASSWORD = "hindsight-demo"  # printed by the command; a demo that nobody can open shows nothing

#: Everything lies inside these days before the end, which is always inside nine calendar months.
SPAN = timedelta(days=272)
OLDEST_DAY = 270


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of the office. ``habit`` is for the reader of this file: why their leads look as they do.

    ``left``: so many days before the end they left; 0: they are there.
    """

    login: str
    display_name: str
    role: str
    habit: str = ""
    left: int = 0

    @property
    def first(self) -> str:
        return self.display_name.split()[0]


STAFF: tuple[Staff, ...] = (
    Staff("bruna", "Bruna Teixeira", "broker", "hands leads around, voids late, reads the reports"),
    Staff("otto", "Otto Lindqvist", "admin", "keeps people, reason codes and settings"),
    Staff("ana", "Ana Morales", "agent", "steady; Oakland hills and Alameda; Spanish"),
    Staff("ben", "Ben Adeyemi", "agent", "first-time buyers; three financing collapses this quarter"),
    Staff("chloe", "Chloe Tran", "agent", "Alameda and San Leandro; quick; Vietnamese"),
    Staff("darnell", "Darnell Brooks", "agent", "good in person, answers late"),
    Staff("mei", "Mei Zhou", "agent", "Fremont and Union City; Mandarin"),
    Staff("ryan", "Ryan Castellano", "agent", "Contra Costa; many leads, thin notes on none of them"),
    Staff("nadia", "Nadia Kessler", "agent", "shared Contra Costa with Ryan until she moved away", left=84),
)
BY_LOGIN = {person.login: person for person in STAFF}
BROKER, ADMIN, GONE = "bruna", "otto", "nadia"
#: Those who work today.
AGENTS = tuple(person.login for person in STAFF if person.role == "agent" and not person.left)

#: Minutes until the first call: (usual low, usual high, share that comes too late).
ANSWERS = {
    "ana": (1.2, 4.6, 0.12),
    "ben": (1.0, 4.8, 0.14),
    "chloe": (0.7, 3.9, 0.06),
    "darnell": (2.5, 4.9, 0.78),
    "mei": (1.1, 4.4, 0.12),
    "ryan": (1.5, 4.9, 0.16),
}

_OPEN, _CLOSE = time(8, 40), time(18, 30)
_SUNDAY_OPEN, _SUNDAY_CLOSE = time(10, 0), time(16, 30)


class Calendar:
    """Turns "so many days before the end" into moments when this office works.

    Day 0 is the last day with at least three hours of work behind it, so that a demo seeded at six in the morning
    does not claim that anybody was at work at five.
    """

    def __init__(self, end: datetime) -> None:
        self.end = end
        self.zone = ZoneInfo(OFFICE_ZONE)
        self.last_day = end.astimezone(self.zone).date()
        opened, closed = self.hours(0)
        if closed - opened < timedelta(hours=3):
            self.last_day -= timedelta(days=1)

    def day(self, days_ago: int) -> date:
        return self.last_day - timedelta(days=days_ago)

    def hours(self, days_ago: int) -> tuple[datetime, datetime]:
        """The office hours of a day, cut an hour before the end on the last one."""
        day = self.day(days_ago)
        sunday = day.weekday() == 6
        opened = datetime.combine(day, _SUNDAY_OPEN if sunday else _OPEN, self.zone)
        closed = datetime.combine(day, _SUNDAY_CLOSE if sunday else _CLOSE, self.zone)
        return opened, max(opened, min(closed, self.end.astimezone(self.zone) - timedelta(hours=1)))

    def at(self, days_ago: int, share: float) -> datetime:
        """A moment of that day, ``share`` of the way from opening to closing."""
        opened, closed = self.hours(days_ago)
        return (opened + share * (closed - opened)).astimezone(UTC)

    def evening(self, days_ago: int, share: float) -> datetime:
        """After hours, between half past seven and eleven: when people look at houses on the sofa."""
        started = datetime.combine(self.day(days_ago), time(19, 30), self.zone)
        return (started + share * timedelta(hours=3.4)).astimezone(UTC)

    def clock(self, days_ago: int, hour: int, minute: int) -> datetime:
        return datetime.combine(self.day(days_ago), time(hour, minute), self.zone).astimezone(UTC)

    def days_into_quarter(self) -> int:
        """How many days of this quarter (the office's) lie behind the last day."""
        day = self.last_day
        return (day - date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)).days
