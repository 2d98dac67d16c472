"""Writes the golden frames: `python -m tests.contract.write_golden` after a change of the frames that is meant."""

import json
from pathlib import Path
from typing import Any

from simulation.frames import Stream, follow
from simulation.snapshot import snapshot, snapshot_after
from simulation.tick import advance, due
from tests.contract.plays import HZ, PLAYS, Play

GOLDEN = Path(__file__).parent / "golden"


def messages(play: Play) -> list[dict[str, Any]]:
    """What a viewer of the whole play receives: a keyframe, then diffs."""
    world = play.first
    state = snapshot(world)
    stream: Stream | None = None
    sent = []
    tick: int | None = 0
    while tick is not None:
        after = advance(world, tick, play.inputs.get(tick, []))
        state = snapshot_after(world, state, after)
        world = after
        stream, frame = follow(stream, epoch=1, tick=tick, now_ms=world.now_ms, state=state)
        if frame is not None:
            sent.append(frame.message())
        ahead = [due(world), *(told for told in play.inputs if told > tick)]
        tick = min(
            (next_ for next_ in ahead if next_ is not None and next_ <= play.seconds * HZ), default=None
        )
    return [*sent, {"state": state}]


def golden(play: Play) -> str:
    """The text of one file: an object whose every message stands on a line of its own."""
    keyframe, *diffs, final = messages(play)
    lines = ",\n  ".join(compact(diff) for diff in diffs)
    return (
        f'{{"name": {compact(play.name)},\n "office": {compact(play.first.office)},\n'
        f' "keyframe": {compact(keyframe)},\n "diffs": [\n  {lines}\n ],\n "final": {compact(final["state"])}}}\n'
    )


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    for make in PLAYS:
        play = make()
        (GOLDEN / f"{play.name}.json").write_text(golden(play), encoding="utf-8")


if __name__ == "__main__":
    main()
