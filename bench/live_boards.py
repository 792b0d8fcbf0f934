"""Many open boards and the people who move leads, as their browsers would ask: the driver of `bench/live.py`.

A process of its own that knows no Django, so that what it costs is not counted as the server's. In: one line of JSON
on stdin (`Plan`); out: one line of JSON with what was seen in each phase. Each request is a connection of its own.
"""

import asyncio
import gzip
import json
import os
import random
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

TICK = os.sysconf("SC_CLK_TCK")
_LIVE = re.compile(r'id="live" hx-get="([^"]+)" hx-trigger="every (\d+)ms')
_CARD = re.compile(r'id="lead-(\d+)" data-version="(\d+)"')
_COLUMN = re.compile(r'hx-target="#column-(\w+)"')
_OPEN = "NEW:25,CONTACTING:25,QUALIFIED:25,COMMITTED:25,IN_CONTRACT:25"
#: The round that a lead goes, with what its form says.
ROUND: dict[str, tuple[str, dict[str, str]]] = {
    "COMMITTED": ("IN_CONTRACT", {}),
    "IN_CONTRACT": ("QUALIFIED", {"reason": "appraisal_low", "note": "Came in below the price."}),
    "QUALIFIED": ("COMMITTED", {"document": "agreement.pdf"}),
}
#: With hints a board looks at most once a second, a little later or earlier, and by itself at every fourth tick.
GAP, LATER, BY_ITSELF = 1.0, 0.3, 15.0


@dataclass(slots=True)
class Move:
    lead: int
    version: int
    to: str
    person: str
    sent: float
    answered: float


@dataclass(slots=True)
class Seen:
    """What happened in one phase."""

    polls: int = 0
    empty: int = 0
    failed: int = 0
    bytes: int = 0
    lost: int = 0
    late: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    moves: int = 0
    refused: int = 0
    moving: list[float] = field(default_factory=list)


class World:
    """The server, its clock, and the phase that is counted now."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.port: int = plan["port"]
        self.hints: bool = plan["hints"]
        self.seen = Seen()
        self.on = True

    async def open(self, head: str, body: str = "") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"{head}Host: localhost\r\nConnection: close\r\n\r\n{body}".encode())
        return reader, writer

    async def ask(self, head: str, body: str = "") -> tuple[int, str, int]:
        """Status, text, bytes of a whole answer; status 0 where there was none."""
        try:
            reader, writer = await self.open(head, body)
            raw = await asyncio.wait_for(reader.read(-1), 15)
            writer.close()
        except (OSError, TimeoutError):
            return 0, "", 0
        top, _, rest = raw.partition(b"\r\n\r\n")
        if not top:
            return 0, "", 0
        text = gzip.decompress(rest) if b"Content-Encoding: gzip" in top else rest
        return int(top.split(b" ", 2)[1]), text.decode(), len(raw)


class Board:
    """One open board of one person."""

    def __init__(self, world: World, person: str, session: str, sees_all: bool) -> None:
        self.world, self.person, self.sees_all = world, person, sees_all
        secret = "live" * 8
        self.cookie = f"Cookie: hindsight_session={session}; hindsight_csrf={secret}\r\n"
        self.head = (
            f"{self.cookie}Accept-Encoding: gzip\r\nHX-Request: true\r\nX-CSRFToken: {secret}\r\n"
            f"HX-Current-URL: http://localhost/\r\n"
        )
        self.url, self.every = "", 4.0
        self.versions: dict[int, int] = {}
        self.drawn: dict[str, float] = {}
        self.pending: list[Move] = []
        self.hinted = asyncio.Event()
        self.connected = False

    async def load(self) -> None:
        status, text, _ = await self.world.ask(f"GET / HTTP/1.1\r\n{self.cookie}Accept-Encoding: gzip\r\n")
        assert status == 200, (status, text[:300])
        self.read(text)

    def read(self, text: str) -> None:
        live = _LIVE.search(text)
        if live:
            self.url, self.every = live[1].replace("&amp;", "&"), int(live[2]) / 1000
        for lead, version in _CARD.findall(text):
            self.versions[int(lead)] = max(int(version), self.versions.get(int(lead), 0))

    def expect(self, move: Move) -> None:
        """A colleague's browser was told that this move is saved."""
        if not self.sees_all and move.person != self.person:
            return
        if self.versions.get(move.lead, 0) >= move.version:
            self.world.seen.late.append(0.0)
        else:
            self.pending.append(move)

    async def look(self) -> None:
        seen, begun = self.world.seen, time.monotonic()
        status, text, size = await self.world.ask(f"GET {self.url}&shown={_OPEN} HTTP/1.1\r\n{self.head}")
        now = time.monotonic()
        seen.polls += 1
        seen.bytes += size
        seen.empty += status == 204
        seen.failed += status not in (200, 204)
        seen.waited.append(now - begun)
        if status == 200:
            self.read(text)
            columns = set(_COLUMN.findall(text))
            self.drawn |= dict.fromkeys(columns, now)
        if status in (200, 204):
            self.pending = [m for m in self.pending if not self._has(m, begun, now, status == 204)]

    def _has(self, move: Move, begun: float, now: float, nothing_new: bool) -> bool:
        late = self.world.seen.late
        drawn = self.drawn.get(move.to, 0)
        if self.versions.get(move.lead, 0) >= move.version or (begun >= move.answered and drawn == now):
            late.append(now - move.answered)
        elif begun < move.answered or (self.world.hints and not nothing_new):
            # With hints an answer may be that of a board which looked a moment earlier; the rest comes with the next.
            return False
        elif drawn >= move.sent:
            # The column came with an answer that overtook the mover's own; the card is below the first 25 by now.
            late.append(max(drawn - move.answered, 0))
        else:
            self.world.seen.lost += 1
        return True

    async def live(self) -> None:
        """Looks as the page does, until the boards are closed."""
        looked = time.monotonic()
        await asyncio.sleep(random.random() * self.every)
        while self.world.on:
            hinted = False
            try:
                await asyncio.wait_for(self.hinted.wait(), self.every)
                hinted = True
            except TimeoutError:
                pass
            now = time.monotonic()
            if hinted:
                await asyncio.sleep(max(looked + GAP - now, 0) + random.random() * LATER)
            elif self.connected and now - looked < BY_ITSELF:
                continue
            self.hinted.clear()
            looked = time.monotonic()
            await self.look()

    async def listen(self) -> None:
        """Waits for hints; a server that has no place for this board says so once."""
        while self.world.on:
            try:
                reader, writer = await self.world.open(
                    f"GET /board/hints/ HTTP/1.1\r\n{self.cookie}Accept: text/event-stream\r\n"
                )
                first = await reader.readline()
                if b" 200 " not in first:
                    writer.close()
                    return
                self.connected = True
                async for line in reader:
                    if line.startswith(b"data:"):
                        self.hinted.set()
                writer.close()
            except OSError:
                pass
            self.connected = False
            await asyncio.sleep(2 + random.random())


async def move_on(world: World, board: Board, lead: list[Any], boards: list[Board]) -> None:
    """One move by the form of the board. In: ``[lead, status, version]``, written to what is true afterwards."""
    number, status, version = lead
    to, said = ROUND[status]
    cursor = {k: v[0] for k, v in parse_qs(urlsplit(board.url).query).items()}
    form = {"to": to, "from": status, "version": str(version), "submitted": "1", "shown": _OPEN, **said, **cursor}
    body = "&".join(f"{k}={v.replace(' ', '+')}" for k, v in form.items())
    sent = time.monotonic()
    answer, text, _ = await world.ask(
        f"POST /leads/{number}/move/ HTTP/1.1\r\n{board.head}Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n",
        body,
    )
    now = time.monotonic()
    world.seen.moving.append(now - sent)
    if answer != 200:
        world.seen.refused += 1
        return
    board.read(text)
    lead[1:] = to, board.versions.get(number, version + 1)
    world.seen.moves += 1
    for other in boards:
        other.expect(Move(number, lead[2], to, board.person, sent, now))


async def moving(world: World, movers: list[tuple[Board, list[Any]]], boards: list[Board], a: float, s: float) -> None:
    """``a`` moves a second for ``s`` seconds, one person after the other; nobody waits for anybody's answer."""
    begun, tasks, busy = time.monotonic(), set(), set()
    for n in range(int(a * s)):
        await asyncio.sleep(max(begun + n / a - time.monotonic(), 0))
        board, leads = movers[n % len(movers)]
        lead = leads[n // len(movers) % len(leads)]
        if lead[0] in busy:
            continue
        busy.add(lead[0])
        task = asyncio.create_task(move_on(world, board, lead, boards))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        task.add_done_callback(lambda _, number=lead[0]: busy.discard(number))
    await asyncio.gather(*tasks)


def cpu(group: int, children_of: int) -> tuple[float, float]:
    """Seconds of processor used so far: by a process group, and by a process with its children, living and dead."""
    server = database = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        words = rest.split()
        own = (int(words[11]) + int(words[12])) / TICK
        if int(words[2]) == group:
            server += own + (int(words[13]) + int(words[14])) / TICK * (int(stat.parent.name) == group)
        elif children_of and children_of in (int(words[1]), int(stat.parent.name)):
            dead = (int(words[13]) + int(words[14])) / TICK * (int(stat.parent.name) == children_of)
            database += own + dead
    return server, database


async def drive(plan: dict[str, Any]) -> dict[str, Any]:
    """Opens the boards, then the phases: idle, moves with the boards open, the same moves without."""
    world, out = World(plan), {}
    boards = [Board(world, *row) for row in plan["boards"]]
    movers = [(Board(world, person, session, False), leads) for person, session, leads in plan["movers"]]
    everybody = [*boards, *(board for board, _ in movers)]
    for n in range(0, len(everybody), 4):
        await asyncio.gather(*(b.load() for b in everybody[n : n + 4]))
    tasks = [asyncio.create_task(b.live()) for b in boards]
    if world.hints:
        tasks += [asyncio.create_task(b.listen()) for b in boards]

    async def rest() -> None:
        """Until the server has answered what it was asked before: what is left over belongs to no phase."""
        for _ in range(30):
            before = cpu(plan["group"], 0)[0]
            await asyncio.sleep(1)
            if cpu(plan["group"], 0)[0] - before < 0.05:
                return

    async def phase(name: str, work: Any) -> None:
        world.seen, begun = Seen(), time.monotonic()
        before = cpu(plan["group"], plan["postmaster"])
        await work
        after = cpu(plan["group"], plan["postmaster"])
        took = time.monotonic() - begun
        out[name] = {
            "server": after[0] - before[0],
            "database": after[1] - before[1],
            "seconds": took,
            "connected": sum(b.connected for b in boards),
            "polls": world.seen.polls,
            "empty": world.seen.empty,
            "bytes": world.seen.bytes,
            "seen": world.seen,
        }

    await asyncio.sleep(plan["warm"])
    await phase("idle", asyncio.sleep(plan["seconds"]))
    await phase("moves", moving(world, movers, boards, plan["a_second"], plan["seconds"]))
    # The last moves arrive; what they took belongs to the boards.
    for _ in range(40):
        if not any(b.pending for b in boards):
            break
        await asyncio.sleep(0.5)
    out["moves"]["seen"].lost += sum(len(b.pending) for b in boards)
    world.on = False
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await rest()
    await phase("alone", moving(world, movers, [], plan["a_second"], plan["seconds"]))
    return out


if __name__ == "__main__":
    done = asyncio.run(drive(json.loads(sys.stdin.readline())))
    print(json.dumps(done, default=lambda seen: {name: getattr(seen, name) for name in Seen.__slots__}))
