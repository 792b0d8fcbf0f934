"""Hints for open boards: "look now", and never what there is to see.

A board asks for news every few seconds, whatever happens here. Where the server has places for it, a board is also
connected to this process and told when a fact has come that its viewer may see, so that it looks at once and otherwise
seldom. Each connection holds a thread of the server, which is why places are counted: who finds none goes on asking.

One thread a process looks at the end of the log while somebody is connected; it holds one database connection.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

from django.db import connection

from ..models import User
from .log_end import LogEnd, Reach

logger = logging.getLogger(__name__)

#: Seconds between two looks at the end of the log.
LOOK_EVERY = 0.25
#: A board is not told more often than this, however much happens.
GAP = 1.0
#: A sign of life this often; the page takes a connection that says nothing for broken (board-hints.js).
SIGN_EVERY = 10.0
#: A connection ends by itself after so long, a little earlier or later, and the page makes another one.
LASTS = (240.0, 360.0)
#: Who is still here, and what they may see, is asked this often.
PEOPLE_EVERY = 5.0
#: A place whose connection was never begun, or not continued for so long, is free again.
FORGOTTEN = 60.0
#: After a fault of the database the next look waits so long.
AFTER_A_FAULT = 5.0

LOOK = b"data: look\n\n"
SIGN = b"event: here\ndata: .\n\n"


@dataclass(eq=False, slots=True)
class Place:
    """One connected board. ``is_new``: it has not been told anything; ``over``: its connection is to end."""

    viewer: int
    sees_all: bool
    wake: Event = field(default_factory=Event)
    is_new: bool = True
    over: bool = False
    seen: float = field(default_factory=time.monotonic)

    def end(self) -> None:
        self.over = True
        self.wake.set()


class Hints:
    """The connected boards of this process, and the thread that wakes them."""

    def __init__(self) -> None:
        self._places: set[Place] = set()
        self._lock = Lock()
        self._watches = False
        self._thread: Thread | None = None
        #: Whether this process is about to end; the server's configuration says how to know.
        self.is_ending: Callable[[], bool] = lambda: False

    def connect(self, viewer: User, places: int) -> "Stream | None":
        """A connection for a board of `viewer`; None when all of so many places are taken."""
        place = Place(viewer.pk, viewer.is_broker)
        with self._lock:
            if len(self._places) >= places or self.is_ending():
                return None
            if not self._watches:
                self._thread = Thread(target=self._watch, name="board-hints", daemon=True)
                self._thread.start()
                self._watches = True
            self._places.add(place)
        return Stream(self, place)

    def leave(self, place: Place) -> None:
        with self._lock:
            self._places.discard(place)

    @property
    def taken(self) -> int:
        """How many boards are connected."""
        return len(self._places)

    def wait(self) -> None:
        """Until nobody looks at the log any more."""
        if self._thread is not None:
            self._thread.join()

    # ---- the thread that looks

    def _watch(self) -> None:
        log, people_at = LogEnd(), time.monotonic() + PEOPLE_EVERY
        try:
            while self._goes_on():
                pause = LOOK_EVERY
                try:
                    self.tell(log.look())
                    if time.monotonic() >= people_at:
                        self.see_who_is_here()
                        people_at = time.monotonic() + PEOPLE_EVERY
                except Exception as error:
                    # Boards look by themselves meanwhile. The class only: the words may carry names.
                    logger.warning("hints for boards: the log cannot be read (%s)", type(error).__name__)
                    connection.close()
                    pause = AFTER_A_FAULT
                time.sleep(pause)
        finally:
            connection.close()

    def _goes_on(self) -> bool:
        """Whether somebody is connected; who was forgotten is not, and nobody is once the process ends."""
        ending, now = self.is_ending(), time.monotonic()
        with self._lock:
            for place in self._places:
                if ending:
                    place.end()
            self._places -= {place for place in self._places if now - place.seen > FORGOTTEN}
            self._watches = bool(self._places) and not ending
            return self._watches

    def tell(self, reach: Reach) -> None:
        """Wakes the boards that what came may concern, and those that are new: their page is older than this look."""
        with self._lock:
            for place in self._places:
                if place.is_new or reach.everybody or place.viewer in reach.people or (reach.any and place.sees_all):
                    place.is_new = False
                    place.wake.set()

    def see_who_is_here(self) -> None:
        """Ends the connections of who was deactivated, whose board then asks and is refused; follows a new role."""
        with self._lock:
            wanted = {place.viewer for place in self._places}
        rows = User.objects.filter(pk__in=wanted, is_active=True).only("role", "is_superuser")
        here = {user.pk: user.is_broker for user in rows}
        with self._lock:
            for place in self._places:
                if place.viewer in here:
                    place.sees_all = here[place.viewer]
                elif place.viewer in wanted:
                    place.end()


class Stream:
    """What one connection sends (text/event-stream). Closing it, or its end, gives the place back."""

    def __init__(self, hints: Hints, place: Place) -> None:
        self._hints, self._place = hints, place
        self._parts = self._say()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            part = next(self._parts)
        except BaseException:
            self.close()
            raise
        self._place.seen = time.monotonic()
        return part

    def close(self) -> None:
        # A generator that was never begun would not run its own end.
        self._hints.leave(self._place)

    def _say(self) -> Iterator[bytes]:
        place, told = self._place, 0.0
        ends = time.monotonic() + random.uniform(*LASTS)
        # When the server restarts, the boards come back one after the other.
        yield b"retry: %d\n\n" % random.randint(2000, 5000)
        while time.monotonic() < ends:
            woken = place.wake.wait(SIGN_EVERY)
            if woken:
                # What comes while this waits is said with the same word.
                time.sleep(max(told + GAP - time.monotonic(), 0))
                place.wake.clear()
            if place.over:
                return
            if woken:
                told = time.monotonic()
            yield LOOK if woken else SIGN


#: One for the process: its connections are threads of it.
hints = Hints()
