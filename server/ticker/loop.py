"""Where real time meets the simulation: one timer for the process, and a heap of the offices that are due.

Only an office with a stream ticks. A stream runs from its first viewer until 60 s after its last (a single reading
counts as a viewer that left at once, and who holds an office as one of its `full` stream); then its ring is dropped
and the next stream of that view in the same epoch begins at seq + 1. When its last stream has ended the office sleeps
and is forgotten here; waking it builds the world anew from the facts, with a new base and epoch + 1, and every view's
seq begins at 0: nobody can hold anything of the new epoch. The same happens awake when an office is more than 10 ticks
behind or 2 s off the wall clock.

Order at a beginning: the epoch is raised in the store, then the facts are awaited. In the very step in which they
arrive, without another await, what the inbox had kept is dropped (it is in the facts) and it listens on: facts and
inbox together are complete, and nothing is in both.
"""

import asyncio

import structlog

from server.bus.contract import Bus
from server.clock import Clock, Timer
from server.model import View
from server.ticker.agenda import Agenda
from server.ticker.contract import Facts, RaiseEpoch, Sink
from server.ticker.epoch import Epoch
from server.ticker.inputs import Inbox
from server.ticker.messages import Keyframe
from server.ticker.office import Office
from server.ticker.pace import Pace, TickerFigures
from server.ticker.stream import Stream
from server.ticker.timeline import Timeline

log = structlog.get_logger(__name__)

retry_ms = 1_000
"""How long after a tick or a rebuild that failed a rebuild is tried."""
fire_ms_max = 20
"""After so long the offices that are due wait until whatever else the event loop has to do was done once."""


class Ticker:
    """Ticks the offices that this process owns. All but the marked calls return at once, on the event loop."""

    def __init__(
        self, *, clock: Clock, bus: Bus, hz: int, facts: Facts, raise_epoch: RaiseEpoch, sink: Sink
    ) -> None:
        self._clock = clock
        self._bus = bus
        self._hz = hz
        self._facts = facts
        self._raise_epoch = raise_epoch
        self._sink = sink
        self._offices: dict[str, Office] = {}
        self._beginning: dict[str, asyncio.Task[None]] = {}
        self._agenda = Agenda()
        self._pace = Pace()
        self._timer: Timer | None = None
        self._timer_ms = 0

    async def awake(self, name: str) -> None:
        """Wake an office, if it sleeps; it stays awake for a minute at least. One that is out of time is rebuilt.

        Raises whatever the facts or the epoch raise: NotFoundError when there is no such office.
        """
        office = self._offices.get(name)
        if office is None:
            office = self._offices[name] = self._new(name)
            self._begin(office)
        elif name not in self._beginning and office.late(self._clock.monotonic_ms(), self._clock.now_ms()):
            self._begin(office)
        if name in self._beginning:
            await asyncio.shield(self._beginning[name])

    def join(self, name: str, view: View) -> Stream:
        """One viewer more, on an office that is awake: to be called in the same step in which `awake` returned."""
        stream = self._offices[name].watch(view, self._clock.monotonic_ms())
        self._put(self._offices[name])
        return stream

    def leave(self, name: str, view: View) -> None:
        """One viewer less."""
        office = self._offices.get(name)
        if office is not None:
            office.leave(view, self._clock.monotonic_ms())
            self._put(office)

    async def hold(self, name: str) -> Stream:
        """Wake an office and keep it awake; its `full` stream, in the step in which it is awake.

        As a viewer would, but told no time. An office is held once, however often it is asked for. Raises as `awake`.
        """
        await self.awake(name)
        stream = self._offices[name].hold()
        self._put(self._offices[name])
        return stream

    def release(self, name: str) -> None:
        """Hold an office no longer; harmless when it is not held."""
        office = self._offices.get(name)
        if office is not None and office.epoch is not None:
            office.release(self._clock.monotonic_ms())
            self._put(office)

    async def dismiss(self, name: str) -> None:
        """Forget an office at once, as it is about to be deleted; whoever still watched it hears no more of it."""
        if name in self._beginning:
            await asyncio.wait([self._beginning[name]])
        office = self._offices.get(name)
        if office is not None:
            self._forget(office)

    async def keyframe(self, name: str, view: View) -> Keyframe:
        """What a view shows of an office now; wakes it. Raises as `awake`."""
        await self.awake(name)
        current = self._offices[name].peek(view, self._clock.monotonic_ms()).current()
        self._put(self._offices[name])
        return current

    def figures(self) -> TickerFigures:
        """What was done so far, and how many offices are awake."""
        return self._pace.figures(offices=len(self._offices))

    async def settled(self) -> None:
        """Return when no office is waking or being rebuilt."""
        while self._beginning:
            await asyncio.wait([*self._beginning.values()])

    async def stop(self) -> None:
        """End all ticking; nothing is delivered afterwards."""
        if self._timer is not None:
            self._timer.cancel()
        tasks = [*self._beginning.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for office in [*self._offices.values()]:
            self._forget(office)

    def _new(self, name: str) -> Office:
        return Office(name, Inbox(self._bus, name, lambda: self._arrived(name)), self._pace)

    def _forget(self, office: Office) -> None:
        office.inbox.close()
        self._agenda.drop(office.name)
        self._offices.pop(office.name, None)

    def _arrived(self, name: str) -> None:
        due_ms = self._offices[name].arrived(self._clock.monotonic_ms())
        if due_ms is not None and name not in self._beginning:
            self._agenda.put(name, due_ms)
            self._arm()

    def _begin(self, office: Office) -> None:
        self._agenda.drop(office.name)
        task = asyncio.create_task(self._build(office))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._beginning[office.name] = task

    async def _build(self, office: Office) -> None:
        try:
            await self._build_epoch(office)
        except Exception:
            if office.epoch is None:
                self._forget(office)
                raise
            log.exception("an office could not be rebuilt", office=office.name)
            office.rebuild_ms = self._clock.monotonic_ms() + retry_ms
        finally:
            del self._beginning[office.name]
        self._put(office)

    async def _build_epoch(self, office: Office) -> None:
        number = await self._raise_epoch(office.name)
        facts = await self._facts(office.name)
        # No await from here on: see the order at the top.
        now_ms = self._clock.monotonic_ms()
        timeline = Timeline(base_ms=self._clock.now_ms(), start_ms=now_ms, hz=self._hz)
        before = None if office.epoch is None else office.epoch.world
        self._pace.epochs += 1
        self._pace.rebuilds += before is not None
        epoch = Epoch(office=office.name, number=number, timeline=timeline, facts=facts, before=before)
        office.inbox.open()
        for stream in office.begin(epoch, now_ms):
            self._sink.renew(stream)

    def _put(self, office: Office) -> None:
        self._note(office)
        self._arm()

    def _note(self, office: Office) -> None:
        due_ms = None if office.name in self._beginning else office.due_ms()
        if due_ms is not None:
            self._agenda.put(office.name, due_ms)

    def _arm(self) -> None:
        next_ms = self._agenda.next_ms()
        if self._timer is not None and (next_ms is None or next_ms < self._timer_ms):
            self._timer.cancel()
            self._timer = None
        if self._timer is None and next_ms is not None:
            self._timer_ms = next_ms
            self._timer = self._clock.call_later(next_ms - self._clock.monotonic_ms(), self._fire)

    def _fire(self) -> None:
        self._timer = None
        now_ms = begun_ms = self._clock.monotonic_ms()
        while now_ms - begun_ms < fire_ms_max and (name := self._agenda.take(now_ms)) is not None:
            if name not in self._beginning:
                self._serve(self._offices[name], now_ms)
            now_ms = self._clock.monotonic_ms()
        self._arm()

    def _serve(self, office: Office, now_ms: int) -> None:
        """Do what is due in one office. A failure is a defect of that office's world, and the others go on."""
        try:
            office.close_left(now_ms)
            if office.sleepy(now_ms):
                self._forget(office)
            elif office.late(now_ms, self._clock.now_ms()):
                self._begin(office)
            else:
                self._tick(office, now_ms)
                self._note(office)
        except Exception:
            log.exception("a tick failed", office=office.name)
            office.rebuild_ms = now_ms + retry_ms
            self._note(office)

    def _tick(self, office: Office, now_ms: int) -> None:
        if office.rebuild_ms is not None:
            return
        diffs = office.tick(now_ms)
        self._pace.diffs += len(diffs)
        for stream, diff in diffs:
            self._sink.deliver(stream, diff)
        for stream in office.silent(now_ms):
            self._sink.tell(stream, stream.clock(now_ms))
