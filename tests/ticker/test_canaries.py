"""What a lesser stream sends, byte for byte, through whole histories: nothing that its view may not tell."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.model import Role, View
from server.ticker.epoch import Epoch
from server.ticker.messages import Held
from server.ticker.stream import Stream
from server.ticker.timeline import Timeline
from simulation.inputs import BatchChanged, Ended, Input, OfficeChanged, SlotsChanged, Started
from tests.simulation.histories import BASE_MS, History

TITLE, NOTE, NAME, REASON = "canarytitle", "canarynote", "canaryname", "canaryreason"
EXECUTION, TASK = "canaryexec", "canarytask"
KEPT_FROM = {
    View.FIGURES: {TITLE, NOTE, NAME, REASON, EXECUTION, TASK},
    View.BATCHES: {TITLE, NOTE, REASON, EXECUTION, TASK},
    View.TITLES: {EXECUTION, TASK},
    View.FULL: set[str](),
}
ALL = KEPT_FROM[View.FIGURES]


def marked(new: Input) -> Input:
    """The same input with a canary in all that people wrote, and in every id that not everybody may know."""
    changes: dict[str, Any] = {}
    names = {field.name for field in fields(new)}
    if "execution" in names:
        changes["execution"] = f"{EXECUTION}{new.execution}"  # type: ignore[union-attr]
    if isinstance(new, Started):
        changes |= {"title": f"{TITLE} {new.title}", "task": f"{TASK}{new.task}"}
    if isinstance(new, BatchChanged):
        changes["name"] = f"{NAME} {new.name}"
    if isinstance(new, Ended) and new.reason is not None:
        changes["reason"] = REASON
    if "note" in names and new.note:  # type: ignore[union-attr]
        changes["note"] = f"{NOTE} {new.note}"  # type: ignore[union-attr]
    return replace(new, **changes)


class Audience:
    """A viewer for each view who is there from the beginning and keeps every byte, and one who comes back each time."""

    def __init__(self, epoch: Epoch) -> None:
        self.streams = {view: epoch.open(view) for view in View}
        self.heard = dict.fromkeys(View, b"")
        for view, stream in self.streams.items():
            self.hear(view, stream.hello(Role.GUEST, 0), *stream.catch_up(None))

    def hear(self, view: View, *messages: bytes) -> None:
        self.heard[view] += b"\n".join(messages) + b"\n"

    def tick(self, diffs: list[tuple[Stream, bytes]], now_ms: int) -> None:
        for stream, diff in diffs:
            self.hear(stream.view, diff)
        for view, stream in self.streams.items():
            held = Held(epoch=stream.epoch, view=view, seq=max(0, stream.seq - 3))
            self.hear(view, *stream.catch_up(held), stream.keyframe(), stream.clock(now_ms))


def watched(history: History) -> Audience:
    first = history.first()
    facts: list[Input] = [OfficeChanged(name="Acme", tier="pro"), SlotsChanged(slots=first.slots)]
    timeline = Timeline(base_ms=BASE_MS, start_ms=0, hz=10)
    epoch = Epoch(office=first.office, number=1, timeline=timeline, facts=facts)
    audience = Audience(epoch)
    for tick, inputs in told(history):
        while epoch.due_tick is not None and epoch.due_tick < tick:
            due = epoch.due_tick
            audience.tick(epoch.step(due, []), timeline.due_ms(due))
        audience.tick(epoch.step(tick, inputs), timeline.due_ms(tick))
    return audience


def told(history: History) -> Iterator[tuple[int, list[Input]]]:
    """What each tick is given: one later than in the history, which begins with tick 0."""
    for happening in history.happenings():
        yield (
            happening.tick + 1,
            [marked(new) for new in happening.inputs if not isinstance(new, OfficeChanged)],
        )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_no_message_of_a_stream_holds_what_its_view_may_not_tell(seed: int) -> None:
    audience = watched(History(seed=seed, length=30))
    for view, heard in audience.heard.items():
        assert [canary for canary in KEPT_FROM[view] if canary.encode() in heard] == [], f"seed {seed}"


def test_every_canary_would_be_heard_and_every_kind_of_message_is() -> None:
    """Else the test above could not fail."""
    heard = b"".join(watched(History(seed=seed, length=40)).heard[View.FULL] for seed in range(6))
    assert [canary for canary in ALL if canary.encode() not in heard] == []
    kinds = {orjson.loads(message)["type"] for message in heard.splitlines()}
    assert kinds == {"hello", "keyframe", "diff", "resumed", "clock"}


@pytest.mark.parametrize(
    ("view", "canary"),
    [(View.BATCHES, NAME), (View.TITLES, TITLE), (View.TITLES, NOTE), (View.TITLES, REASON)],
)
def test_what_a_view_may_tell_is_told(view: View, canary: str) -> None:
    heard = b"".join(watched(History(seed=seed, length=40)).heard[view] for seed in range(6))
    assert canary.encode() in heard
