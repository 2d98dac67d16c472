"""Writes the golden frames: `python -m tests.contract.write_golden` after a change of the frames that is meant."""

import json
from pathlib import Path
from typing import Any

import orjson

from server.model import View
from server.ticker.epoch import Epoch
from server.ticker.stream import Stream
from server.ticker.timeline import Timeline
from simulation.inputs import OfficeChanged, SlotsChanged
from tests.contract.plays import HZ, PLAYS, Play

GOLDEN = Path(__file__).parent / "golden"


def messages(play: Play) -> list[dict[str, Any]]:
    """What a viewer of the whole play receives: a keyframe, then diffs; and the state it ends with."""
    epoch, stream = begun(play)
    sent = [orjson.loads(stream.keyframe())]
    while (tick := next_tick(play, epoch)) is not None:
        sent += [orjson.loads(diff) for _, diff in epoch.step(tick, play.inputs.get(tick, []))]
    return [*sent, {"state": stream.current().state}]


def begun(play: Play) -> tuple[Epoch, Stream]:
    """The office as a ticker holds it, and the stream of who sees all of it."""
    first = play.first
    facts = [OfficeChanged(name=first.name, tier=first.tier), SlotsChanged(slots=first.slots)]
    epoch = Epoch(
        office=first.office,
        number=1,
        timeline=Timeline(base_ms=first.base_ms, start_ms=0, hz=first.hz),
        facts=[*facts, *play.inputs.get(0, [])],
    )
    return epoch, epoch.open(View.FULL)


def next_tick(play: Play, epoch: Epoch) -> int | None:
    """The next tick at which something is told or due by itself, while the play is watched."""
    ahead = [epoch.due_tick, *(told for told in play.inputs if told > epoch.tick)]
    return min((tick for tick in ahead if tick is not None and tick <= play.seconds * HZ), default=None)


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
