"""Courses of frames for the tests of recordings: what the stream of each view says while a random history is lived."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import json_merge_patch
import orjson
from hypothesis import settings

from server.model import View
from server.routes.office import canonical
from server.ticker.stream import Stream
from server.ticker.timeline import Timeline
from simulation.patch import diff
from simulation.snapshot import snapshot, snapshot_after
from tests.simulation.histories import BASE_MS, History, lived

HZ = 10
LINE = Timeline(base_ms=BASE_MS, start_ms=0, hz=HZ)
VIEWS = list(View)
settings.register_profile("recordings", max_examples=60, deadline=None, derandomize=True)
SETTINGS = settings.get_profile("recordings")


@dataclass
class Course:
    """The segments of a history in each view, cut after every `every` diffs of the full view, as live streams say them.

    `states` are what was shown from a moment on, whole; by the simulation, not from the frames.
    """

    segments: dict[View, list[list[bytes]]] = field(default_factory=lambda: {view: [] for view in VIEWS})
    states: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def end_ms(self) -> int:
        return self.states[-1][0]

    def live(self, now_ms: int) -> dict[str, Any]:
        """The state that was shown at a moment."""
        return [state for since_ms, state in self.states if since_ms <= now_ms][-1]


def course(history: History, every: int = 10) -> Course:
    """Live through a history with a stream for each view."""
    told = Course()
    streams: dict[View, Stream] = {}
    world = None
    state: dict[str, Any] = {}
    for after, _ in lived(history):
        shown = snapshot(after) if world is None else snapshot_after(world, state, after)
        patch = diff(state, shown)
        world, state = after, shown
        told.states.append((after.now_ms, shown))
        if not streams or (patch and len(told.segments[View.FULL][-1]) > every):
            seq = streams[View.FULL].seq + 1 if streams else 0
            streams = {view: begun(view, seq, after.tick, shown) for view in VIEWS}
            for view, stream in streams.items():
                told.segments[view].append([stream.keyframe()])
            continue
        for view, stream in streams.items():
            if patch and (frame := stream.step(after.tick, shown, patch)) is not None:
                told.segments[view][-1].append(frame)
    return told


def begun(view: View, seq: int, tick: int, state: dict[str, Any]) -> Stream:
    return Stream(office="o", view=view, epoch=1, seq=seq, timeline=LINE, tick=tick, state=state)


def replayed(lines: Sequence[bytes]) -> Iterator[dict[str, Any]]:
    """The states after each line, by a stock library for RFC 7396."""
    state: Any = None
    for line in lines:
        message = orjson.loads(line)
        if message["type"] == "keyframe":
            state = message["state"]
        else:
            state = json_merge_patch.merge(orjson.loads(orjson.dumps(state)), message["patch"])
        yield orjson.loads(orjson.dumps(state))


def digest(state: dict[str, Any]) -> str:
    """How the office's entity tag is made."""
    return hashlib.sha256(canonical(state)).hexdigest()
